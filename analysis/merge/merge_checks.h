/* The judgements of a merged run: of each rule and scope the worst, one more on whether the generators ran at
 * once, and the worst verdict. */
#ifndef MERGE_CHECKS_H
#define MERGE_CHECKS_H

#include <jansson.h>

struct merge;

/* Sets `checks` and `verdict` of `root`, a copy of the first run's. */
void merge_checks(json_t *root, const struct merge *m);

#endif
