#include "json_scan.h"

#include "json_skip.h"
#include "json_text.h"

#include <string.h>

struct walk {
    struct json_skip skip;
    const struct json_queries *q;
    struct json_place *places;
};

void json_queries_arrange(struct json_queries *q, const struct json_query *queries, size_t n)
{
    *q = (struct json_queries){ .queries = queries, .n = n };
    for (size_t i = 0; i < n; i++) {
        const uint64_t bit = UINT64_C(1) << i;
        q->ends[queries[i].n] |= bit;
        for (size_t d = 0; d < queries[i].n; d++)
            if (queries[i].segments[d].name)
                q->names[d] |= bit;
    }
}

static bool walk_value(struct walk *w, uint64_t live, unsigned depth);

/* The lowest query of the set, which is taken out of it. */
static inline unsigned take_query(uint64_t *set)
{
    const unsigned i = (unsigned)__builtin_ctzll(*set);
    *set &= *set - 1;
    return i;
}

static bool is_name(const struct json_raw *raw, const struct json_query_segment *segment)
{
    if (raw->has_escapes)
        return json_text_is(raw->at, raw->n_bytes, segment->name, segment->name_bytes);
    return raw->n_bytes == segment->name_bytes && memcmp(raw->at, segment->name, raw->n_bytes) == 0;
}

/* Which of the queries go on at this member. */
static uint64_t those_with_name(const struct walk *w, uint64_t set, unsigned depth,
                                const struct json_raw *raw)
{
    uint64_t found = 0;
    while (set) {
        const unsigned i = take_query(&set);
        if (is_name(raw, &w->q->queries[i].segments[depth]))
            found |= UINT64_C(1) << i;
    }
    return found;
}

/* A value behind which the container goes on or ends with `close`. */
static bool walk_item(struct walk *w, uint64_t found, unsigned depth, char close, bool *is_over)
{
    struct json_skip *s = &w->skip;
    if (!walk_value(w, found, depth + 1))
        return false;
    json_skip_blanks(s);
    *is_over = s->at < s->end && *s->at == close;
    if (*is_over) {
        s->at++;
        return true;
    }
    return json_skip_byte(s, ',');
}

static bool ends_at_once(struct json_skip *s, char close)
{
    s->at++;
    json_skip_blanks(s);
    if (s->at == s->end || *s->at != close)
        return false;
    s->at++;
    return true;
}

static bool walk_object(struct walk *w, uint64_t wanted, unsigned depth)
{
    struct json_skip *s = &w->skip;
    bool is_over = ends_at_once(s, '}');
    while (!is_over) {
        struct json_raw raw;
        if (!json_skip_byte(s, '"'))
            return false;
        s->at--;
        if (!json_skip_string(s, &raw) || !json_skip_byte(s, ':'))
            return false;
        const uint64_t found = those_with_name(w, wanted, depth, &raw);
        wanted &= ~found;
        if (!walk_item(w, found, depth, '}', &is_over))
            return false;
    }
    return true;
}

/* How many elements the array has at whose bracket the walk is; -1: it is no JSON. */
static int64_t n_elements(const struct walk *w, unsigned depth)
{
    struct walk ahead = *w;
    int64_t n = 0;
    bool is_over = ends_at_once(&ahead.skip, ']');
    for (; !is_over; n++)
        if (!walk_item(&ahead, 0, depth, ']', &is_over))
            return -1;
    return n;
}

static bool has_negative(const struct walk *w, uint64_t set, unsigned depth)
{
    while (set)
        if (w->q->queries[take_query(&set)].segments[depth].index < 0)
            return true;
    return false;
}

static uint64_t those_with_index(const struct walk *w, uint64_t set, unsigned depth, int64_t at, int64_t n)
{
    uint64_t found = 0;
    while (set) {
        const unsigned i = take_query(&set);
        const int64_t index = w->q->queries[i].segments[depth].index;
        if (at == (index < 0 ? n + index : index))
            found |= UINT64_C(1) << i;
    }
    return found;
}

static bool walk_array(struct walk *w, uint64_t wanted, unsigned depth)
{
    const int64_t n = has_negative(w, wanted, depth) ? n_elements(w, depth) : 0;
    bool is_over = ends_at_once(&w->skip, ']');
    for (int64_t i = 0; !is_over; i++) {
        const uint64_t found = those_with_index(w, wanted, depth, i, n);
        wanted &= ~found;
        if (!walk_item(w, found, depth, ']', &is_over))
            return false;
    }
    return true;
}

static bool walk_container(struct walk *w, uint64_t deeper, unsigned depth)
{
    struct json_skip *s = &w->skip;
    const bool is_object = *s->at == '{';
    const uint64_t wanted = is_object ? deeper & w->q->names[depth] : deeper & ~w->q->names[depth];
    if (!wanted)
        return json_skip_value(s);
    s->depth++;
    const bool is_right = is_object ? walk_object(w, wanted, depth) : walk_array(w, wanted, depth);
    s->depth--;
    return is_right;
}

static struct json_place place_of(const char *begin, const char *end)
{
    if (*begin == 'n')
        return (struct json_place){ .kind = PLACE_NOTHING };
    if (*begin != '"')
        return (struct json_place){ .at = begin, .n_bytes = (size_t)(end - begin), .kind = PLACE_OTHER };
    const size_t n = (size_t)(end - begin) - 2;
    return (struct json_place){ begin + 1, n, PLACE_STRING, memchr(begin + 1, '\\', n) != NULL };
}

/* `live`: the queries whose first `depth` segments lead here. */
static bool walk_value(struct walk *w, uint64_t live, unsigned depth)
{
    struct json_skip *s = &w->skip;
    if (!live)
        return json_skip_value(s);
    json_skip_blanks(s);
    const char *begin = s->at;
    uint64_t ending = live & w->q->ends[depth];
    const uint64_t deeper = live & ~ending;
    const bool is_container = s->at < s->end && (*s->at == '{' || *s->at == '[');
    if (deeper && is_container ? !walk_container(w, deeper, depth) : !json_skip_value(s))
        return false;
    while (ending)
        w->places[take_query(&ending)] = place_of(begin, s->at);
    return true;
}

const char *json_scan(const struct json_queries *q, const char *text, size_t length_bytes,
                      struct json_place *places)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    const bool has_mark = length_bytes >= 3 && memcmp(text, byte_order_mark, 3) == 0;
    struct walk w = { .skip = { .at = text + (has_mark ? 3 : 0), .end = text + length_bytes },
                      .q = q,
                      .places = places };
    memset(places, 0, q->n * sizeof *places);
    const uint64_t all = q->n == 64 ? UINT64_MAX : (UINT64_C(1) << q->n) - 1;
    if (walk_value(&w, all, 0)) {
        json_skip_blanks(&w.skip);
        if (w.skip.at < w.skip.end)
            json_skip_fail(&w.skip, "the body has more bytes behind its JSON");
    }
    return w.skip.cause;
}
