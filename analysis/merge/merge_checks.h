/* The checks of a merged run: the worst of each rule and scope, and one more for how long the generators
 * overlapped. */
#ifndef MERGE_CHECKS_H
#define MERGE_CHECKS_H

#include <jansson.h>

struct merge;

/* The rule of the additional check. */
#define MERGE_RULE "merge"

/* Sets `checks` of `root`, a copy of the first run's. */
void merge_checks(json_t *root, const struct merge *m);

#endif
