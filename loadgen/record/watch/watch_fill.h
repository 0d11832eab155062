/* What a watch shows of a run, from the sums of its seconds: those of this process, or of a fleet. */
#ifndef RECORD_WATCH_FILL_H
#define RECORD_WATCH_FILL_H

#include <stdint.h>

struct hist;
struct run_so_far;
struct run_view;
struct stats;
struct watch_facts;

/* All borrowed. */
struct watch_source {
    const struct run_view *view;
    const struct run_so_far *run;
    struct hist *const *scratch; /* two */
    const char *run_id;
    const char *commit; /* "": unknown */
    uint64_t t0_realtime_ns;
};

/* The run so far, to be completed and published or freed by the caller; NULL when memory is short: then a
 * moment is not shown. Generators, requests in flight and the end are not filled. */
struct watch_facts *watch_fill(const struct watch_source *source);
/* Adds the last second, which lasted `length_ns`. */
void watch_fill_second(const struct watch_source *source, const struct stats *second, uint64_t length_ns,
                       struct watch_facts *f);

#endif
