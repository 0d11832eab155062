/* A run folder as base/derived/derived.h describes a run, from run.json and hist.hlog alone. */
#ifndef DATASET_DERIVED_H
#define DATASET_DERIVED_H

#include "derived.h"

struct claims;
struct dataset;
struct err;

struct dataset_derived {
    struct derived_run run;
    /* What it points at: the rows are owned, their texts are the dataset's. */
    struct derived_cluster *clusters;
    struct derived_stream *streams;
    struct derived_phase *phases;
};

/* -1 when memory is short. Call dataset_derived_fini in every case. */
int dataset_derived_init(struct dataset_derived *d, const struct dataset *data, struct err *e);
void dataset_derived_fini(struct dataset_derived *d);

/* The claims of the run, owned; names are borrowed from run.json. NULL when memory is short. */
struct claims *dataset_derived_claims(const struct dataset *data, struct err *e);

/* Writes percentiles.csv, instances.csv, phases.csv and checks.csv into `folder`, which may be another than
 * the dataset's own: byte for byte what the run itself wrote. */
int dataset_derived_write(const struct dataset *data, const char *folder, struct err *e);

#endif
