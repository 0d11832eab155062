#include "fleet_stop.h"

#include "engine.h"
#include "err.h"
#include "fleet_clock.h"
#include "units.h"
#include "wire.h"

#include <string.h>

#define LEAD_NS          (30 * NS_PER_MS) /* by when every rank has looked for messages, */
#define LEAD_PER_RANK_NS (20 * NS_PER_US) /* and rank 0 has sent them */
#define PATIENCE_NS      (500 * NS_PER_MS)

enum { STOP_ASK, STOP_ORDER };

struct stop_message {
    uint32_t kind;
    uint32_t unused;
    struct fleet_stop_order order;
};

void fleet_stop_init(struct fleet_stop *s, struct fleet_clock *clock, struct engine *engine,
                     const atomic_int *flag)
{
    *s = (struct fleet_stop){ .clock = clock, .engine = engine, .flag = flag };
}

bool fleet_stop_is_ordered(const struct fleet_stop *s)
{
    return s->order.at_ns != 0;
}

enum recorder_end fleet_stop_end(const struct fleet_stop *s)
{
    if (!fleet_stop_is_ordered(s))
        return RECORDER_DONE;
    return s->order.cause == FLEET_STOP_ABORT ? RECORDER_ABORTED : RECORDER_INTERRUPTED;
}

/* The first order counts. */
static void obey(struct fleet_stop *s, const struct fleet_stop_order *order)
{
    if (fleet_stop_is_ordered(s))
        return;
    s->order = *order;
    if (s->engine)
        engine_end(s->engine, fleet_stop_end(s), fleet_clock_local_ns(s->clock, order->at_ns));
}

/* Rank 0 orders all ranks. */
static void order_all(struct fleet_stop *s, struct fleet_stop_order order, uint64_t now_ns)
{
    struct wire *wire = s->clock->wire;
    struct err ignored;
    if (fleet_stop_is_ordered(s))
        return;
    order.at_ns = fleet_clock_fleet_ns(s->clock, now_ns) + LEAD_NS + wire->n_ranks * LEAD_PER_RANK_NS;
    const struct stop_message m = { .kind = STOP_ORDER, .order = order };
    for (uint32_t i = 1; i < wire->n_ranks; i++)
        wire_send(wire, i, WIRE_STOP, &m, sizeof m, &ignored);
    obey(s, &order);
}

void fleet_stop_ask(struct fleet_stop *s, enum fleet_stop_cause cause, uint32_t detail, uint64_t now_ns)
{
    struct wire *wire = s->clock->wire;
    struct err ignored;
    const struct stop_message m = { .kind = STOP_ASK,
                                    .order = { .cause = cause, .rank = wire->rank, .detail = detail } };
    if (fleet_stop_is_ordered(s) || s->asked_ns != 0)
        return;
    s->asked = m.order;
    s->asked_ns = now_ns;
    if (wire->rank == 0)
        order_all(s, m.order, now_ns);
    else
        wire_send(wire, 0, WIRE_STOP, &m, sizeof m, &ignored);
}

void fleet_stop_alone(struct fleet_stop *s, uint64_t now_ns)
{
    struct fleet_stop_order order = s->asked;
    if (s->asked_ns == 0)
        order = (struct fleet_stop_order){ .cause = FLEET_STOP_LOST, .rank = s->clock->wire->rank };
    order.at_ns = fleet_clock_fleet_ns(s->clock, now_ns);
    obey(s, &order);
}

void fleet_stop_attend(struct fleet_stop *s, uint64_t now_ns)
{
    const int number = atomic_load(s->flag);
    if (number != 0)
        fleet_stop_ask(s, FLEET_STOP_SIGNAL, (uint32_t)number, now_ns);
    if (s->engine && engine_stop_cause(s->engine))
        fleet_stop_ask(s, FLEET_STOP_ABORT, 0, now_ns);
    if (s->asked_ns != 0 && !fleet_stop_is_ordered(s) && now_ns >= s->asked_ns + PATIENCE_NS)
        fleet_stop_alone(s, now_ns);
}

void fleet_stop_on_message(struct fleet_stop *s, const struct wire_message *m, uint64_t now_ns)
{
    struct stop_message in;
    if (m->n_bytes != sizeof in)
        return;
    memcpy(&in, m->bytes, sizeof in);
    if (in.kind == STOP_ASK && s->clock->wire->rank == 0 && in.order.cause <= FLEET_STOP_FAILED)
        order_all(s, in.order, now_ns);
    else if (in.kind == STOP_ORDER && m->from == 0 && in.order.at_ns != 0)
        obey(s, &in.order);
}
