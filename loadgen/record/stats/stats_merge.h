/* Adds statistics up: those of all threads make a second, all seconds make the run. A second and the run are
 * `struct stats` too, with the run's numbers for instances and remotes. */
#ifndef RECORD_STATS_MERGE_H
#define RECORD_STATS_MERGE_H

#include "stats.h"

struct names_map;

/* Adds counts, histograms, causes and losses, and extends the span to cover both; but not samples, health,
 * remotes or requests in flight. `instances` maps the thread's numbers; NULL: they are the run's already. */
void stats_merge(struct stats *into, const struct stats *from, struct names_map *instances);
/* Adds a second to the run: what is counted as the most at once does not add up. */
void stats_add_second(struct stats *run, const struct stats *second);
/* Adds the rows of all remote addresses. */
void stats_merge_remotes(struct stats *into, const struct stats *from, struct names_map *remotes);

#endif
