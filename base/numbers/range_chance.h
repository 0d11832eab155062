/* How likely are k counts to be as even as these by chance? The range is the largest minus the smallest of k
 * counts of n requests, each of which went to one of k instances at random. Its distribution is exact, unlike
 * that of chi-square, whose lower tail is wrong for a lattice: with two instances and 20 requests chance ties
 * them in 18 % of runs. */
#ifndef BASE_RANGE_CHANCE_H
#define BASE_RANGE_CHANCE_H

#include <stddef.h>
#include <stdint.h>

/* Larger problems take too long, and are far from evenness that chance would not make. */
enum { RANGE_CHANCE_MOST = 64, RANGE_CHANCE_TERMS_MOST = 4096 };

/* P(range <= range) for n requests over k >= 1 instances; NAN when memory is short, the range exceeds
 * RANGE_CHANCE_MOST, or range * k exceeds RANGE_CHANCE_TERMS_MOST. */
double range_chance(uint64_t n, size_t k, uint64_t range);

#endif
