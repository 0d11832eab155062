/* The binomial tree over the ranks: rank r's parent is r without its lowest bit, so that rank 0 is the root
 * and no path is longer than log2 of their number. Child i of rank r is r + 2^i. */
#ifndef FLEET_FLEET_TREE_H
#define FLEET_FLEET_TREE_H

#include <stdint.h>

/* `rank` above 0. */
static inline uint32_t fleet_tree_parent(uint32_t rank)
{
    return rank & (rank - 1);
}

static inline uint32_t fleet_tree_child(uint32_t rank, uint32_t i)
{
    return rank + (1u << i);
}

/* Children 0 to n - 1 exist. */
static inline uint32_t fleet_tree_n_children(uint32_t rank, uint32_t n_ranks)
{
    uint32_t n = 0;
    while (n < 31 && (rank == 0 || (1u << n) < (rank & -rank)) && fleet_tree_child(rank, n) < n_ranks)
        n++;
    return n;
}

/* How many messages a sum travels through at most: the height above rank's own leaves. */
static inline uint32_t fleet_tree_height(uint32_t rank, uint32_t n_ranks)
{
    const uint32_t n = fleet_tree_n_children(rank, n_ranks);
    uint32_t height = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t below = fleet_tree_height(fleet_tree_child(rank, i), n_ranks) + 1;
        height = below > height ? below : height;
    }
    return height;
}

#endif
