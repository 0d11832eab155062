#include "fleet_gates.h"

#include "division.h"
#include "engine.h"
#include "err.h"
#include "fleet_clock.h"
#include "plan.h"
#include "units.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#define LEAD_NS          (5 * NS_PER_MS)  /* by when every rank has looked for messages, */
#define LEAD_PER_RANK_NS (20 * NS_PER_US) /* and rank 0 has sent them */

enum { GATE_DONE, GATE_BEGIN };

struct gate_message {
    uint32_t kind;
    uint32_t stream;
    uint32_t phase; /* that is done, or begins; n_phases of the stream: the stream is over */
    uint32_t unused;
    uint64_t ended_ns; /* fleet time: when the phase was done, here or everywhere */
    uint64_t start_ns; /* begin: fleet time */
};

/* One stream's: where its threads wait next. */
struct fleet_gate {
    uint32_t phase; /* n_phases: nowhere */
    bool is_done;   /* here, as rank 0 knows */
    /* At rank 0. */
    bool *done; /* [n_ranks] */
    uint64_t ended_ns;
};

static uint32_t n_ranks(const struct fleet_gates *g)
{
    return g->clock->wire->n_ranks;
}

static bool is_root(const struct fleet_gates *g)
{
    return g->clock->wire->rank == 0;
}

/* Pauses end by the clock. */
static uint32_t next_gate(const struct plan_stream *s, uint32_t phase)
{
    while (phase < s->n_phases && s->phases[phase].kind == PLAN_PHASE_PAUSE)
        phase++;
    return s->model == PLAN_CLOSED ? phase : (uint32_t)s->n_phases;
}

int fleet_gates_init(struct fleet_gates *g, const struct plan *plan, struct fleet_clock *clock,
                     struct engine *engine, struct err *e)
{
    *g = (struct fleet_gates){ .plan = plan, .clock = clock, .engine = engine };
    g->list = calloc(plan->n_streams, sizeof *g->list);
    g->lost = calloc(n_ranks(g), sizeof *g->lost);
    bool is_short = !g->list || !g->lost;
    for (size_t i = 0; i < plan->n_streams && !is_short; i++) {
        g->list[i].phase = next_gate(&plan->streams[i], 0);
        g->list[i].done = calloc(n_ranks(g), sizeof *g->list[i].done);
        is_short = !g->list[i].done;
    }
    return is_short ? err_set(e, ERR_FAILED, "out of memory for the gates between phases") : 0;
}

void fleet_gates_fini(struct fleet_gates *g)
{
    for (size_t i = 0; g->list && i < g->plan->n_streams; i++)
        free(g->list[i].done);
    free(g->list);
    free(g->lost);
    *g = (struct fleet_gates){ 0 };
}

/* Whether the rank has a connection of the stream. */
static bool takes_part(const struct fleet_gates *g, uint32_t stream, uint32_t rank)
{
    const struct division d = division_of(g->plan, stream, 0);
    const uint64_t n = n_ranks(g);
    return (rank + n - d.first_connection % n) % n < d.n_connections;
}

static void begin(struct fleet_gates *g, const struct gate_message *m)
{
    struct fleet_gate *gate = &g->list[m->stream];
    gate->phase = next_gate(&g->plan->streams[m->stream], m->phase);
    gate->is_done = false;
    engine_begin_phase(g->engine, m->stream, m->phase, fleet_clock_local_ns(g->clock, m->ended_ns),
                       fleet_clock_local_ns(g->clock, m->start_ns));
}

/* Opens the gate if nothing is waited for. A message that cannot be sent holds up one rank, which the stop of
 * the run ends. */
static void check(struct fleet_gates *g, uint32_t stream, uint64_t now_ns)
{
    struct fleet_gate *gate = &g->list[stream];
    struct err ignored;
    if (gate->ended_ns == 0) /* no rank waits */
        return;
    for (uint32_t i = 0; i < n_ranks(g); i++)
        if (!gate->done[i] && !g->lost[i] && takes_part(g, stream, i))
            return;
    const uint64_t fleet_ns = fleet_clock_fleet_ns(g->clock, now_ns);
    const uint64_t from_ns = fleet_ns > gate->ended_ns ? fleet_ns : gate->ended_ns;
    const struct gate_message m = { .kind = GATE_BEGIN,
                                    .stream = stream,
                                    .phase = gate->phase + 1,
                                    .ended_ns = gate->ended_ns,
                                    .start_ns = from_ns + LEAD_NS + n_ranks(g) * LEAD_PER_RANK_NS };
    for (uint32_t i = 1; i < n_ranks(g); i++) /* a lost one may come back */
        wire_send(g->clock->wire, i, WIRE_GATE, &m, sizeof m, &ignored);
    memset(gate->done, 0, n_ranks(g) * sizeof *gate->done);
    gate->ended_ns = 0;
    begin(g, &m);
}

static void note_done(struct fleet_gates *g, uint32_t rank, const struct gate_message *m, uint64_t now_ns)
{
    struct fleet_gate *gate = &g->list[m->stream];
    if (m->phase != gate->phase || gate->done[rank])
        return;
    gate->done[rank] = true;
    if (m->ended_ns > gate->ended_ns)
        gate->ended_ns = m->ended_ns;
    check(g, m->stream, now_ns);
}

void fleet_gates_attend(struct fleet_gates *g, uint64_t now_ns)
{
    struct err ignored;
    for (uint32_t i = 0; i < g->plan->n_streams; i++) {
        struct fleet_gate *gate = &g->list[i];
        uint64_t done_ns;
        if (gate->is_done || gate->phase >= g->plan->streams[i].n_phases ||
            !engine_phase_done(g->engine, i, gate->phase, &done_ns))
            continue;
        const struct gate_message m = { .kind = GATE_DONE,
                                        .stream = i,
                                        .phase = gate->phase,
                                        .ended_ns = fleet_clock_fleet_ns(g->clock, done_ns) };
        gate->is_done = true;
        if (is_root(g))
            note_done(g, 0, &m, now_ns);
        else
            wire_send(g->clock->wire, 0, WIRE_GATE, &m, sizeof m, &ignored);
    }
}

void fleet_gates_on_message(struct fleet_gates *g, const struct wire_message *m, uint64_t now_ns)
{
    struct gate_message in;
    if (m->n_bytes != sizeof in)
        return;
    memcpy(&in, m->bytes, sizeof in);
    if (in.stream >= g->plan->n_streams || in.phase > g->plan->streams[in.stream].n_phases)
        return;
    if (is_root(g) && in.kind == GATE_DONE && in.phase < g->plan->streams[in.stream].n_phases)
        note_done(g, m->from, &in, now_ns);
    else if (!is_root(g) && m->from == 0 && in.kind == GATE_BEGIN && in.phase > 0)
        begin(g, &in);
}

bool fleet_gates_are_ahead(const struct fleet_gates *g)
{
    for (uint32_t i = 0; i < g->plan->n_streams; i++)
        if (g->list[i].phase + 1 < g->plan->streams[i].n_phases)
            return true;
    return false;
}

void fleet_gates_found(struct fleet_gates *g, uint32_t rank)
{
    g->lost[rank] = false;
}

void fleet_gates_lost(struct fleet_gates *g, uint32_t rank, uint64_t now_ns)
{
    g->lost[rank] = true;
    for (uint32_t i = 0; i < g->plan->n_streams; i++)
        if (g->list[i].phase < g->plan->streams[i].n_phases)
            check(g, i, now_ns);
}
