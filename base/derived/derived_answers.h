/* How many answers each instance of a cluster gave, warm-up and errors included, and how even they are. */
#ifndef BASE_DERIVED_ANSWERS_H
#define BASE_DERIVED_ANSWERS_H

#include "balance.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct derived_cluster;
struct derived_run;
struct err;

struct derived_instance {
    const char *name;
    uint64_t n, n_ok;
    uint64_t p50_ns, p99_ns; /* of `ok`; meaningless when n_ok is 0 */
};

struct derived_answers {
    const struct derived_cluster *cluster;
    bool captures_instance;                   /* one of its streams does */
    const struct derived_instance *instances; /* those of the deployment first, then others by name */
    const uint64_t *counts;                   /* `n` of each */
    size_t n_instances;
    uint64_t n_unnamed, n_ok_unnamed; /* answers in none of the instances */
    uint64_t n_unkept;                /* ok answers whose id found no room; 0: all ids are kept */
    struct balance balance; /* NAN when ids found no room: the rows are only some of the instances */
};

typedef void derived_answers_fn(void *payload, const struct derived_answers *answers);

/* Visits every cluster of the run in order. -1 when memory is short. */
int derived_answers(const struct derived_run *run, derived_answers_fn *visit, void *payload, struct err *e);

#endif
