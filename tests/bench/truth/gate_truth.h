/* How often a gate fails, passes or cannot tell, in series of runs whose true change is known: of times, and
 * of failed shares that differ from run to run. */
#ifndef TRUTH_GATE_H
#define TRUTH_GATE_H

#include "truth.h"

struct err;

/* Prints the tables; counts the promises that are not kept. */
int gate_truth(struct truth *truth, struct err *e);

#endif
