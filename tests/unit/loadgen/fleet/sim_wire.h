/* A network of ranks in one process, for tests. Time is the test's: a message arrives when `now_ns` has
 * reached its time of arrival, or by CLOCK_MONOTONIC if `is_real`, for ranks that are threads. A sender puts
 * one message after the other on its link; a dead rank neither sends nor receives. */
#ifndef TEST_SIM_WIRE_H
#define TEST_SIM_WIRE_H

#include "clock.h"
#include "wire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct sim_letter {
    struct wire_message message;
    uint64_t arrives_ns;
    struct sim_letter *next;
};

struct sim_wire {
    struct wire wire;
    struct sim_net *net;
    struct sim_letter *inbox, **last; /* by time of arrival */
    uint64_t link_free_ns;
    bool is_dead;
};

struct sim_net {
    pthread_mutex_t lock;
    uint32_t n_ranks;
    uint64_t now_ns;
    uint64_t busy_since_ns; /* CPU time; above 0: the sender's time goes on from now_ns while it computes */
    bool is_real;
    uint64_t latency_ns;    /* of every message */
    double ns_per_byte;     /* of every link */
    struct sim_wire *wires; /* [n_ranks] */
};

static inline uint64_t sim_now_ns(const struct sim_net *net)
{
    return net->is_real ? clock_monotonic_ns() : net->now_ns;
}

static inline uint64_t sim_send_ns(const struct sim_net *net)
{
    const uint64_t busy_ns =
        net->busy_since_ns > 0 ? clock_read_ns(CLOCK_THREAD_CPUTIME_ID) - net->busy_since_ns : 0;
    return sim_now_ns(net) + busy_ns;
}

static inline void sim_put(struct sim_wire *to, struct sim_letter *letter)
{
    struct sim_letter **link = to->last;
    if (to->inbox && to->last != &to->inbox) {
        struct sim_letter *end = (struct sim_letter *)((char *)to->last - offsetof(struct sim_letter, next));
        if (end->arrives_ns > letter->arrives_ns)
            for (link = &to->inbox; *link && (*link)->arrives_ns <= letter->arrives_ns;)
                link = &(*link)->next;
    }
    letter->next = *link;
    *link = letter;
    if (!letter->next)
        to->last = &letter->next;
}

static inline int sim_send(struct wire *wire, uint32_t to, uint32_t tag, const void *bytes, size_t n_bytes,
                           struct err *e)
{
    struct sim_wire *from = (struct sim_wire *)wire;
    struct sim_net *net = from->net;
    (void)e;
    pthread_mutex_lock(&net->lock);
    if (!from->is_dead && !net->wires[to].is_dead) {
        const uint64_t now_ns = sim_send_ns(net);
        const uint64_t begin_ns = now_ns > from->link_free_ns ? now_ns : from->link_free_ns;
        struct sim_letter *letter = calloc(1, sizeof *letter);
        unsigned char *copy = n_bytes > 0 ? malloc(n_bytes) : NULL;
        if (!letter || (n_bytes > 0 && !copy))
            abort();
        if (n_bytes > 0)
            memcpy(copy, bytes, n_bytes);
        from->link_free_ns = begin_ns + (uint64_t)((double)n_bytes * net->ns_per_byte);
        letter->message =
            (struct wire_message){ .from = wire->rank, .tag = tag, .bytes = copy, .n_bytes = n_bytes };
        letter->arrives_ns = from->link_free_ns + net->latency_ns;
        sim_put(&net->wires[to], letter);
    }
    pthread_mutex_unlock(&net->lock);
    return 0;
}

static inline bool sim_receive(struct wire *wire, struct wire_message *m)
{
    struct sim_wire *to = (struct sim_wire *)wire;
    struct sim_net *net = to->net;
    pthread_mutex_lock(&net->lock);
    struct sim_letter *letter = to->inbox;
    const bool has = !to->is_dead && letter && letter->arrives_ns <= sim_now_ns(net);
    if (has) {
        to->inbox = letter->next;
        if (!to->inbox)
            to->last = &to->inbox;
        *m = letter->message;
        free(letter);
    }
    pthread_mutex_unlock(&net->lock);
    return has;
}

static inline size_t sim_unsent_bytes(struct wire *wire)
{
    (void)wire;
    return 0;
}

/* The wires belong to the net. */
static inline void sim_free(struct wire *wire)
{
    (void)wire;
}

static const struct wire_kind sim_kind = {
    .send = sim_send,
    .receive = sim_receive,
    .unsent_bytes = sim_unsent_bytes,
    .free = sim_free,
};

/* All ranks, without latency and with endless bandwidth, at time 0. */
static inline void sim_net_init(struct sim_net *net, uint32_t n_ranks)
{
    *net = (struct sim_net){ .n_ranks = n_ranks, .wires = calloc(n_ranks, sizeof *net->wires) };
    if (!net->wires || pthread_mutex_init(&net->lock, NULL) != 0)
        abort();
    for (uint32_t i = 0; i < n_ranks; i++) {
        struct sim_wire *w = &net->wires[i];
        w->wire = (struct wire){ .kind = &sim_kind, .rank = i, .n_ranks = n_ranks };
        w->net = net;
        w->last = &w->inbox;
    }
}

static inline struct wire *sim_net_wire(struct sim_net *net, uint32_t rank)
{
    return &net->wires[rank].wire;
}

static inline void sim_net_kill(struct sim_net *net, uint32_t rank)
{
    pthread_mutex_lock(&net->lock);
    net->wires[rank].is_dead = true;
    pthread_mutex_unlock(&net->lock);
}

static inline void sim_net_fini(struct sim_net *net)
{
    for (uint32_t i = 0; i < net->n_ranks; i++) {
        while (net->wires[i].inbox) {
            struct sim_letter *letter = net->wires[i].inbox;
            net->wires[i].inbox = letter->next;
            wire_message_fini(&letter->message);
            free(letter);
        }
        wire_free(&net->wires[i].wire);
    }
    free(net->wires);
    pthread_mutex_destroy(&net->lock);
}

#endif
