/* The rules that a run missed, one line for each cause: a rule missed in many places is named once, by its
 * worst case. */
#ifndef BASE_SUMMARY_CHECKS_H
#define BASE_SUMMARY_CHECKS_H

#include <stddef.h>

struct derived_check;

struct summary_check {
    const struct derived_check *worst;
    size_t n_more; /* other cases with the same advice */
};

/* Writes at most `most` lines, INVALID before WARN, and returns their number. Checks without advice have
 * none: the table or a claim covers them. */
size_t summary_checks(const struct derived_check *checks, size_t n, struct summary_check *lines, size_t most);

/* 2: "INVALID"; 1: "WARN"; else 0. */
int summary_severity(const char *level);

/* The limit that was missed. */
double summary_check_limit(const struct derived_check *check);

#endif
