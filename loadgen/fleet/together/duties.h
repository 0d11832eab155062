/* What a rank does for the fleet while its threads send: it compares clocks, starts with the others, opens
 * gates between phases, reports its seconds, and ends the run when it must. It takes the run's messages off
 * the wire and passes them on to those they are meant for. One thread does all of it, and never waits once
 * the run has begun. */
#ifndef FLEET_DUTIES_H
#define FLEET_DUTIES_H

#include "fleet_clock.h"
#include "fleet_gates.h"
#include "fleet_stop.h"

#include <stdbool.h>
#include <stdint.h>

struct engine;
struct engine_start;
struct err;
struct fleet_live;
struct plan;
struct watch;
struct wire;
struct wire_patience;

/* All borrowed until duties_fini. */
struct duties_params {
    struct wire *wire;
    const struct plan *plan;
    struct engine *engine;
    const char *const *hosts;        /* names for people, [n_ranks]; used at rank 0 */
    enum recorder_progress progress; /* of the fleet's live view, at rank 0 */
    struct watch *watch;             /* at rank 0: see fleet_live.h; NULL: none */
    bool keeps_going;                /* the run goes on when a rank is lost, which may come back */
};

struct duties {
    struct duties_params params;
    struct fleet_clock clock;
    struct fleet_gates gates;
    struct fleet_stop stop;
    struct fleet_live *live;
    bool *is_over, *is_lost; /* rank 0: [n_ranks], owned: the rank's run has ended; it died, or fell silent */
    bool has_ended;          /* this rank's run */
    bool all_over;           /* the fleet's run has ended */
    bool root_is_lost;       /* other ranks: rank 0 died, or fell silent */
};

/* Before the run: readies everything. Requires duties_fini in every case. */
int duties_init(struct duties *d, const struct duties_params *params, struct err *e);
void duties_fini(struct duties *d);

/* All ranks, once all are ready: compares the clocks and agrees on the start (fleet_start_agree). */
int duties_start(struct duties *d, uint64_t at_realtime_ns, uint64_t lead_ns,
                 const struct wire_patience *patience, struct engine_start *out, struct err *e);

/* During the run, again and again (engine.h: attend; the payload is the duties). Naps for a few milliseconds.
 */
void duties_turn(void *duties);

/* The recorder's hook, on the collector's thread (recorder.h: recorder_second_fn). */
void duties_second(struct duties *d, uint64_t index, const struct stats *sum, uint64_t length_ns);

/* This rank's run has ended: goes on until every rank's has, or is lost, and compares the clocks again. */
void duties_end(struct duties *d, enum recorder_end how);

/* After recorder_finish: rank 0 gathers what its watch does not know yet of the last second, for 2 s at most,
 * and shows how the run ended. */
void duties_conclude(struct duties *d, enum recorder_end how);

#endif
