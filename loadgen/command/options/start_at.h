/* The common start of several generators, as --start-at gives it: a date on the wall clock. */
#ifndef COMMAND_START_AT_H
#define COMMAND_START_AT_H

#include <stdint.h>

struct err;

/* Reads "2026-11-28T21:40:00Z"; seconds may have decimals, and an offset such as +01:00 may stand for Z.
 * Nanoseconds since the epoch. -1 and a sentence for anything else. */
int start_at_parse(uint64_t *start_at_ns, const char *text, struct err *e);

/* Refuses a start that is too soon or has passed, and one that is more than a day ahead. `text` is as it was
 * given; `sender` names what would be late: "this share". */
int start_at_check(uint64_t start_at_ns, uint64_t now_ns, const char *text, const char *sender,
                   struct err *e);

#endif
