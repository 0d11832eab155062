#include "wire.h"

#include "clock.h"
#include "err.h"
#include "fleet_tree.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_EVERY_NS 1000000

struct wire_waiting {
    struct wire_message message;
    struct wire_waiting *next;
};

void wire_message_fini(struct wire_message *m)
{
    free(m->bytes);
    m->bytes = NULL;
    m->n_bytes = 0;
}

void wire_free(struct wire *w)
{
    if (!w)
        return;
    while (w->waiting) {
        struct wire_waiting *first = w->waiting;
        w->waiting = first->next;
        wire_message_fini(&first->message);
        free(first);
    }
    w->kind->free(w);
}

int wire_send(struct wire *w, uint32_t to, uint32_t tag, const void *bytes, size_t n_bytes, struct err *e)
{
    w->n_sent++;
    w->n_sent_bytes += n_bytes;
    return w->kind->send(w, to, tag, bytes, n_bytes, e);
}

size_t wire_unsent_bytes(struct wire *w)
{
    return w->kind->unsent_bytes(w);
}

static bool receive_new(struct wire *w, struct wire_message *m)
{
    if (!w->kind->receive(w, m))
        return false;
    w->n_received++;
    w->n_received_bytes += m->n_bytes;
    return true;
}

static bool is_of(const struct wire_message *m, uint32_t tag, uint32_t from)
{
    return m->tag == tag && (from == WIRE_ANY || m->from == from);
}

static bool take_waiting(struct wire_waiting **link, struct wire_message *m)
{
    struct wire_waiting *taken = *link;
    if (!taken)
        return false;
    *link = taken->next;
    *m = taken->message;
    free(taken);
    return true;
}

bool wire_receive(struct wire *w, struct wire_message *m)
{
    return take_waiting(&w->waiting, m) || receive_new(w, m);
}

/* Without memory the message is lost, as on the network. */
static void keep_waiting(struct wire *w, struct wire_message *m)
{
    struct wire_waiting *kept = malloc(sizeof *kept);
    struct wire_waiting **link = &w->waiting;
    if (!kept) {
        wire_message_fini(m);
        return;
    }
    *kept = (struct wire_waiting){ .message = *m };
    while (*link)
        link = &(*link)->next;
    *link = kept;
}

bool wire_receive_of(struct wire *w, uint32_t tag, uint32_t from, struct wire_message *m)
{
    struct wire_waiting **link = &w->waiting;
    while (*link && !is_of(&(*link)->message, tag, from))
        link = &(*link)->next;
    if (take_waiting(link, m))
        return true;
    while (receive_new(w, m)) {
        if (is_of(m, tag, from))
            return true;
        keep_waiting(w, m);
    }
    return false;
}

int wire_await(struct wire *w, uint32_t tag, uint32_t from, const struct wire_patience *patience,
               struct wire_message *m, struct err *e)
{
    while (!wire_receive_of(w, tag, from, m)) {
        if (patience->stop && atomic_load(patience->stop))
            return err_set(e, ERR_FAILED, "stopped while waiting for the other generators");
        if (clock_monotonic_ns() >= patience->until_ns) {
            if (from == WIRE_ANY)
                return err_set(e, ERR_FAILED, "a generator does not answer");
            return err_set(e, ERR_FAILED, "the generator of rank %u does not answer", from);
        }
        nanosleep(&(struct timespec){ .tv_nsec = LOOK_EVERY_NS }, NULL);
    }
    return 0;
}

int wire_broadcast(struct wire *w, uint32_t tag, unsigned char **bytes, size_t *n_bytes,
                   const struct wire_patience *patience, struct err *e)
{
    struct wire_message m;
    if (w->rank > 0) {
        if (wire_await(w, tag, fleet_tree_parent(w->rank), patience, &m, e))
            return -1;
        *bytes = m.bytes;
        *n_bytes = m.n_bytes;
    }
    for (uint32_t i = 0; i < fleet_tree_n_children(w->rank, w->n_ranks); i++)
        if (wire_send(w, fleet_tree_child(w->rank, i), tag, *bytes, *n_bytes, e))
            return -1;
    return 0;
}

int wire_gather(struct wire *w, uint32_t tag, const void *bytes, size_t n_bytes, struct wire_message *all,
                const struct wire_patience *patience, struct err *e)
{
    for (uint32_t i = 0; w->rank == 0 && i < w->n_ranks; i++)
        all[i] = (struct wire_message){ .from = i, .tag = N_WIRE_TAGS };
    if (wire_send(w, 0, tag, bytes, n_bytes, e))
        return -1;
    int status = 0;
    for (uint32_t i = 0; w->rank == 0 && i < w->n_ranks; i++) {
        struct err silent;
        if (wire_await(w, tag, i, patience, &all[i], &silent) == 0)
            continue;
        if (status == 0)
            *e = silent;
        status = -1;
    }
    return status;
}
