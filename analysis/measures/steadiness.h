/* Did a run's times stay at one level? Percentiles of a run that changed mix two populations and describe
 * neither. */
#ifndef STEADINESS_H
#define STEADINESS_H

#include <stddef.h>

struct dataset;

enum steadiness_kind {
    STEADINESS_UNKNOWN, /* too short, or its load was not constant */
    STEADINESS_STEADY,
    STEADINESS_CHANGED,   /* at one point */
    STEADINESS_DEPENDENT, /* seconds depend on each other; not judged */
};

struct steadiness {
    enum steadiness_kind kind;
    double change; /* later level / earlier level - 1 */
    double at_s;   /* CHANGED: seconds with requests before it */
};

/* Judges medians per unit of time, `unit_s` long, in order, as rule R11 does (level.h). */
struct steadiness steadiness_of(const double *median, size_t n, double unit_s);
/* The same for an arm's successful requests. Unknown for uneven load: several streams or phases, a ramp or
 * a burst. */
struct steadiness steadiness_of_arm(const struct dataset *data, size_t arm);

/* Writes "its p50 rose by 35 % after 41 s" to `out`, "its seconds depend on each other", or "" when there is
 * nothing to add. Returns it. */
const char *steadiness_words(const struct steadiness *s, char *out, size_t out_bytes);

#endif
