/* Prose in lines of limited width. */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { WRAP_COLUMNS = 80 };

/* Writes `text` in lines of at most WRAP_COLUMNS, each but the first indented by `indent`; the first begins
 * at `column`. A word that is longer stands on a line of its own. Within `text`, an empty line separates
 * paragraphs, a line that begins with a blank is kept as it is, and any other line end is a blank. Ends with
 * a line end. */
void wrap_print(FILE *out, const char *text, size_t column, size_t indent);

/* Whether a line may end at the blank text[at]: not within a number, "212 601", nor between one and its unit,
 * "5.51 ms". */
bool wrap_may_break(const char *text, size_t at);

#endif
