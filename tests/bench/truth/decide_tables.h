/* How often the decision says which word, in campaigns of runs whose true ratio is known: false claims,
 * power, broken runs, controls, shifts, runs of two kinds, series that remember, equivalence, advice, and
 * stopping early. */
#ifndef TRUTH_DECIDE_TABLES_H
#define TRUTH_DECIDE_TABLES_H

#include "truth.h"

struct err;

/* Prints the tables; counts the promises that are not kept. */
int decide_tables(struct truth *truth, struct err *e);

#endif
