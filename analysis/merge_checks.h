/* The judgements of a merged run: of each rule and scope the worst, the worst verdict, and no thresholds,
 * since a threshold was meant for the load of one generator. */
#ifndef MERGE_CHECKS_H
#define MERGE_CHECKS_H

#include <jansson.h>

struct merge;

/* Sets `checks`, `verdict`, `thresholds` and `thresholds_dropped` of `root`, a copy of the first run's. */
void merge_checks(json_t *root, const struct merge *m);

#endif
