/* The checks of a merged run: the worst of each rule and scope, with the generator that it is of; what is
 * judged on all requests together (merge_counted.h); how long the generators overlapped; and which shares are
 * lacking. */
#ifndef MERGE_CHECKS_H
#define MERGE_CHECKS_H

#include <jansson.h>

struct err;
struct merge;
struct merge_run;

/* The rule of how long the generators overlapped. */
#define MERGE_RULE "merge"

/* Adds a generator's checks to the merged ones, and sets its `level`. */
void merge_checks_add(json_t *checks, const json_t *more, struct merge_run *run);
/* Completes the checks when those of every generator are there, and the other merged files written. */
int merge_checks_end(json_t *checks, const struct merge *m, struct err *e);

#endif
