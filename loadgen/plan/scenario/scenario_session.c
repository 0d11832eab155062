/* The session of a stream: `begin`, `steps` and `end`, and what counts for all of them. */
#include "scenario_session.h"
#include "err.h"
#include "rows.h"
#include "scenario_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOT_GIVEN = -1 };

#define PACE_MOST_NS          UINT64_C(86400000000000) /* a day */
#define FINISH_DEFAULT_NS     UINT64_C(30000000000)
#define FAIL_PAUSE_DEFAULT_NS UINT64_C(1000000000)

static const char *const cookies_names[] = { "pass", "user", "none", NULL };
static const char *const new_connection_names[] = { "user", "pass", NULL };

struct raw_session {
    int cookies, new_connection, on_fail;
    uint64_t pace_ns, finish_ns, fail_pause_ns;
    const struct yaml_node *begin, *steps, *end, *renew;
};

const struct field scenario_session_fields[] = {
    { FIELD("begin", FIELD_NODE, struct raw_session, begin) },
    { FIELD("steps", FIELD_NODE, struct raw_session, steps) },
    { FIELD("end", FIELD_NODE, struct raw_session, end) },
    { FIELD("cookies", FIELD_CHOICE, struct raw_session, cookies), .choices = cookies_names },
    { FIELD("new_connection", FIELD_CHOICE, struct raw_session, new_connection),
      .choices = new_connection_names },
    { FIELD("pace", FIELD_DURATION, struct raw_session, pace_ns), .most = PACE_MOST_NS },
    { FIELD("finish", FIELD_DURATION, struct raw_session, finish_ns), .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("on_fail", FIELD_CHOICE, struct raw_session, on_fail), .choices = scenario_on_fail_names },
    { FIELD("fail_pause", FIELD_DURATION, struct raw_session, fail_pause_ns),
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("renew", FIELD_NODE, struct raw_session, renew) },
    { 0 },
};

static size_t n_items(const struct yaml_node *list)
{
    return list ? list->n_items : 0;
}

static int check_list(const struct session_reader *r, const struct yaml_node *list, struct err *e)
{
    if (!list)
        return 0;
    if (list->kind != YAML_LIST)
        return fields_wrong(r->file, list, "a list of steps", e);
    return list->n_items == 0
               ? yaml_mistake(r->file, list, e, "'%s' must hold at least one step", list->key->text)
               : 0;
}

static int check_name(const struct session_reader *r, const struct yaml_node *at, const char *name, size_t n,
                      struct err *e)
{
    if (strcmp(name, ROWS_SESSION) == 0)
        return yaml_mistake(r->file, at, e,
                            "a step cannot be named '" ROWS_SESSION
                            "': results use this name for the whole session");
    for (size_t i = 0; i < n; i++)
        if (strcmp(r->session->steps[i].name, name) == 0)
            return yaml_mistake(r->file, at, e, "two steps of the session are named '%s'", name);
    return 0;
}

/* Names the steps of a list and declares their variables: a message about a step that is read later may need
 * those that follow it. */
static int name_steps(struct session_reader *r, const struct yaml_node *list, enum session_part part,
                      size_t *n, struct err *e)
{
    for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next, ++*n) {
        struct session_step *step = &r->session->steps[*n];
        const struct yaml_node *at = item->kind == YAML_MAP ? yaml_find(item, "name") : NULL;
        if (item->kind != YAML_MAP)
            return yaml_mistake(r->file, item, e, "a step must be a map with 'name' and 'path'");
        if (!at)
            return yaml_mistake(r->file, item, e, "a step must have a 'name'");
        const char *name = fields_text(r->file, at, FIELDS_NAME_FORM, e);
        if (!name)
            return -1;
        if (fields_copy_name(name, step->name))
            return fields_wrong(r->file, at, FIELDS_NAME_FORM, e);
        step->part = part;
        if (check_name(r, at, name, *n, e) || scenario_declare_captures(r, item, name, part, e))
            return -1;
    }
    return 0;
}

static int read_steps(struct session_reader *r, const struct yaml_node *list, struct session_step *step,
                      struct err *e)
{
    for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next, step++) {
        r->scope.step = step->name;
        r->words.has_no_pass = step->part != SESSION_STEPS;
        if (scenario_read_step(r, item, step, e))
            return -1;
        session_scope_pass(&r->scope, step);
    }
    return 0;
}

/* The rows of redirects are named by their steps. */
static int check_redirect_names(const struct session_reader *r, const struct yaml_node *node, struct err *e)
{
    const struct plan_session *session = r->session;
    for (size_t i = 0; i < session->n_steps; i++)
        for (size_t k = 0; k < session->n_steps; k++) {
            const char *name = session->steps[k].name, *step = session->steps[i].name;
            if (session->steps[i].n_follow > 0 && strncmp(name, step, strlen(step)) == 0 &&
                strcmp(name + strlen(step), ROWS_REDIRECT_SUFFIX) == 0)
                return yaml_mistake(r->file, node, e,
                                    "a step cannot be named '%s': results use this name for the redirects of "
                                    "'%s'",
                                    name, step);
        }
    return 0;
}

static int read_parts(struct session_reader *r, const struct raw_session *raw, struct err *e)
{
    struct plan_session *session = r->session;
    size_t n = 0;
    if (name_steps(r, raw->begin, SESSION_BEGIN, &n, e) || name_steps(r, raw->steps, SESSION_STEPS, &n, e) ||
        name_steps(r, raw->end, SESSION_END, &n, e))
        return -1;
    if (read_steps(r, raw->begin, session->steps, e))
        return -1;
    r->scope.step = "renew";
    if (raw->renew && scenario_read_renew(r, raw->renew, &session->renew, e))
        return -1;
    if (read_steps(r, raw->steps, session->steps + session->n_begin, e))
        return -1;
    session_scope_end_pass(&r->scope);
    return read_steps(r, raw->end, session->steps + session->n_steps - session->n_end, e);
}

/* What belongs to users that come back; those of an open stream make one pass. */
static int check_open(const struct session_reader *r, const struct yaml_node *node, struct err *e)
{
    static const char *const keys[] = { "pace", "new_connection" };
    static const char *const sentences[] = {
        "'pace' belongs to users, and this stream is open: each of its users makes one pass",
        "an open stream opens a connection for each pass"
    };
    if (r->stream->model != PLAN_OPEN)
        return 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct yaml_node *value = yaml_find(node, keys[i]);
        if (value && (i == 0 || strcmp(value->text, "user") == 0))
            return yaml_mistake(r->file, value->key, e, "%s", sentences[i]);
    }
    return 0;
}

static int read_session(struct session_reader *r, const struct yaml_node *node, struct err *e)
{
    struct plan_session *session = r->session;
    struct raw_session raw = { .cookies = NOT_GIVEN,
                               .finish_ns = FINISH_DEFAULT_NS,
                               .fail_pause_ns = FAIL_PAUSE_DEFAULT_NS };
    if (fields_read(r->file, node, "a session", scenario_session_fields, &raw, e))
        return -1;
    if (!raw.steps)
        return yaml_mistake(r->file, node->key, e, "a session must have 'steps'");
    if (check_open(r, node, e))
        return -1;
    if (check_list(r, raw.begin, e) || check_list(r, raw.steps, e) || check_list(r, raw.end, e))
        return -1;
    const size_t n = n_items(raw.begin) + raw.steps->n_items + n_items(raw.end);
    if (n > SESSION_STEPS_MOST)
        return yaml_mistake(r->file, raw.steps->key, e, "a session has at most %d steps in all, not %zu",
                            SESSION_STEPS_MOST, n);
    session->steps = calloc(n, sizeof *session->steps); // NOLINT(*UnixAPI): no list is empty
    if (!session->steps)
        return plan_out_of_memory(e);
    session->n_steps = n;
    session->n_begin = n_items(raw.begin);
    session->n_end = n_items(raw.end);
    session->cookies = raw.cookies != NOT_GIVEN ? (enum session_cookies)raw.cookies
                       : raw.begin              ? SESSION_COOKIES_USER /* it may log in by a cookie */
                                                : SESSION_COOKIES_PASS;
    session->is_connection_per_pass = raw.new_connection == 1 || r->stream->model == PLAN_OPEN;
    session->pace_ns = raw.pace_ns;
    session->finish_ns = raw.finish_ns;
    r->on_fail = (enum session_on_fail)raw.on_fail;
    r->fail_pause_ns = raw.fail_pause_ns;
    if (raw.renew && !raw.begin)
        return yaml_mistake(r->file, raw.renew->key, e, "'renew' runs 'begin' again, and there is none");
    if (read_parts(r, &raw, e))
        return -1;
    return check_redirect_names(r, raw.steps->key, e) || rows_make(r->stream, e) ? -1 : 0;
}

int scenario_read_session(const struct scenario_reader *scenario, struct plan_stream *s,
                          struct plan_feed *csv, const struct yaml_node *node, struct err *e)
{
    s->session = calloc(1, sizeof *s->session);
    if (!s->session)
        return plan_out_of_memory(e);
    struct session_reader r = { .scenario = scenario,
                                .file = &scenario->file,
                                .stream = s,
                                .session = s->session,
                                .scope.session = s->session };
    r.words = (struct template_scope){ .plan = scenario->plan, .stream = s, .csv = csv, .session = &r.scope };
    return read_session(&r, node, e);
}
