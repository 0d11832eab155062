/* Did a run's times stay at one level? A percentile of a run that changed half-way is one of two populations,
 * and says neither how it was before nor how it is now. */
#ifndef STEADINESS_H
#define STEADINESS_H

#include <stdbool.h>
#include <stddef.h>

struct dataset;

enum steadiness_kind {
    STEADINESS_UNKNOWN, /* too short, or its load changed on purpose */
    STEADINESS_STEADY,
    STEADINESS_CHANGED, /* at one point (Pettitt) */
    STEADINESS_DRIFTED, /* all along (Theil and Sen, Mann and Kendall) */
    STEADINESS_WARMING, /* its first half differs from the rest (MSER-5) */
};

struct steadiness {
    enum steadiness_kind kind;
    double change; /* later level / earlier level - 1 */
    double at_s;   /* CHANGED: seconds with requests before it */
};

/* Of medians per unit of time in order; `unit_s` is the length of one. A change below 5 %, or one that chance
 * makes more often than once in a hundred, is none. */
struct steadiness steadiness_of(const double *median, size_t n, double unit_s);
/* The same of an arm's successful requests. Unknown when its load was not even: several streams or phases, a
 * ramp or a burst. */
struct steadiness steadiness_of_arm(const struct dataset *data, size_t arm);

/* "its p50 rose by 35 % after 41 s", into `out`; returns it. */
const char *steadiness_words(const struct steadiness *s, char *out, size_t out_bytes);

#endif
