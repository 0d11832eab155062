/* The histograms of a run's seconds, kept sparse, for methods that resample or follow time. With more than
 * TIMELINE_UNITS_MOST seconds, as in a run of a day, neighbours are merged and the unit of time doubles. */
#ifndef STATISTICS_TIMELINE_H
#define STATISTICS_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct hist;

enum { TIMELINE_UNITS_MOST = 1024 };
#define TIMELINE_SECONDS_MOST (UINT64_C(1) << 31)

struct timeline_bin {
    uint32_t index; /* of struct hist */
    uint64_t count;
};

struct timeline_unit {
    struct timeline_bin *bins; /* ascending by index, none empty; owned */
    size_t n_bins;
    uint64_t n; /* sum of the counts */
};

struct timeline {
    uint32_t unit_s; /* seconds per unit: 1, 2, 4, ... */
    size_t n_units;  /* up to the last one added to; units without values are empty */
    struct timeline_unit units[TIMELINE_UNITS_MOST];
    struct hist *open; /* values of unit `open_at` that are not in it yet; owned */
    size_t open_at;
};

/* Returns an owned empty timeline, or NULL with `e` set. timeline_free accepts NULL. */
struct timeline *timeline_new(struct err *e);
void timeline_free(struct timeline *t);
/* Adds the histogram of one second, counted from 0 at the start of the analysed time; may repeat a second.
 * Fastest in order of time. */
int timeline_add(struct timeline *t, uint64_t second, const struct hist *h, struct err *e);
/* Moves the last values into their unit. Call it before reading `units`; the functions here and in
 * bootstrap.h do. */
int timeline_settle(struct timeline *t, struct err *e);
/* Number of values in all units. */
uint64_t timeline_n(const struct timeline *t);
/* Writes the percentile of each non-empty unit, in order, to `value_ns`, which holds n_units, and their
 * number to `n_values`. */
int timeline_percentiles(struct timeline *t, uint32_t p_ppm, double *value_ns, size_t *n_values,
                         struct err *e);

#endif
