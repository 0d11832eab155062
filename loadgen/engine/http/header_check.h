/* Compares the header fields of one response with what the stream expects, while they arrive in pieces of any
 * size: names are case-insensitive, blanks around a value do not count (RFC 9110 section 5.5), and of several
 * fields with a name one must match. Also notes whether a load balancer answers and where a redirect points.
 */
#ifndef ENGINE_HEADER_CHECK_H
#define ENGINE_HEADER_CHECK_H

#include "plan.h"

struct header_check {
    const char *location; /* value of a Location that arrived in one piece; valid within a read */
    uint32_t location_bytes;
    uint32_t seen;      /* bit i: expected header i was present and right */
    uint32_t n_matched; /* bytes of the expected value matched by the current one */
    uint8_t index;      /* index + 1 of the expected header that the current field is; 0: none */
    uint8_t field;      /* which other field of interest it is */
    bool differs;
    bool is_used;      /* for the verdict: the next head must be parsed even if it is the same */
    bool is_balancers; /* the Server header names a load balancer */
    uint8_t name_bytes;
    uint8_t server_bytes;
    char name[PLAN_HEADER_NAME_BYTES];
    char server[16];
};

void header_check_begin(struct header_check *h);
/* Call with the pieces of a name, at its end, with the pieces of its value, at its end. */
void header_check_name(struct header_check *h, const char *at, size_t length);
void header_check_name_end(struct header_check *h, const struct plan_expect *expect);
void header_check_value(struct header_check *h, const struct plan_expect *expect, const char *at,
                        size_t length);
void header_check_value_end(struct header_check *h, const struct plan_expect *expect);
/* Whether every expected header was present with its value. */
bool header_check_is_right(const struct header_check *h, const struct plan_expect *expect);

#endif
