/* The checks and verdict of a merged run: the worst of each rule and scope, one more for how long the
 * generators overlapped, and the worst verdict. */
#ifndef MERGE_VERDICT_H
#define MERGE_VERDICT_H

#include <jansson.h>

struct merge;

/* The rule of the additional check. */
#define MERGE_RULE "merge"

/* Sets `checks` and `verdict` of `root`, a copy of the first run's. */
void merge_verdict(json_t *root, const struct merge *m);

#endif
