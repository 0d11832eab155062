/* A merge under way: its generators, and the run.json that becomes the sum of theirs. */
#ifndef MERGE_STATE_H
#define MERGE_STATE_H

#include "merge_run.h"
#include "run_json.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct merge {
    struct merge_run *runs; /* owned; by t0, the earliest first; of one t0, by share */
    size_t n_runs;
    struct run_json first; /* of runs[0] */
    json_t *root;          /* owned; the merged run.json so far */
    const char *out;       /* borrowed */
    size_t n_allowed;      /* shares that may be missing or incomplete */
    bool rests_on_invalid; /* a threshold does, on an invalid claim */
    uint64_t lost_n;       /* values counted in run.json that hist.hlog lacks because a log was cut short */
};

/* Whether the generators sent shares of one run. */
static inline bool merge_is_of_shares(const struct merge *m)
{
    return m->runs[0].share.count > 0;
}

#endif
