/* Adds stats up: the stats of all threads make a second, the seconds make the run. A second and the run are
 * stats themselves, whose instances and remotes carry the run's numbers. */
#ifndef RECORD_STATS_MERGE_H
#define RECORD_STATS_MERGE_H

#include "stats.h"

struct name_map;

/* Adds counts, histograms, causes and what was lost; the span becomes what covers both. Not samples, health,
 * remotes or what is in flight. `instances` maps numbers; NULL: they are the run's already. */
void stats_merge(struct stats *into, const struct stats *from, struct name_map *instances);
/* Adds the rows per remote address. */
void stats_merge_remotes(struct stats *into, const struct stats *from, struct name_map *remotes);

#endif
