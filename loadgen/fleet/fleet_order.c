#include "fleet_order.h"

#include "clock.h"
#include "err.h"
#include "fleet.h"
#include "fleet_tree.h"
#include "pack.h"
#include "stop.h"
#include "units.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#define SILENCE_MOST_NS (600 * NS_PER_S) /* of rank 0, which may read a slow file meanwhile */
#define STOPPED_MOST_NS (30 * NS_PER_S)
#define REST_NS         (10 * NS_PER_S)

static int out_of_memory(struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory for an order to the generators");
}

static int pack_order(const struct fleet *f, const struct fleet_order *order, struct pack *out, struct err *e)
{
    const struct fleet_inputs inputs = { .words = order->inputs.words,
                                         .n_words = order->inputs.n_words,
                                         .files = (struct input_files *)&f->files };
    char *step = order->step ? json_dumps(order->step, JSON_COMPACT) : strdup("");
    if (!step)
        return out_of_memory(e);
    pack_number(out, order->kind);
    pack_number(out, (uint64_t)order->code);
    pack_number(out, f->is_whole);
    pack_number(out, order->seed);
    pack_text(out, order->command ? order->command : "");
    pack_text(out, order->folder ? order->folder : "");
    pack_text(out, step);
    free(step);
    const size_t from = order->kind == FLEET_ORDER_RUN ? f->n_files_given : f->files.n;
    return fleet_inputs_pack(&inputs, from, out, e);
}

/* Down the tree: it may be large. Every rank is there, or there is no run. */
static int pass_on(struct fleet *f, const void *bytes, size_t n, struct err *e)
{
    struct wire *w = f->wire;
    for (uint32_t i = 0; i < fleet_tree_n_children(w->rank, w->n_ranks); i++)
        if (wire_send(w, fleet_tree_child(w->rank, i), WIRE_INPUT, bytes, n, e))
            return -1;
    return 0;
}

/* Straight to each, as its parent may be dead. A lost rank may only have been suspended, and ends by it, too.
 */
static int send_to_all(struct fleet *f, const void *bytes, size_t n, struct err *e)
{
    int status = 0;
    for (uint32_t i = 1; i < f->wire->n_ranks; i++)
        status |= wire_send(f->wire, i, WIRE_INPUT, bytes, n, e);
    return status;
}

int fleet_order_give(struct fleet *f, const struct fleet_order *order, struct err *e)
{
    struct pack p = { 0 };
    int status = pack_order(f, order, &p, e);
    if (status == 0 && order->kind == FLEET_ORDER_RUN) {
        f->n_files_given = f->files.n;
        status = pass_on(f, p.bytes, p.n, e);
    } else if (status == 0)
        status = send_to_all(f, p.bytes, p.n, e);
    pack_fini(&p);
    return status;
}

void fleet_order_rest(struct fleet *f, uint64_t ns)
{
    const struct fleet_order wait = { .kind = FLEET_ORDER_WAIT };
    const uint64_t until_ns = clock_monotonic_ns() + ns;
    struct err ignored;
    for (uint64_t now_ns; !stop_is_asked() && (now_ns = clock_monotonic_ns()) < until_ns;) {
        fleet_order_give(f, &wait, &ignored);
        stop_rest(until_ns - now_ns < REST_NS ? until_ns - now_ns : REST_NS);
    }
}

static int unpack_order(struct fleet_order *order, struct unpack *u, struct err *e)
{
    order->kind = (enum fleet_order_kind)unpack_within(u, FLEET_ORDER_END);
    order->code = (int)unpack_within(u, 255);
    order->is_whole = unpack_within(u, 1) == 1;
    order->seed = unpack_number(u);
    order->command = unpack_text(u);
    order->folder = unpack_text(u);
    char *step = unpack_text(u);
    if (step && *step)
        order->step = json_loads(step, 0, NULL);
    const int status = !order->command || !order->folder || !step || (*step && !order->step)
                           ? out_of_memory(e)
                           : fleet_inputs_unpack(&order->inputs, u, e);
    free(step);
    return status;
}

/* After a signal rank 0 soon gives its last order, if it lives. */
static int await_message(struct fleet *f, struct wire_message *m, struct err *e)
{
    const uint64_t now_ns = clock_monotonic_ns();
    const struct wire_patience patience = { .stop = stop_flag(), .until_ns = now_ns + SILENCE_MOST_NS };
    if (wire_await(f->wire, WIRE_INPUT, WIRE_ANY, &patience, m, e) == 0)
        return 0;
    const struct wire_patience last = { .until_ns = clock_monotonic_ns() + STOPPED_MOST_NS };
    return stop_is_asked() ? wire_await(f->wire, WIRE_INPUT, WIRE_ANY, &last, m, e) : -1;
}

static int take_order(struct fleet *f, struct fleet_order *order, struct err *e)
{
    struct wire_message m;
    *order = (struct fleet_order){ .kind = FLEET_ORDER_END, .inputs.files = &f->files };
    if (await_message(f, &m, e))
        return -1;
    int status = unpack_order(order, &(struct unpack){ .at = m.bytes, .end = m.bytes + m.n_bytes }, e);
    if (status == 0 && order->kind == FLEET_ORDER_RUN)
        status = pass_on(f, m.bytes, m.n_bytes, e);
    wire_message_fini(&m);
    return status;
}

int fleet_order_await(struct fleet *f, struct fleet_order *order, struct err *e)
{
    int status = take_order(f, order, e);
    while (status == 0 && order->kind == FLEET_ORDER_WAIT) {
        fleet_order_fini(order);
        status = take_order(f, order, e);
    }
    return status;
}

void fleet_order_fini(struct fleet_order *order)
{
    free(order->command);
    free(order->folder);
    json_decref(order->step);
    fleet_inputs_fini(&order->inputs);
    *order = (struct fleet_order){ .kind = FLEET_ORDER_END };
}
