/* Adds books up: the books of all threads make a second, the seconds make the run. A second and the run are
 * books themselves, whose instances and remotes carry the run's numbers. */
#ifndef RECORD_BOOK_MERGE_H
#define RECORD_BOOK_MERGE_H

#include "book.h"

struct name_map;

/* Adds counts, histograms, causes and what was lost; the span becomes what covers both. Not samples, health,
 * remotes or what is in flight. `instances` maps numbers; NULL: they are the run's already. */
void book_merge(struct book *into, const struct book *from, struct name_map *instances);
/* Adds the rows per remote address. */
void book_merge_remotes(struct book *into, const struct book *from, struct name_map *remotes);

#endif
