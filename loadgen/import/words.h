/* Texts of requests as a scenario writes them: `{word}` is a value, and a brace that could begin a word is
 * doubled. */
#ifndef IMPORT_WORDS_H
#define IMPORT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

/* The bytes as a template that gives exactly them. They hold no NUL. */
char *words_literal(struct arena *a, const char *bytes, size_t length_bytes, struct err *e);
/* The template as bytes, for one without words. */
char *words_bytes(struct arena *a, const char *template, size_t *length_bytes, struct err *e);
/* The length of the word that `text` begins with, braces included; 0: it begins with none. */
size_t words_length(const char *text);
/* Whether any value stands in it. */
bool words_has(const char *template);

#endif
