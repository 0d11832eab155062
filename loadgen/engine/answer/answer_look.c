#include "answer_look.h"

#include "err.h"
#include "pattern.h"
#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t n_queries_of(const struct session_step *step)
{
    size_t n = step->n_json + step->until.n_json;
    for (size_t i = 0; i < step->n_captures; i++)
        n += step->captures[i].source == SESSION_FROM_JSON;
    return n;
}

static int parse_next(struct answer_look *look, size_t *n, const char *path, struct err *e)
{
    if (json_query_parse(&look->parsed[*n], path, e))
        return -1;
    ++*n;
    return 0;
}

static int parse_paths(struct answer_look *look, size_t *n, struct err *e)
{
    const struct session_step *step = look->step;
    for (size_t i = 0; i < step->n_json; i++)
        if (parse_next(look, n, step->json[i].path, e))
            return -1;
    for (size_t i = 0; i < step->until.n_json; i++)
        if (parse_next(look, n, step->until.json[i].path, e))
            return -1;
    for (size_t i = 0; i < step->n_captures; i++)
        if (step->captures[i].source == SESSION_FROM_JSON && parse_next(look, n, step->captures[i].place, e))
            return -1;
    return 0;
}

static int add_queries(struct answer_look *look, struct err *e)
{
    const size_t n = n_queries_of(look->step);
    size_t n_parsed = 0;
    if (n > JSON_QUERIES_MOST)
        return err_set(e, ERR_INPUT, "step '%s' has more than %d JSON paths", look->step->name,
                       (int)JSON_QUERIES_MOST);
    look->parsed = calloc(n + 1, sizeof *look->parsed);
    if (!look->parsed)
        return plan_out_of_memory(e);
    const int rc = parse_paths(look, &n_parsed, e);
    json_queries_arrange(&look->queries, look->parsed, n_parsed);
    return rc;
}

static int add_pattern(struct answer_look *look, size_t i, const char *text, struct err *e)
{
    look->patterns[i] = pattern_new(text, e);
    return look->patterns[i] ? 0 : -1;
}

static int add_patterns(struct answer_look *look, struct err *e)
{
    const struct session_step *step = look->step;
    look->patterns = calloc(step->n_texts + step->n_captures + 1, sizeof *look->patterns);
    if (!look->patterns)
        return plan_out_of_memory(e);
    for (size_t i = 0; i < step->n_texts; i++)
        if (step->texts[i].how == SESSION_MATCHES && add_pattern(look, i, step->texts[i].text, e))
            return -1;
    for (size_t i = 0; i < step->n_captures; i++)
        if (step->captures[i].source == SESSION_FROM_REGEX &&
            add_pattern(look, step->n_texts + i, step->captures[i].place, e))
            return -1;
    return 0;
}

static bool is_field(const struct look_field *field, const char *name)
{
    return field->name && strcasecmp(field->name, name) == 0;
}

/* Returns the field's index. */
static uint32_t add_field(struct answer_look *look, const char *name, enum look_kind kind)
{
    size_t i = 0;
    while (i < look->n_fields && !is_field(&look->fields[i], name))
        i++;
    if (i == look->n_fields)
        look->fields[look->n_fields++] = (struct look_field){ .name = name, .name_bytes = strlen(name) };
    look->fields[i].kinds |= kind;
    return (uint32_t)i;
}

static int add_fields(struct answer_look *look, bool takes_cookies, struct err *e)
{
    static const char set_cookie[] = "set-cookie";
    const struct session_step *step = look->step;
    look->fields = calloc(step->n_captures + 3, sizeof *look->fields);
    look->capture_fields = calloc(step->n_captures + 1, sizeof *look->capture_fields);
    if (!look->fields || !look->capture_fields)
        return plan_out_of_memory(e);
    for (size_t i = 0; i < step->n_captures; i++) {
        const struct session_capture *c = &step->captures[i];
        if (c->source == SESSION_FROM_HEADER || c->source == SESSION_FROM_COOKIE)
            look->capture_fields[i] =
                add_field(look, c->source == SESSION_FROM_HEADER ? c->place : set_cookie, LOOK_CAPTURE);
    }
    look->captures_fields = look->n_fields > 0;
    if (takes_cookies)
        add_field(look, set_cookie, LOOK_COOKIE);
    if (step->n_follow > 0)
        add_field(look, "location", LOOK_LOCATION);
    if (look->looks_at_body)
        add_field(look, "content-encoding", LOOK_CODING);
    look->looks_at_headers = look->n_fields > 0;
    return 0;
}

struct answer_look *answer_look_new(const struct plan_session *session, const struct session_step *step,
                                    struct err *e)
{
    struct answer_look *look = calloc(1, sizeof *look);
    if (!look) {
        plan_out_of_memory(e);
        return NULL;
    }
    look->step = step;
    if (add_queries(look, e) || add_patterns(look, e)) {
        answer_look_free(look);
        return NULL;
    }
    look->looks_at_body = look->queries.n > 0 || step->n_texts > 0;
    for (size_t i = 0; i < step->n_captures; i++)
        look->looks_at_body |= step->captures[i].source == SESSION_FROM_REGEX;
    if (add_fields(look, session->cookies != SESSION_COOKIES_NONE, e)) {
        answer_look_free(look);
        return NULL;
    }
    return look;
}

void answer_look_show_head(struct answer_look *look)
{
    look->shows_head = look->looks_at_headers = look->captures_fields = true;
}

void answer_look_free(struct answer_look *look)
{
    if (!look)
        return;
    for (size_t i = 0; look->parsed && i < look->queries.n; i++)
        json_query_fini(&look->parsed[i]);
    for (size_t i = 0; look->patterns && i < look->step->n_texts + look->step->n_captures; i++)
        pattern_free(look->patterns[i]);
    free(look->parsed);
    free(look->patterns);
    free(look->fields);
    free(look->capture_fields);
    free(look);
}
