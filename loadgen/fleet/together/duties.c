#include "duties.h"

#include "clock.h"
#include "engine.h"
#include "err.h"
#include "fleet_live.h"
#include "fleet_start.h"
#include "plan.h"
#include "stop.h"
#include "units.h"
#include "wire.h"

#include <stdlib.h>
#include <time.h>

/* A look at the messages costs 10 to 20 us. The leads of gates and stop allow for the naps. */
#define NAP_NS          (5 * NS_PER_MS)
#define NAP_AT_GATES_NS NS_PER_MS
/* For the last seconds of the ranks, which come once they have written their shares. */
#define FLUSH_MOST_NS (10 * NS_PER_S)
/* For the clocks, after the run: a rank takes about a millisecond. */
#define COMPARE_MOST_NS (5 * NS_PER_S)
#define RANK_MOST_NS    (5 * NS_PER_MS)

/* Messages of a run, in the order in which they are taken. */
static const uint32_t tags[] = { WIRE_CLOCK, WIRE_GATE, WIRE_STOP, WIRE_SECOND, WIRE_PULSE, WIRE_OVER };

/* Drops what an earlier run left behind. No rank is past this yet, so none is of the run that begins. */
static void drop_leftovers(struct wire *wire)
{
    struct wire_message m;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        while (wire_receive_of(wire, tags[i], WIRE_ANY, &m))
            wire_message_fini(&m);
}

int duties_init(struct duties *d, const struct duties_params *params, struct err *e)
{
    const uint32_t n_ranks = params->wire->n_ranks;
    drop_leftovers(params->wire);
    *d = (struct duties){ .params = *params };
    fleet_stop_init(&d->stop, &d->clock, params->engine, stop_flag());
    d->is_over = calloc(n_ranks, sizeof *d->is_over);
    d->is_lost = calloc(n_ranks, sizeof *d->is_lost);
    if (!d->is_over || !d->is_lost)
        return err_set(e, ERR_FAILED, "out of memory for the fleet");
    if (fleet_clock_init(&d->clock, params->wire, e) ||
        fleet_gates_init(&d->gates, params->plan, &d->clock, params->engine, e))
        return -1;
    const struct fleet_live_params live = { .wire = params->wire,
                                            .plan = params->plan,
                                            .phases = engine_phases(params->engine),
                                            .hosts = params->hosts,
                                            .progress = params->progress,
                                            .watch = params->watch,
                                            .run_id = params->plan->name };
    d->live = fleet_live_new(&live, e);
    return d->live ? 0 : -1;
}

void duties_fini(struct duties *d)
{
    fleet_live_free(d->live);
    fleet_gates_fini(&d->gates);
    fleet_clock_fini(&d->clock);
    free(d->is_over);
    free(d->is_lost);
    *d = (struct duties){ 0 };
}

int duties_start(struct duties *d, uint64_t at_realtime_ns, uint64_t lead_ns,
                 const struct wire_patience *patience, struct engine_start *out, struct err *e)
{
    if (fleet_clock_measure(&d->clock, NULL, patience, e) ||
        fleet_start_agree(&d->clock, at_realtime_ns, lead_ns, patience, out, e))
        return -1;
    fleet_live_begin(d->live, out->monotonic_ns, out->realtime_ns);
    return 0;
}

void duties_second(struct duties *d, uint64_t index, const struct stats *sum, uint64_t length_ns)
{
    fleet_live_second(d->live, index, sum, length_ns);
}

/* Nothing waits for the rank any more; when the last one is over, rank 0 ends the run for all. */
static void note_over(struct duties *d, uint32_t rank, uint64_t now_ns)
{
    struct wire *wire = d->params.wire;
    struct err ignored;
    d->is_over[rank] = true;
    fleet_gates_lost(&d->gates, rank, now_ns);
    for (uint32_t i = 0; i < wire->n_ranks; i++)
        if (!d->is_over[i])
            return;
    for (uint32_t i = 1; i < wire->n_ranks && !d->all_over; i++)
        wire_send(wire, i, WIRE_OVER, NULL, 0, &ignored);
    d->all_over = true;
}

/* A rank that was suspended for a while goes on where it was. */
static void find_again(struct duties *d, uint32_t rank)
{
    d->is_lost[rank] = d->is_over[rank] = false;
    fleet_gates_found(&d->gates, rank);
}

/* At a rank that fell silent and comes back, the run may still go on; then nothing waits for it any more. */
static void end_with_all(struct duties *d, uint64_t now_ns)
{
    d->all_over = true;
    if (!d->has_ended)
        fleet_stop_alone(&d->stop, now_ns);
}

static void take(struct duties *d, const struct wire_message *m, uint64_t now_ns)
{
    if (d->params.keeps_going && d->is_lost[m->from])
        find_again(d, m->from);
    if (m->tag == WIRE_CLOCK)
        fleet_clock_on_message(&d->clock, m, now_ns);
    else if (m->tag == WIRE_GATE)
        fleet_gates_on_message(&d->gates, m, now_ns);
    else if (m->tag == WIRE_STOP)
        fleet_stop_on_message(&d->stop, m, now_ns);
    else if (m->tag == WIRE_OVER && d->params.wire->rank == 0)
        note_over(d, m->from, now_ns);
    else if (m->tag == WIRE_OVER)
        end_with_all(d, now_ns);
    else
        fleet_live_message(d->live, m, now_ns);
}

/* Others, which ranks that are ahead may have sent, stay for later. */
static void take_all(struct duties *d)
{
    struct wire_message m;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        while (!d->all_over && wire_receive_of(d->params.wire, tags[i], WIRE_ANY, &m)) {
            take(d, &m, clock_monotonic_ns());
            wire_message_fini(&m);
        }
}

static void lose(struct duties *d, uint32_t rank, uint64_t now_ns)
{
    d->is_lost[rank] = true;
    if (!d->params.keeps_going)
        fleet_stop_ask(&d->stop, FLEET_STOP_LOST, rank, now_ns);
    note_over(d, rank, now_ns);
}

/* What the live view found out. */
static void heed_live(struct duties *d, uint64_t now_ns)
{
    if (fleet_live_root_is_lost(d->live) && !d->root_is_lost) {
        d->root_is_lost = true;
        fleet_stop_alone(&d->stop, now_ns);
    }
    if (d->params.wire->rank > 0)
        return;
    if (fleet_live_misses_threshold(d->live))
        fleet_stop_ask(&d->stop, FLEET_STOP_ABORT, 0, now_ns);
    for (uint32_t i = 1; i < d->params.wire->n_ranks; i++)
        if (!d->is_lost[i] && fleet_live_is_away(d->live, i))
            lose(d, i, now_ns);
}

void duties_turn(void *payload)
{
    struct duties *d = payload;
    take_all(d);
    const uint64_t now_ns = clock_monotonic_ns();
    fleet_clock_attend(&d->clock, now_ns);
    fleet_gates_attend(&d->gates, now_ns);
    fleet_stop_attend(&d->stop, now_ns);
    fleet_live_turn(d->live, now_ns);
    heed_live(d, now_ns);
    const long nap_ns = fleet_gates_are_ahead(&d->gates) ? NAP_AT_GATES_NS : NAP_NS;
    nanosleep(&(struct timespec){ .tv_nsec = nap_ns }, NULL);
}

/* Nothing else is going on now, so the drift during the run is known to some microseconds. */
static void compare_clocks(struct duties *d)
{
    const struct wire_patience patience = { .until_ns = clock_monotonic_ns() + COMPARE_MOST_NS +
                                                        d->params.wire->n_ranks * RANK_MOST_NS };
    struct err ignored;
    fleet_clock_measure(&d->clock, d->is_lost, &patience, &ignored);
}

void duties_end(struct duties *d, enum recorder_end how)
{
    struct wire *wire = d->params.wire;
    struct err ignored;
    const uint64_t now_ns = clock_monotonic_ns();
    const bool is_behind = d->all_over; /* and rank 0 does not ask for its clock */
    d->has_ended = true;
    fleet_live_ended(d->live);
    if (how == RECORDER_FAILED && !d->params.keeps_going)
        fleet_stop_ask(&d->stop, FLEET_STOP_FAILED, 0, now_ns);
    if (wire->rank == 0)
        note_over(d, 0, now_ns);
    else
        wire_send(wire, 0, WIRE_OVER, NULL, 0, &ignored);
    while (!d->all_over && !d->root_is_lost)
        duties_turn(d);
    if (!d->root_is_lost && !is_behind)
        compare_clocks(d);
}

static bool is_all_flushed(const struct duties *d)
{
    uint32_t n = fleet_live_n_flushed(d->live) + 1;
    for (uint32_t i = 0; i < d->params.wire->n_ranks; i++)
        n += d->is_lost[i];
    return n >= d->params.wire->n_ranks;
}

void duties_conclude(struct duties *d, enum recorder_end how)
{
    const uint64_t until_ns = clock_monotonic_ns() + FLUSH_MOST_NS;
    struct wire_message m;
    if (d->params.wire->rank > 0) {
        fleet_live_flush(d->live);
        return;
    }
    while (d->params.watch && !is_all_flushed(d) && clock_monotonic_ns() < until_ns) {
        while (wire_receive_of(d->params.wire, WIRE_SECOND, WIRE_ANY, &m)) {
            fleet_live_message(d->live, &m, clock_monotonic_ns());
            wire_message_fini(&m);
        }
        nanosleep(&(struct timespec){ .tv_nsec = NAP_NS }, NULL);
    }
    fleet_live_conclude(d->live, how, clock_monotonic_ns());
}
