/* Did a run's times stay at one level? Percentiles of a run that changed mix two populations and describe
 * neither. */
#ifndef STEADINESS_H
#define STEADINESS_H

#include <stddef.h>

struct dataset;

enum steadiness_kind {
    STEADINESS_UNKNOWN, /* too short, or its load was not constant */
    STEADINESS_STEADY,
    STEADINESS_CHANGED, /* at one point (Pettitt) */
    STEADINESS_DRIFTED, /* all along (Theil and Sen, Mann and Kendall) */
    STEADINESS_WARMING, /* its first half differs from the second (MSER-5) */
};

struct steadiness {
    enum steadiness_kind kind;
    double change; /* later level / earlier level - 1 */
    double at_s;   /* CHANGED: seconds with requests before it */
};

/* Judges medians per unit of time, `unit_s` long, in order. Changes below 5 %, or that chance makes more
 * often than once in a hundred, do not count. */
struct steadiness steadiness_of(const double *median, size_t n, double unit_s);
/* The same for an arm's successful requests. Unknown for uneven load: several streams or phases, a ramp or
 * a burst. */
struct steadiness steadiness_of_arm(const struct dataset *data, size_t arm);

/* Writes "its p50 rose by 35 % after 41 s" to `out`; returns it. */
const char *steadiness_words(const struct steadiness *s, char *out, size_t out_bytes);

#endif
