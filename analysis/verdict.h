/* Which rules of a run did not hold, one line for each cause: a rule that was missed in many places is told
 * once, by its worst case. */
#ifndef VERDICT_H
#define VERDICT_H

#include <stddef.h>

struct run_check;
struct run_json;

struct verdict_line {
    const struct run_check *worst;
    size_t n_more; /* other cases of the same rule and advice */
};

/* Writes at most `most` lines, INVALID before WARN, and returns how many there are. */
size_t verdict_lines(const struct run_json *run, struct verdict_line *lines, size_t most);

/* The limit that was missed. */
double verdict_limit(const struct run_check *check);

#endif
