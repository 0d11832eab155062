/* Ranks whose clocks differ, on the network of sim_wire.h. The network's time is rank 0's. */
#ifndef TEST_FLEET_CLOCKS_H
#define TEST_FLEET_CLOCKS_H

#include "fleet_clock.h"
#include "sim_wire.h"
#include "units.h"

#include "cm.h"

enum { FLEET_RANKS_MOST = 8 };

struct fleet_clocks {
    struct sim_net net;
    struct fleet_clock list[FLEET_RANKS_MOST];
};

static struct fleet_clocks fleet;

/* Rank r's clock is that many seconds ahead of rank 0's. */
static inline uint64_t fleet_ahead_ns(uint32_t rank)
{
    return rank * 1000 * NS_PER_S;
}

static inline uint64_t fleet_local_ns(uint32_t rank)
{
    return fleet.net.now_ns + fleet_ahead_ns(rank);
}

/* Clocks are not compared yet. */
static inline void fleet_begin(uint32_t n_ranks)
{
    struct err e;
    memset(&fleet, 0, sizeof fleet);
    sim_net_init(&fleet.net, n_ranks);
    fleet.net.now_ns = 100 * NS_PER_S;
    for (uint32_t i = 0; i < n_ranks; i++)
        assert_int_equal(fleet_clock_init(&fleet.list[i], sim_net_wire(&fleet.net, i), &e), 0);
}

/* Each rank knows its offset to the nanosecond. */
static inline void fleet_know_clocks(void)
{
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++)
        fleet.list[i].first = fleet.list[i].used = fleet.list[i].last =
            (struct fleet_clock_reading){ .offset_ns = -(int64_t)fleet_ahead_ns(i), .at_ns = 1 };
}

static inline void fleet_end(void)
{
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++)
        fleet_clock_fini(&fleet.list[i]);
    sim_net_fini(&fleet.net);
}

#endif
