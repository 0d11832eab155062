/* "Did you mean": the candidate closest to a mistyped word. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* The candidate with the smallest Damerau-Levenshtein distance (optimal string alignment) to `word`, if that
 * is at most a third of the longer word's length (at least 1) and the two have something in common; else
 * NULL. The result is borrowed from `candidates`. */
const char *nearest_word(const char *word, const char *const *candidates, size_t n);

#endif
