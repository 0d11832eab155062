/* The whole fleet's run so far, at rank 0: the sum of all seconds, and how many shares are in it. */
#ifndef FLEET_FLEET_SUM_H
#define FLEET_FLEET_SUM_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct hist;
struct phase_clock;
struct plan;
struct reduced;
struct stats;

struct fleet_sum {
    const struct plan *plan;          /* borrowed */
    const struct phase_clock *phases; /* borrowed */
    uint32_t n_ranks;
    struct stats *run; /* owned */
    struct hist *scratch[2];
    uint64_t n_seconds;   /* since t0, the last one included */
    uint64_t n_told_all;  /* seconds of shares that are in the sum */
    uint32_t n_told_last; /* shares in the last second */
    uint64_t end_ns;      /* of the last second, since t0 */
};

/* -1 when memory is short. */
int fleet_sum_init(struct fleet_sum *s, const struct plan *plan, const struct phase_clock *phases,
                   uint32_t n_ranks, struct err *e);
void fleet_sum_fini(struct fleet_sum *s);

void fleet_sum_add(struct fleet_sum *s, const struct reduced *second);

/* True if a threshold with `abort` is missed by the sum. Rates are judged only while all shares are in it,
 * since what a missing one sent would seem not to have been sent; all else while at least 90 % are. `t0_ns`:
 * the start, monotonic. */
bool fleet_sum_misses_threshold(const struct fleet_sum *s, uint64_t t0_ns);

#endif
