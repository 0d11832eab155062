/* What the ranks know of each other while a run goes on: every second's sum at rank 0, for its live view and
 * for thresholds with `abort`, and whether each rank is alive. Nothing of it enters the result, which comes
 * from the run folders alone: a lost message costs no request.
 *
 * All functions but fleet_live_second belong to the thread that uses the wire; none waits. */
#ifndef FLEET_FLEET_LIVE_H
#define FLEET_FLEET_LIVE_H

#include "recorder.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct fleet_live; /* opaque */
struct phase_clock;
struct plan;
struct watch;
struct wire;
struct wire_message;

/* All borrowed until fleet_live_free. */
struct fleet_live_params {
    struct wire *wire;
    const struct plan *plan;
    const struct phase_clock *phases; /* of this rank's engine */
    const char *const *hosts;         /* [n_ranks], such as "host c5"; used at rank 0 */
    enum recorder_progress progress;  /* at rank 0: the fleet's live view. The recorders show none */
    struct watch *watch;              /* at rank 0: shows the fleet's run as well; NULL: not watched */
    const char *run_id;               /* for the watch */
};

/* NULL and a sentence when memory is short. */
struct fleet_live *fleet_live_new(const struct fleet_live_params *params, struct err *e);
void fleet_live_free(struct fleet_live *l);

/* The run begins at `t0_ns` on this rank's monotonic clock and `t0_realtime_ns` on its wall clock. Before the
 * first turn. */
void fleet_live_begin(struct fleet_live *l, uint64_t t0_ns, uint64_t t0_realtime_ns);

/* The recorder's hook (recorder_second_fn); `live` is the payload. On the collector's thread. */
void fleet_live_second(void *live, uint64_t index, const struct stats *sum, uint64_t length_ns);

/* Called every few milliseconds, after all messages that have arrived were passed on, until the whole fleet's
 * run is over: also when this rank's own is, since others' seconds go through it. */
void fleet_live_turn(struct fleet_live *l, uint64_t now_ns);

/* True if the message was meant for it. The caller still passes it to wire_message_fini. */
bool fleet_live_message(struct fleet_live *l, const struct wire_message *m, uint64_t now_ns);

/* No more seconds will come from this rank: after recorder_finish or engine_run. */
void fleet_live_ended(struct fleet_live *l);
/* Once the fleet's run is over and this rank's last second was added: sends what is left straight to rank 0.
 */
void fleet_live_flush(struct fleet_live *l);
/* At rank 0: how many others have. */
uint32_t fleet_live_n_flushed(const struct fleet_live *l);
/* At rank 0, once the whole fleet's run is over: removes the view from the screen, and the watch shows
 * how the run ended. */
void fleet_live_conclude(struct fleet_live *l, enum recorder_end how, uint64_t now_ns);

/* What this rank's host suffers from, in one sentence, such as "cannot write: No space left on device"; rank
 * 0 shows it with the host's name. "": nothing (any more). */
void fleet_live_trouble(struct fleet_live *l, const char *sentence);

/* --- at rank 0 --- */

/* A threshold with `abort` is missed by the sum of what was measured so far; see
 * fleet_sum_misses_threshold. */
bool fleet_live_misses_threshold(const struct fleet_live *l);

/* The rank has not been heard from for 3 s: it is lost unless it comes back. Meanwhile its part of the tree
 * is bridged. */
bool fleet_live_is_away(const struct fleet_live *l, uint32_t rank);

/* For how long the rank has been silent, ns; and the longest silence so far. */
uint64_t fleet_live_silence_ns(const struct fleet_live *l, uint32_t rank, uint64_t now_ns);
uint64_t fleet_live_longest_silence_ns(const struct fleet_live *l, uint32_t rank);

/* --- at other ranks --- */

/* Rank 0 was not heard from for 3 s: this rank ends its run by itself. */
bool fleet_live_root_is_lost(const struct fleet_live *l);

#endif
