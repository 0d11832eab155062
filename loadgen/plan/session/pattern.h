/* A regular expression (PCRE2, JIT) over texts from outside: UTF-8 in which invalid bytes match nothing, and
 * limits on backtracking and on time, so that no answer can stop a thread for long. */
#ifndef PLAN_PATTERN_H
#define PLAN_PATTERN_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct pattern;
struct pattern_room; /* what a thread needs to match: one for all patterns */

enum { PATTERN_BYTES_MOST = 4096 }; /* longest expression */

/* Compiles. NULL with a sentence when `text` is no expression. Threads may share it. */
struct pattern *pattern_new(const char *text, struct err *e);
void pattern_free(struct pattern *pattern);
/* How many groups it captures. */
uint32_t pattern_n_groups(const struct pattern *pattern);

/* NULL when memory is short. */
struct pattern_room *pattern_room_new(void);
void pattern_room_free(struct pattern_room *room);

enum pattern_result {
    PATTERN_MATCHES,
    PATTERN_NOT_FOUND,
    PATTERN_TOO_SLOW, /* a limit was met first */
};

/* A part of the text; `at` is NULL when the group did not take part in the match. */
struct pattern_group {
    const char *at;
    size_t n_bytes;
};

/* Searches the text; with a match, `*group` (may be NULL) is its group 1, or the whole match when the
 * expression has no groups. Allocates nothing. */
enum pattern_result pattern_find(const struct pattern *pattern, struct pattern_room *room, const char *text,
                                 size_t length_bytes, struct pattern_group *group);

#endif
