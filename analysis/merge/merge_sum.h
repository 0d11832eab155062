/* Adds the counts of two generators' run.json: numbers are added at any depth, texts and flags stay, and a
 * value that either lacks is unknown. Of `http2`, limits and the most open at once are not added. */
#ifndef MERGE_SUM_H
#define MERGE_SUM_H

#include <jansson.h>
#include <stddef.h>

/* Adds the named members of `from` to those of `into`. */
void merge_sum_members(json_t *into, const json_t *from, const char *const *members, size_t n);

/* Adds rows of `exact` with the same tag: counts and sums are added, minimum and maximum span both. */
void merge_sum_exact(json_t *into, const json_t *from);

#endif
