/* The run as base/derived/derived.h describes it, from memory. */
#ifndef RECORD_RECORDER_DERIVED_H
#define RECORD_RECORDER_DERIVED_H

#include "derived.h"
#include "plan.h"
#include "run_clusters.h"
#include "tag_set.h"

struct err;
struct verdict;
struct recorder;
struct recorder_ending;

struct recorder_derived {
    struct derived_run run;
    /* What it points at: the rows are owned, their texts are the recorder's and the verdict's. */
    struct derived_cluster clusters[RUN_CLUSTERS_MOST];
    struct derived_stream streams[PLAN_STREAMS_MOST];
    struct derived_phase *phases;
    struct derived_row *rows;
    struct derived_cell *cells;
    struct derived_check *checks;
    struct tag_set tags;
};

/* Returns an owned description; NULL and a sentence when memory is short. */
struct recorder_derived *recorder_derived_new(const struct recorder *r, const struct recorder_ending *ending,
                                              const struct verdict *verdict, struct err *e);
void recorder_derived_free(struct recorder_derived *d);

#endif
