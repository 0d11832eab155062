/* A run of the whole fleet: every rank sends its share, and one result comes of it. */
#ifndef FLEET_FLEET_RUN_H
#define FLEET_FLEET_RUN_H

#include "run_member.h"

struct err;
struct fleet;
struct fleet_order;

/* At rank 0: makes runs on the fleet instead of in this process, each from its recipe; plans read their files
 * from f->files. */
struct run_maker fleet_run_maker(struct fleet *f);

/* Elsewhere: takes part in the run of an order. */
void fleet_run_follow(struct fleet *f, const struct fleet_order *order);

#endif
