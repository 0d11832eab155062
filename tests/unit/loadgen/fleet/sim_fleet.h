/* Ranks of one process that sum up their seconds over a simulated network, with the real reduction. */
#ifndef TEST_SIM_FLEET_H
#define TEST_SIM_FLEET_H

#include "err.h"
#include "reduction.h"
#include "sim_wire.h"
#include "stats.h"
#include "stats_merge.h"
#include "units.h"

#include <stdlib.h>

enum { SIM_SECONDS_MOST = 64 };

struct sim_fleet {
    struct sim_net net;
    struct reduction **ranks; /* [net.n_ranks]; the t0 of all is 0 */
    /* what rank 0 was given */
    struct stats *sum;
    uint32_t n_told[SIM_SECONDS_MOST];
    uint32_t n_given[SIM_SECONDS_MOST];
    uint64_t given_ns[SIM_SECONDS_MOST]; /* first */
    uint64_t n_late;
};

static inline void sim_fleet_take(void *payload, const struct reduced *second)
{
    struct sim_fleet *f = payload;
    if (second->second >= SIM_SECONDS_MOST)
        abort();
    stats_merge(f->sum, second->sum, NULL);
    if (f->n_given[second->second]++ == 0)
        f->given_ns[second->second] = sim_send_ns(&f->net);
    f->n_told[second->second] += second->n_told;
    f->n_late += second->is_late;
}

static inline void sim_fleet_init(struct sim_fleet *f, uint32_t n_ranks, const struct plan *plan,
                                  uint32_t more_metrics)
{
    struct err e;
    *f = (struct sim_fleet){ .ranks = calloc(n_ranks, sizeof *f->ranks), .sum = stats_new(plan) };
    sim_net_init(&f->net, n_ranks);
    if (!f->ranks || !f->sum)
        abort();
    for (uint32_t i = 0; i < n_ranks; i++) {
        f->ranks[i] = reduction_new(&(struct reduction_params){ .wire = sim_net_wire(&f->net, i),
                                                                .plan = plan,
                                                                .more_metrics = more_metrics,
                                                                .wait_ns = 400 * NS_PER_MS,
                                                                .on_second = sim_fleet_take,
                                                                .payload = f },
                                    &e);
        if (!f->ranks[i])
            abort();
        reduction_begin(f->ranks[i], 0);
    }
}

static inline void sim_fleet_fini(struct sim_fleet *f)
{
    for (uint32_t i = 0; i < f->net.n_ranks; i++)
        reduction_free(f->ranks[i]);
    free(f->ranks);
    stats_free(f->sum);
    sim_net_fini(&f->net);
}

/* One turn of a rank, as its thread makes every millisecond or so. True if a message had come. */
static inline bool sim_fleet_turn(struct sim_fleet *f, uint32_t rank)
{
    struct wire_message m;
    bool has_any = false;
    while (wire_receive(sim_net_wire(&f->net, rank), &m)) {
        reduction_message(f->ranks[rank], &m);
        wire_message_fini(&m);
        has_any = true;
    }
    reduction_turn(f->ranks[rank], sim_now_ns(&f->net));
    return has_any;
}

/* Turns of all living ranks every 5 ms until the time. */
static inline void sim_fleet_run(struct sim_fleet *f, uint64_t until_ns)
{
    for (; f->net.now_ns < until_ns; f->net.now_ns += 5 * NS_PER_MS)
        for (uint32_t i = 0; i < f->net.n_ranks; i++)
            if (!f->net.wires[i].is_dead)
                sim_fleet_turn(f, i);
}

#endif
