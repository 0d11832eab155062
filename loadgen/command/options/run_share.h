/* A run of `loadgen run` that is one share of several generators' run, or that waits for a given start: what
 * it does as a member (run_member.h) of a fleet whose generators know each other by nothing but --shard and
 * --start-at. */
#ifndef COMMAND_RUN_SHARE_H
#define COMMAND_RUN_SHARE_H

#include "run_member.h"
#include "shard_facts.h"

struct err;
struct run_options;

struct run_share {
    struct run_member member;
    struct shard_facts facts;
    const struct run_options *options;
    struct engine *engine; /* borrowed from `ready` to `ended` */
};

/* Fills the member for run_here, which the options' strings and `share` must outlive. -1 and a sentence when
 * the start has passed. */
int run_share_init(struct run_share *share, const struct run_options *o, struct err *e);

/* Warns that a launcher has started several of this program without --shard: each sends the whole plan. */
void run_share_warn_of_copies(const struct run_options *o);

#endif
