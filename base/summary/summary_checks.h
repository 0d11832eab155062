/* What the checks of a run add up to: the rules that were missed, one line for each cause, so that a rule
 * missed in many places is named once, by its worst case; and the generator's share of the times. */
#ifndef BASE_SUMMARY_CHECKS_H
#define BASE_SUMMARY_CHECKS_H

#include <stddef.h>

struct derived_check;

/* How the `what` of a check begins that is about the generator's share of a percentile; then "99" or "99.9".
 */
#define SUMMARY_SHARE_WHAT "the generator's share of p"

struct summary_check {
    const struct derived_check *worst;
    size_t n_more; /* other cases with the same advice */
};

/* Writes at most `most` lines, INVALID before WARN, and returns their number. */
size_t summary_checks(const struct derived_check *checks, size_t n, struct summary_check *lines, size_t most);

/* 2: "INVALID"; 1: "WARN"; else 0. */
int summary_severity(const char *level);

/* The limit that was missed. */
double summary_check_limit(const struct derived_check *check);

/* The check that represents the run: among those at the worst level the one of the highest percentile, up to
 * p99 unless a higher one is worse; of equals the largest share. NULL: no share is known. */
const struct derived_check *summary_share(const struct derived_check *checks, size_t n);

/* Its percentile, 99 for p99; 0 when the check is about something else or not judged. */
double summary_share_p(const struct derived_check *check);

#endif
