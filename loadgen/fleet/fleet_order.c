#include "fleet_order.h"

#include "err.h"
#include "fleet.h"
#include "pack.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

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
    pack_number(out, order->seed);
    pack_text(out, order->command ? order->command : "");
    pack_text(out, order->folder ? order->folder : "");
    pack_text(out, step);
    free(step);
    return fleet_inputs_pack(&inputs, f->n_files_given, out, e);
}

int fleet_order_give(struct fleet *f, const struct fleet_order *order, struct err *e)
{
    const struct wire_patience patience = fleet_patience();
    struct pack p = { 0 };
    int status = pack_order(f, order, &p, e);
    if (status == 0) {
        f->n_files_given = f->files.n;
        status = wire_broadcast(f->wire, WIRE_INPUT, &p.bytes, &p.n, &patience, e);
    }
    pack_fini(&p);
    return status;
}

static int unpack_order(struct fleet_order *order, struct unpack *u, struct err *e)
{
    order->kind = unpack_within(u, FLEET_ORDER_END) == FLEET_ORDER_RUN ? FLEET_ORDER_RUN : FLEET_ORDER_END;
    order->code = (int)unpack_within(u, 255);
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

int fleet_order_await(struct fleet *f, struct fleet_order *order, struct err *e)
{
    const struct wire_patience patience = { .until_ns = UINT64_MAX }; /* until rank 0 is lost */
    unsigned char *bytes = NULL;
    size_t n = 0;
    *order = (struct fleet_order){ .kind = FLEET_ORDER_END, .inputs.files = &f->files };
    int status = wire_broadcast(f->wire, WIRE_INPUT, &bytes, &n, &patience, e);
    if (status == 0)
        status = unpack_order(order, &(struct unpack){ .at = bytes, .end = bytes + n }, e);
    free(bytes);
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
