/* Percent-encoding (RFC 3986) and that of forms, where a blank is `+`. */
#ifndef IMPORT_ENCODED_H
#define IMPORT_ENCODED_H

#include <stddef.h>
#include <stdio.h>

struct arena;
struct err;

/* The text without its encoding; NUL stays encoded. */
char *encoded_undo(struct arena *a, const char *text, size_t length_bytes, struct err *e);
/* The same with `+` as a blank. */
char *encoded_undo_form(struct arena *a, const char *text, size_t length_bytes, struct err *e);
/* Writes a template with all but unreserved characters encoded, its words as they are. */
void encoded_put(FILE *out, const char *template);
/* The same as forms have it: `+` for a blank, and the filter |form for words. */
void encoded_put_form(FILE *out, const char *template);
/* Writes what a request line cannot hold (blanks, controls, non-ASCII, quotes) encoded and leaves the rest:
 * the path of a URL as browsers and people write it. */
void encoded_put_path(FILE *out, const char *text, size_t length_bytes);

#endif
