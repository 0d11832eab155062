/* A run of the whole fleet: every rank sends its share, and one result comes of it. */
#ifndef FLEET_FLEET_RUN_H
#define FLEET_FLEET_RUN_H

#include "run_member.h"

struct err;
struct fleet;
struct fleet_order;

/* At rank 0: the run of a command line, and what of it is the fleet's alone. */
struct fleet_run {
    struct fleet *fleet; /* borrowed, as all of it */
    char *const *words;  /* what follows the command's name, as given; n_words of them */
    size_t n_words;
    const char *local;      /* --local */
    uint32_t allow_missing; /* --allow-missing */
};

/* Makes runs on the fleet instead of in this process: its payload is the fleet_run. */
struct run_maker fleet_run_maker(struct fleet_run *run);

/* Elsewhere: takes part in the run of an order. */
void fleet_run_follow(struct fleet *f, const struct fleet_order *order);

#endif
