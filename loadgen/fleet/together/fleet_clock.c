#include "fleet_clock.h"

#include "clock.h"
#include "err.h"
#include "units.h"
#include "wire.h"

#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PINGS_AT_REST = 20,   /* before and after the run: both ranks wait for nothing else */
    POOR_US = 1000,       /* readings at rest that may be off by more go on: a rank did not get to run, */
    POOR_MOST_MS = 300,   /* for this long */
    PINGS_IN_RUN = 5,     /* each takes a few milliseconds, as ranks look only so often */
    WALL_READS = 5,       /* of which the quickest counts */
    AGING_PER_NS = 10000, /* two quartz clocks differ by up to 100 ppm: one in so many nanoseconds */
    WORTH_SAYING_MS = 50,
    VAGUE_NS = 100000, /* a reading that may be off by as much has a last digit that means nothing */
    AMOUNT_BYTES = 64,
};

enum { CLOCK_TURN, CLOCK_PING, CLOCK_PONG, CLOCK_RESULT };

struct clock_message {
    uint32_t kind;
    uint32_t number;                    /* turn and result: how many pings; ping and pong: which */
    uint64_t time_ns;                   /* pong: rank 0's CLOCK_MONOTONIC, */
    int64_t wall_ns;                    /* and its CLOCK_REALTIME - CLOCK_MONOTONIC */
    struct fleet_clock_reading reading; /* result */
};

int fleet_clock_init(struct fleet_clock *c, struct wire *wire, struct err *e)
{
    *c = (struct fleet_clock){ .wire = wire };
    if (wire->rank > 0)
        return 0;
    c->firsts = calloc(wire->n_ranks, sizeof *c->firsts);
    c->lasts = calloc(wire->n_ranks, sizeof *c->lasts);
    return c->firsts && c->lasts ? 0 : err_set(e, ERR_FAILED, "out of memory for the clocks of the fleet");
}

void fleet_clock_fini(struct fleet_clock *c)
{
    free(c->firsts);
    free(c->lasts);
    *c = (struct fleet_clock){ 0 };
}

/* CLOCK_REALTIME - CLOCK_MONOTONIC: both read at once, as nearly as the scheduler allows. */
static int64_t wall_ns(void)
{
    uint64_t shortest_ns = UINT64_MAX;
    int64_t found_ns = 0;
    for (int i = 0; i < WALL_READS; i++) {
        const uint64_t before_ns = clock_monotonic_ns();
        const uint64_t real_ns = clock_realtime_ns();
        const uint64_t took_ns = clock_monotonic_ns() - before_ns;
        if (took_ns >= shortest_ns)
            continue;
        shortest_ns = took_ns;
        found_ns = (int64_t)(real_ns - before_ns - took_ns / 2);
    }
    return found_ns;
}

static int send_message(const struct fleet_clock *c, uint32_t to, const struct clock_message *m,
                        struct err *e)
{
    return wire_send(c->wire, to, WIRE_CLOCK, m, sizeof *m, e);
}

/* --- a rank reads its clock --- */

static int ping(struct fleet_clock *c, uint64_t now_ns, struct err *e)
{
    const struct clock_message m = { .kind = CLOCK_PING, .number = ++c->reader.number };
    c->reader.sent_ns = now_ns;
    return send_message(c, 0, &m, e);
}

static uint64_t aged_error_ns(const struct fleet_clock_reading *r, uint64_t now_ns)
{
    return r->error_ns + (now_ns - r->at_ns) / AGING_PER_NS;
}

static void adopt(struct fleet_clock *c, const struct fleet_clock_reading *r)
{
    c->last = *r;
    if (c->first.at_ns == 0)
        c->first = *r;
    if (c->used.at_ns == 0 || r->error_ns <= aged_error_ns(&c->used, r->at_ns))
        c->used = *r;
}

/* Rank 0 read its clock between our sending and receiving. */
static void note_pong(struct fleet_clock *c, const struct clock_message *pong, uint64_t now_ns)
{
    const uint64_t round_trip_ns = now_ns - c->reader.sent_ns;
    const uint64_t middle_ns = c->reader.sent_ns + round_trip_ns / 2;
    const int64_t offset_ns = (int64_t)(pong->time_ns - middle_ns);
    const struct fleet_clock_reading r = { .offset_ns = offset_ns,
                                           .wall_ahead_ns = wall_ns() - pong->wall_ns - offset_ns,
                                           .error_ns = (round_trip_ns + 1) / 2,
                                           .at_ns = now_ns };
    if (c->reader.best.at_ns == 0 || r.error_ns < c->reader.best.error_ns)
        c->reader.best = r;
}

/* Whether the last ping is to be repeated. */
static bool goes_on(const struct fleet_clock *c, uint64_t now_ns)
{
    return c->reader.n_pings >= PINGS_AT_REST && c->reader.best.error_ns > POOR_US * NS_PER_US &&
           now_ns < c->reader.begun_ns + POOR_MOST_MS * NS_PER_MS;
}

static int on_pong(struct fleet_clock *c, const struct clock_message *pong, uint64_t now_ns, struct err *e)
{
    if (c->reader.n_left == 0 || pong->number != c->reader.number)
        return 0;
    note_pong(c, pong, now_ns);
    if (c->reader.n_left > 1 || !goes_on(c, now_ns))
        c->reader.n_left--;
    if (c->reader.n_left > 0)
        return ping(c, now_ns, e);
    adopt(c, &c->reader.best);
    const struct clock_message result = { .kind = CLOCK_RESULT,
                                          .number = c->reader.n_pings,
                                          .reading = c->last };
    return send_message(c, 0, &result, e);
}

static int begin_reading(struct fleet_clock *c, uint32_t n_pings, uint64_t now_ns, struct err *e)
{
    c->reader.n_left = c->reader.n_pings = n_pings;
    c->reader.best = (struct fleet_clock_reading){ 0 };
    c->reader.begun_ns = now_ns;
    return n_pings > 0 ? ping(c, now_ns, e) : 0;
}

/* --- rank 0 --- */

static int answer(struct fleet_clock *c, uint32_t to, uint32_t number, uint64_t now_ns, struct err *e)
{
    const struct clock_message pong = {
        .kind = CLOCK_PONG, .number = number, .time_ns = now_ns, .wall_ns = wall_ns()
    };
    return send_message(c, to, &pong, e);
}

/* The result of a turn given during the run may come after it, and ends no turn at rest. */
static void note_result(struct fleet_clock *c, uint32_t from, uint32_t n_pings,
                        const struct fleet_clock_reading *r)
{
    if (c->firsts[from].at_ns == 0)
        c->firsts[from] = *r;
    c->lasts[from] = *r;
    if (c->turn == from && n_pings >= PINGS_AT_REST)
        c->turn = 0;
}

static int give_turn(struct fleet_clock *c, uint32_t rank, uint32_t n_pings, struct err *e)
{
    const struct clock_message m = { .kind = CLOCK_TURN, .number = n_pings };
    c->turn = rank;
    return send_message(c, rank, &m, e);
}

/* --- both --- */

static int handle(struct fleet_clock *c, const struct wire_message *m, uint64_t now_ns, struct err *e)
{
    struct clock_message in;
    if (m->n_bytes != sizeof in)
        return 0;
    memcpy(&in, m->bytes, sizeof in);
    const bool is_root = c->wire->rank == 0;
    if (is_root && in.kind == CLOCK_PING)
        return answer(c, m->from, in.number, now_ns, e);
    if (is_root && in.kind == CLOCK_RESULT)
        note_result(c, m->from, in.number, &in.reading);
    if (!is_root && in.kind == CLOCK_TURN)
        return begin_reading(c, in.number, now_ns, e);
    if (!is_root && in.kind == CLOCK_PONG)
        return on_pong(c, &in, now_ns, e);
    return 0;
}

/* During the run a reading that fails is no loss: the next one counts. */
void fleet_clock_on_message(struct fleet_clock *c, const struct wire_message *m, uint64_t now_ns)
{
    struct err ignored;
    handle(c, m, now_ns, &ignored);
}

void fleet_clock_attend(struct fleet_clock *c, uint64_t now_ns)
{
    struct err ignored;
    const uint32_t n = c->wire->n_ranks;
    if (c->wire->rank > 0 || n == 1 || now_ns < c->next_turn_ns)
        return;
    c->next_turn_ns = now_ns + NS_PER_S;
    c->next_rank = c->next_rank % (n - 1) + 1;
    give_turn(c, c->next_rank, PINGS_IN_RUN, &ignored);
}

/* Handles one message, if there is one. While pings are under way nothing sleeps: what is measured is the
 * network, not the length of a nap. */
static int look(struct fleet_clock *c, bool is_quick, const struct wire_patience *patience, struct err *e)
{
    struct wire_message m;
    if (wire_receive_of(c->wire, WIRE_CLOCK, WIRE_ANY, &m)) {
        const int status = handle(c, &m, clock_monotonic_ns(), e);
        wire_message_fini(&m);
        return status;
    }
    if (patience->stop && atomic_load(patience->stop))
        return err_set(e, ERR_FAILED, "stopped while the generators compared their clocks");
    if (clock_monotonic_ns() >= patience->until_ns)
        return err_set(e, ERR_FAILED, "the generator of rank %" PRIu32 " does not answer", c->turn);
    if (is_quick)
        sched_yield();
    else
        nanosleep(&(struct timespec){ .tv_nsec = NS_PER_MS }, NULL);
    return 0;
}

static int measure_all(struct fleet_clock *c, const bool *lost, const struct wire_patience *patience,
                       struct err *e)
{
    const struct fleet_clock_reading own = { .at_ns = clock_monotonic_ns() };
    adopt(c, &own);
    note_result(c, 0, PINGS_AT_REST, &own);
    for (uint32_t rank = 1; rank < c->wire->n_ranks; rank++) {
        if (lost && lost[rank])
            continue;
        if (give_turn(c, rank, PINGS_AT_REST, e))
            return -1;
        while (c->turn == rank)
            if (look(c, true, patience, e))
                return -1;
    }
    return 0;
}

/* A turn that was given during the run may come first; it is for fewer pings. */
static int measure_own(struct fleet_clock *c, const struct wire_patience *patience, struct err *e)
{
    bool has_begun = false;
    while (!has_begun || c->reader.n_left > 0) {
        if (look(c, c->reader.n_left > 0, patience, e))
            return -1;
        has_begun = has_begun || c->reader.n_left >= PINGS_AT_REST;
    }
    return 0;
}

int fleet_clock_measure(struct fleet_clock *c, const bool *lost, const struct wire_patience *patience,
                        struct err *e)
{
    return c->wire->rank == 0 ? measure_all(c, lost, patience, e) : measure_own(c, patience, e);
}

/* --- what follows --- */

uint64_t fleet_clock_fleet_ns(const struct fleet_clock *c, uint64_t local_ns)
{
    return local_ns + (uint64_t)c->used.offset_ns;
}

uint64_t fleet_clock_local_ns(const struct fleet_clock *c, uint64_t fleet_ns)
{
    return fleet_ns - (uint64_t)c->used.offset_ns;
}

int64_t fleet_clock_drift_ns(const struct fleet_clock *c)
{
    return c->last.wall_ahead_ns - c->first.wall_ahead_ns;
}

static bool is_worth_saying(int64_t ns, uint64_t error_ns)
{
    return (uint64_t)llabs(ns) > WORTH_SAYING_MS * NS_PER_MS + error_ns;
}

/* "250.0 ms", and "253.1 ms (give or take 3.2)" where the last digit may be wrong. */
static void write_amount(char out[static AMOUNT_BYTES], int64_t ns, uint64_t error_ns)
{
    const double ms = (double)llabs(ns) / NS_PER_MS;
    if (error_ns < VAGUE_NS)
        snprintf(out, AMOUNT_BYTES, "%.1f ms", ms);
    else
        snprintf(out, AMOUNT_BYTES, "%.1f ms (give or take %.1f)", ms,
                 ceil((double)error_ns / VAGUE_NS) / 10);
}

bool fleet_clock_say(const struct fleet_clock *c, uint32_t rank, const char *name, char *out,
                     size_t out_bytes)
{
    const struct fleet_clock_reading *first = &c->firsts[rank], *last = &c->lasts[rank];
    const int64_t drift_ns = last->wall_ahead_ns - first->wall_ahead_ns;
    const uint64_t drift_error_ns = first->error_ns + last->error_ns;
    const char *const where = first->wall_ahead_ns > 0 ? "ahead" : "behind";
    const bool is_off = is_worth_saying(first->wall_ahead_ns, first->error_ns);
    const bool drifts = is_worth_saying(drift_ns, drift_error_ns);
    char ahead[AMOUNT_BYTES], drift[AMOUNT_BYTES];
    write_amount(ahead, first->wall_ahead_ns, first->error_ns);
    write_amount(drift, drift_ns, drift_error_ns);
    *out = '\0';
    if (is_off && drifts)
        snprintf(out, out_bytes, "%s's clock is %s %s, and drifted by %s during the run", name, ahead, where,
                 drift);
    else if (is_off)
        snprintf(out, out_bytes, "%s's clock is %s %s", name, ahead, where);
    else if (drifts)
        snprintf(out, out_bytes, "%s's clock drifted by %s during the run", name, drift);
    return is_off || drifts;
}
