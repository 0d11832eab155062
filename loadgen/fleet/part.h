/* The part of one rank in a run of the fleet: it sends its share and keeps the share's run folder. */
#ifndef FLEET_PART_H
#define FLEET_PART_H

#include <stdbool.h>

struct err;
struct fleet;
struct plan;
struct run_options;

struct part {
    struct fleet *fleet; /* borrowed */
    const struct run_options *options;
    char *const *argv;  /* that run.json shows */
    struct plan *plan;  /* becomes the rank's share of it */
    const char *shares; /* the folder of all shares, which exists (share_folder.h) */
};

/* All ranks call it, with `failure` of kind ERR_NONE or why this rank cannot take part. Returns the exit code
 * of the share's run; -1 when the fleet did not start, with what agreement_reach says, or when the run failed
 * here. `*has_run`: the fleet started. */
int part_take(const struct part *part, const struct err *failure, bool *has_run, struct err *e);

#endif
