/* Failed shares of two arms over pairs of runs. Requests of one run fail together, so the runs are compared,
 * by the t interval of their pairs' differences; pooled requests would look far too certain. */
#ifndef STATISTICS_DECIDE_FAILURES_H
#define STATISTICS_DECIDE_FAILURES_H

#include "decide_interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decide_pair;
struct err;

struct decide_failures {
    size_t n;                          /* pairs whose failed shares are known */
    double a, b;                       /* mean shares; NAN when n = 0 */
    struct decide_interval difference; /* b - a; lo and hi NAN of too few pairs */
    bool is_certain;                   /* the interval excludes 0 */
};

int decide_failures_of(const struct decide_pair *pairs, size_t n, double confidence,
                       struct decide_failures *out, struct err *e);
/* Whether the shares differ so much that the times of that percentile do not simply compare: by a tenth of
 * the requests beyond it. */
bool decide_failures_matter(const struct decide_failures *f, uint32_t p_ppm);

#endif
