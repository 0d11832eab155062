/* The header fields of one response, compared with what the stream expects while they arrive, in pieces of
 * any size and length: names know no case, blanks around a value are no part of it (RFC 9110 section 5.5),
 * and of several fields of a name one must be right. Beside them, whether a load balancer answers, and where
 * a redirect points. */
#ifndef ENGINE_HEADER_CHECK_H
#define ENGINE_HEADER_CHECK_H

#include "plan.h"

struct header_check {
    uint32_t seen;        /* bit i: expected header i was there and right */
    const char *location; /* value of a Location that came in one piece; valid within a read */
    size_t location_bytes;
    size_t n_matched; /* bytes of the expected value that the current value begins with */
    uint8_t index;    /* of the expected header that the current field is, + 1; 0: none */
    uint8_t field;    /* whether it is one that matters beside those */
    bool differs;
    bool is_balancers; /* a Server header names a load balancer */
    uint8_t name_bytes;
    uint8_t server_bytes;
    char name[PLAN_HEADER_NAME_BYTES];
    char server[16];
};

void header_check_begin(struct header_check *h);
/* Pieces of a name and its end, then pieces of a value and its end. */
void header_check_name(struct header_check *h, const char *at, size_t length);
void header_check_name_end(struct header_check *h, const struct plan_expect *expect);
void header_check_value(struct header_check *h, const struct plan_expect *expect, const char *at,
                        size_t length);
void header_check_value_end(struct header_check *h, const struct plan_expect *expect);
/* Whether every expected header was there with its value. */
bool header_check_is_right(const struct header_check *h, const struct plan_expect *expect);

#endif
