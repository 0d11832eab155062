/* Finds the values of several singular queries (RFC 9535) in one walk over a JSON text, and checks the whole
 * text. Of an object's equal names the first counts. Copies nothing: a place points into the text. */
#ifndef ENGINE_JSON_SCAN_H
#define ENGINE_JSON_SCAN_H

#include "json_query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_QUERIES_MOST = 64 };

/* Queries, arranged for the walk: bit i stands for query i. */
struct json_queries {
    const struct json_query *queries; /* borrowed */
    size_t n;
    uint64_t ends[JSON_QUERY_SEGMENTS_MOST + 1]; /* which end at this depth */
    uint64_t names[JSON_QUERY_SEGMENTS_MOST];    /* which have a name there */
};

enum place_kind {
    PLACE_NOTHING, /* there is no such place, or null stands there */
    PLACE_STRING,
    PLACE_OTHER, /* a number, true, false, an object or an array: its text as it is */
};

struct json_place {
    const char *at; /* a string's: between its quotes */
    size_t n_bytes;
    enum place_kind kind;
    bool has_escapes;
};

/* `n` is at most JSON_QUERIES_MOST. */
void json_queries_arrange(struct json_queries *q, const struct json_query *queries, size_t n);
/* Fills one place per query. Returns NULL, or why the text is no JSON, a constant string. */
const char *json_scan(const struct json_queries *q, const char *text, size_t length_bytes,
                      struct json_place *places);

#endif
