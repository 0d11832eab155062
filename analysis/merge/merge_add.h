/* Adding what the run.json of two generators counted: numbers are added wherever they stand, texts and flags
 * stay, and what one of them does not know is unknown. */
#ifndef MERGE_ADD_H
#define MERGE_ADD_H

#include <jansson.h>
#include <stddef.h>

/* Adds the named members of `from` to those of `into`, objects member by member and arrays element by
 * element. */
void merge_add_members(json_t *into, const json_t *from, const char *const *members, size_t n);

/* Adds the rows of `exact` by tag: counts and sums are added, the lesser minimum and the greater maximum
 * stay. */
void merge_add_exact(json_t *into, const json_t *from);

#endif
