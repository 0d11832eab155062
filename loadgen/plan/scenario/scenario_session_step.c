/* One step of a session. */
#include "err.h"
#include "scenario_fields.h"
#include "scenario_session.h"
#include "units.h"

#include <strings.h>

enum { REPEAT_MOST = 10000 };
#define BODY_MOST_DEFAULT_BYTES UINT64_C(1048576)
#define BODY_MOST_BYTES         UINT64_C(67108864)

const char *const scenario_on_fail_names[] = { "end_pass", "go_on", "end_user", "stop_run", NULL };

struct raw_step {
    char name[PLAN_NAME_BYTES];
    struct scenario_message message;
    const struct yaml_node *expect, *capture, *think, *chance, *until, *body_most;
    uint64_t n_follow, n_times, fail_pause_ns;
    int on_fail;
};

const struct field scenario_step_fields[] = {
    { FIELD("name", FIELD_NAME, struct raw_step, name) },
    SCENARIO_MESSAGE_ROWS(struct raw_step, message),
    { FIELD("follow", FIELD_COUNT, struct raw_step, n_follow), .most = SESSION_FOLLOW_MOST },
    { FIELD("expect", FIELD_NODE, struct raw_step, expect) },
    { FIELD("capture", FIELD_NODE, struct raw_step, capture) },
    { FIELD("think", FIELD_NODE, struct raw_step, think) },
    { FIELD("repeat", FIELD_COUNT, struct raw_step, n_times), .least = 1, .most = REPEAT_MOST },
    { FIELD("chance", FIELD_NODE, struct raw_step, chance) },
    { FIELD("until", FIELD_NODE, struct raw_step, until) },
    { FIELD("on_fail", FIELD_CHOICE, struct raw_step, on_fail), .choices = scenario_on_fail_names },
    { FIELD("fail_pause", FIELD_DURATION, struct raw_step, fail_pause_ns), .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("body_most", FIELD_NODE, struct raw_step, body_most) },
    { 0 },
};

static int read_body_most(const struct session_reader *r, const struct yaml_node *node, uint64_t *bytes,
                          struct err *e)
{
    static const char form[] = "a size such as 4096, 64KiB or 1MiB, at most 64MiB";
    const char *text = fields_text(r->file, node, form, e);
    if (!text)
        return -1;
    return units_parse_size_bytes(text, bytes) || *bytes == 0 || *bytes > BODY_MOST_BYTES
               ? fields_wrong(r->file, node, form, e)
               : 0;
}

static bool looks_at_body(const struct session_step *step)
{
    bool looks = step->expect.checks_body || step->n_json > 0 || step->n_texts > 0 || step->until.n_json > 0;
    for (size_t i = 0; i < step->n_captures; i++)
        looks = looks || step->captures[i].source == SESSION_FROM_JSON ||
                step->captures[i].source == SESSION_FROM_REGEX;
    return looks;
}

static size_t n_queries(const struct session_step *step)
{
    size_t n = step->n_json + step->until.n_json;
    for (size_t i = 0; i < step->n_captures; i++)
        n += step->captures[i].source == SESSION_FROM_JSON;
    return n;
}

/* What does not go together, once all is known. */
static int check_step(const struct session_reader *r, const struct yaml_node *node,
                      const struct session_step *step, struct err *e)
{
    if (step->request.is_head && looks_at_body(step))
        return yaml_mistake(r->file, node, e,
                            "step '%s' looks for something in a body, which the response to HEAD has not",
                            step->name);
    if (request_names_instances(&step->request) && !scenario_knows_instances(r->scenario, r->stream))
        return yaml_mistake(r->file, node, e,
                            "{instance} in a request needs a deployment that lists the instances of cluster "
                            "'%s'",
                            r->stream->cluster);
    if (n_queries(step) > SESSION_QUERIES_MOST)
        return yaml_mistake(r->file, node, e, "step '%s' has more than %d JSON paths", step->name,
                            SESSION_QUERIES_MOST);
    return 0;
}

/* A message has one Cookie field, which a session that keeps cookies makes itself. */
static int check_cookies(const struct session_reader *r, const struct scenario_message *m, struct err *e)
{
    const struct yaml_node *own = m->cookies ? m->cookies->key : NULL;
    if (r->session->cookies == SESSION_COOKIES_NONE)
        return 0;
    for (const struct yaml_node *h = m->headers ? m->headers->first : NULL; h && !own; h = h->next)
        if (h->key && strcasecmp(h->key->text, "cookie") == 0)
            own = h->key;
    return own ? yaml_mistake(r->file, own, e,
                              "the session keeps cookies itself; with 'cookies: none' steps have their own")
               : 0;
}

int scenario_read_step(struct session_reader *r, const struct yaml_node *node, struct session_step *step,
                       struct err *e)
{
    struct raw_step raw = {
        .message.method = "GET", .n_times = 1, .fail_pause_ns = r->fail_pause_ns, .on_fail = (int)r->on_fail
    };
    if (fields_read(r->file, node, "a step", scenario_step_fields, &raw, e))
        return -1;
    if (!raw.message.path)
        return yaml_mistake(r->file, node, e, "step '%s' must have a 'path'", step->name);
    if (check_cookies(r, &raw.message, e))
        return -1;
    step->n_follow = (uint32_t)raw.n_follow;
    step->n_times = (uint32_t)raw.n_times;
    step->chance = 1;
    step->on_fail = (enum session_on_fail)raw.on_fail;
    step->fail_pause_ns = raw.fail_pause_ns;
    step->body_most_bytes = BODY_MOST_DEFAULT_BYTES;
    step->request.weight = 1;
    if (scenario_read_message(r->scenario, &r->words, node, &raw.message, &step->request, e) ||
        scenario_read_step_expect(r, raw.expect, step, e) ||
        (raw.capture && scenario_read_captures(r, raw.capture, step, e)) ||
        (raw.think && scenario_read_think(r, raw.think, &step->think, e)) ||
        (raw.chance && scenario_read_chance(r, raw.chance, &step->chance, e)) ||
        (raw.until && scenario_read_until(r, raw.until, &step->until, e)) ||
        (raw.body_most && read_body_most(r, raw.body_most, &step->body_most_bytes, e)))
        return -1;
    return check_step(r, node, step, e);
}
