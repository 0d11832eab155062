/* Campaigns of which only the runs' numbers are simulated: the log of each is drawn about its arm's, so that
 * a pair's log ratio has the spread asked for, with whatever else goes wrong in campaigns. */
#ifndef TRUTH_SIMULATED_H
#define TRUTH_SIMULATED_H

#include "decide.h"

#include <stddef.h>

struct random;

enum { SIMULATED_MOST = 48 }; /* pairs */

struct simulated {
    double ratio;  /* of B to A: the truth */
    double spread; /* standard deviation of a pair's log ratio */
    double broken; /* chance that a run is 1.5 to 5 times too slow */
    double shift;  /* ratio of second to first run, in pairs and controls; 0: none */
    double slow_b; /* share of B's runs that are 1.5 times as slow */
    double memory; /* correlation of a pair's log ratio with the next one's */
    double drift;  /* correlation of a run with the next one, all runs in their balanced order; else 0 */
};

double simulated_normal(struct random *random);
/* Draws n pairs of A and B, or controls of A alone. */
void simulated_pairs(const struct simulated *s, size_t n, struct random *random, struct decide_pair *pairs);
void simulated_controls(const struct simulated *s, size_t n, struct random *random,
                        struct decide_pair *pairs);

#endif
