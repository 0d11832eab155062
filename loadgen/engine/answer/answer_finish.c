#include "answer_read.h"

#include "cookie_parse.h"
#include "json_text.h"
#include "pattern.h"

#include <stdio.h>
#include <string.h>

static const char too_slow[] = "the regular expression needs more time for this answer than its limit";
static const char long_value[] = "a captured value is longer than 16 KiB";
static const char many_bytes[] = "the values captured from one answer are longer than 64 KiB";

/* What is known of the answer while it is judged. */
struct judge {
    struct answer *a;
    unsigned status;
    answer_text *text;
    void *user;
    struct answer_result *out;
    const char *json_cause; /* why no path leads anywhere; NULL: the body is JSON */
    struct json_place *places;
};

static bool fail(struct judge *j, const char *cause)
{
    if (!j->out->cause)
        j->out->cause = cause;
    return false;
}

static bool is_body_whole(struct judge *j)
{
    struct answer *a = j->a;
    if (a->decoder && !a->cause)
        a->cause = decoder_end(a->decoder);
    return !a->cause || fail(j, a->cause);
}

static bool matches(struct judge *j, const struct pattern *pattern, struct pattern_group *group,
                    bool *is_found)
{
    const struct answer *a = j->a;
    const enum pattern_result result =
        pattern_find(pattern, a->shared->patterns, a->body ? a->body : "", a->body_bytes, group);
    *is_found = result == PATTERN_MATCHES;
    return result != PATTERN_TOO_SLOW || fail(j, too_slow);
}

static bool contains(const struct answer *a, const char *text)
{
    return memmem(a->body ? a->body : "", a->body_bytes, text, strlen(text)) != NULL;
}

static bool texts_hold(struct judge *j)
{
    const struct answer_look *look = j->a->look;
    for (size_t i = 0; i < look->step->n_texts; i++) {
        const struct session_text_expected *x = &look->step->texts[i];
        bool is_found;
        if (x->how != SESSION_MATCHES)
            is_found = contains(j->a, x->text);
        else if (!matches(j, look->patterns[i], NULL, &is_found))
            return false;
        if (is_found == (x->how == SESSION_CONTAINS_NOT))
            return fail(j, x->cause);
    }
    return true;
}

/* All paths, in one walk. A body that is no JSON has nothing at any of them. */
static void find_places(struct judge *j)
{
    const struct answer *a = j->a;
    const struct json_queries *q = &a->look->queries;
    j->json_cause = q->n > 0 ? json_scan(q, a->body ? a->body : "", a->body_bytes, j->places) : NULL;
    if (j->json_cause)
        memset(j->places, 0, q->n * sizeof j->places[0]);
}

/* Whether the value at the place is the expected one; fails only when that has no text. */
static bool is_value(struct judge *j, const struct session_json_expected *x, const struct json_place *place)
{
    if (place->kind == PLACE_NOTHING || !x->pieces)
        return place->kind != PLACE_NOTHING;
    const bool is_literal = x->n_pieces == 1 && x->pieces[0].kind == PLAN_PIECE_LITERAL;
    size_t n = x->pieces[0].length_bytes;
    const char *wanted = is_literal ? x->pieces[0].text
                         : j->text  ? j->text(j->user, x->pieces, x->n_pieces, &n)
                                    : NULL;
    if (!wanted)
        return false;
    if (place->has_escapes)
        return json_text_is(place->at, place->n_bytes, wanted, n);
    return place->n_bytes == n && memcmp(place->at, wanted, n) == 0;
}

/* The first of the expectations that does not hold, or the reason why none can; NULL: all hold. */
static const char *json_fault(struct judge *j, const struct session_json_expected *x, size_t n,
                              const struct json_place *places)
{
    for (size_t i = 0; i < n; i++)
        if (!is_value(j, &x[i], &places[i]))
            return j->json_cause ? j->json_cause : x[i].cause;
    return NULL;
}

struct found {
    const char *at; /* NULL: nothing */
    size_t n_bytes;
};

/* Room for a text of at most `n_bytes`; NULL: there is none left. */
static char *value_room(struct judge *j, size_t n_bytes)
{
    struct answer_shared *s = j->a->shared;
    return n_bytes <= SESSION_USER_BYTES_MOST - s->value_bytes ? s->values + s->value_bytes : NULL;
}

static struct found found_at(struct judge *j, const struct json_place *place)
{
    if (!place->has_escapes)
        return (struct found){ place->at, place->n_bytes };
    char *room = value_room(j, place->n_bytes);
    if (!room) {
        fail(j, many_bytes);
        return (struct found){ 0 };
    }
    const size_t n = json_text_write(place->at, place->n_bytes, room);
    j->a->shared->value_bytes += n;
    return (struct found){ room, n };
}

/* The last field that sets it, as in the jar. */
static struct found found_cookie(const struct answer *a, uint32_t field, const char *name)
{
    struct found found = { 0 };
    struct cookie_field cookie;
    size_t n;
    for (const char *at = NULL; (at = answer_field(a, field, at, &n)); at += n)
        if (cookie_parse(at, n, 0, &cookie) && cookie.name.n_bytes == strlen(name) &&
            memcmp(cookie.name.at, name, cookie.name.n_bytes) == 0)
            found = (struct found){ cookie.value.at, cookie.value.n_bytes };
    return found;
}

static struct found found_by_regex(struct judge *j, const struct pattern *pattern)
{
    struct pattern_group group = { 0 };
    bool is_found;
    if (!matches(j, pattern, &group, &is_found) || !is_found)
        return (struct found){ 0 };
    return (struct found){ group.at, group.n_bytes };
}

static struct found found_status(struct judge *j)
{
    char *room = value_room(j, 4);
    if (!room) {
        fail(j, many_bytes);
        return (struct found){ 0 };
    }
    j->a->shared->value_bytes += 4;
    return (struct found){ room, (size_t)snprintf(room, 4, "%03u", j->status % 1000) };
}

/* `place` moves on with each JSON capture. */
static struct found find(struct judge *j, size_t i, const struct json_place **place)
{
    const struct answer *a = j->a;
    const struct answer_look *look = a->look;
    const struct session_capture *c = &look->step->captures[i];
    struct found found = { 0 };
    switch (c->source) {
    case SESSION_FROM_JSON:
        return found_at(j, (*place)++);
    case SESSION_FROM_HEADER:
        found.at = answer_field(a, look->capture_fields[i], NULL, &found.n_bytes);
        return found;
    case SESSION_FROM_COOKIE:
        return found_cookie(a, look->capture_fields[i], c->place);
    case SESSION_FROM_STATUS:
        return found_status(j);
    default:
        return found_by_regex(j, look->patterns[look->step->n_texts + i]);
    }
}

static bool take_captures(struct judge *j)
{
    const struct session_step *step = j->a->look->step;
    const struct json_place *place = j->places + step->n_json + step->until.n_json;
    for (size_t i = 0; i < step->n_captures; i++) {
        const struct session_capture *c = &step->captures[i];
        struct found found = find(j, i, &place);
        if (j->out->cause)
            return false;
        if (!found.at && c->otherwise)
            found = (struct found){ c->otherwise, strlen(c->otherwise) };
        if (!found.at)
            return fail(j, c->source == SESSION_FROM_JSON && j->json_cause ? j->json_cause : c->cause);
        if (found.n_bytes > SESSION_VALUE_BYTES_MOST)
            return fail(j, long_value);
        j->out->values[j->out->n_values++] = (struct answer_value){ c->variable, found.at, found.n_bytes };
    }
    return true;
}

static bool is_as_expected(struct judge *j)
{
    const struct session_step *step = j->a->look->step;
    if (!is_body_whole(j) || !texts_hold(j))
        return false;
    find_places(j);
    const char *fault = json_fault(j, step->json, step->n_json, j->places);
    return !fault || fail(j, fault);
}

enum outcome answer_finish(struct answer *a, unsigned status, answer_text *text, void *user,
                           struct answer_result *out)
{
    const struct session_step *step = a->look->step;
    struct judge j = {
        .a = a, .status = status, .text = text, .user = user, .out = out, .places = a->shared->places
    };
    out->cause = out->until_cause = NULL;
    out->n_values = 0;
    a->shared->value_bytes = 0;
    if (!is_as_expected(&j))
        return OUTCOME_EXPECT;
    out->until_cause = json_fault(&j, step->until.json, step->until.n_json, j.places + step->n_json);
    return out->until_cause || take_captures(&j) ? OUTCOME_OK : OUTCOME_EXPECT;
}
