/* The checks that say nothing of one generator alone, and so are judged on the requests of all together: how
 * many samples a threshold's percentile rests on (R9), and how the addresses of a name were used (R13). */
#ifndef MERGE_COUNTED_H
#define MERGE_COUNTED_H

#include <jansson.h>
#include <stdbool.h>

struct err;
struct merge;

/* Whether the rule is one of them. */
bool merge_counted_is(const char *rule);
/* Adds the checks, by the counts in m->root and the merged remotes.csv and dns.csv. */
int merge_counted_add(json_t *checks, const struct merge *m, struct err *e);

#endif
