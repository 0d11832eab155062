/* A singular query of RFC 9535: the way to at most one value of a JSON text, as $.items[0]['item id'] or
 * $.list[-1]. Names and numbers only: whatever may find several values is refused. */
#ifndef PLAN_JSON_QUERY_H
#define PLAN_JSON_QUERY_H

#include <stddef.h>
#include <stdint.h>

struct err;

enum { JSON_QUERY_SEGMENTS_MOST = 32 };

struct json_query_segment {
    char *name; /* of an object's member, in UTF-8, owned; NULL: an element of an array */
    size_t name_bytes;
    int64_t index; /* of the element; negative: from the end, -1 is the last */
};

struct json_query {
    struct json_query_segment *segments; /* owned */
    size_t n;                            /* 0: `$`, the whole text */
};

/* Parses `text` into `*q`, which json_query_fini frees. -1 with a sentence when it is not a singular query;
 * then nothing is to be freed. */
int json_query_parse(struct json_query *q, const char *text, struct err *e);
void json_query_fini(struct json_query *q);

#endif
