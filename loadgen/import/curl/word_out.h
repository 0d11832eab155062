/* A word under construction, as a template: bytes come one by one, and a brace is doubled once it is known
 * that what follows could make it a value. */
#ifndef IMPORT_WORD_OUT_H
#define IMPORT_WORD_OUT_H

#include "text_out.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;

struct word_out {
    struct text_out text;
    bool has_brace; /* the last byte was one that may have to be doubled */
    bool is_ended;  /* by \0 of $'..', as in bash: the rest of the quoted text does not count */
};

int word_out_begin(struct word_out *w, struct err *e);
void word_out_byte(struct word_out *w, char c);
/* A code point as UTF-8. */
void word_out_code(struct word_out *w, uint32_t code);
/* A template as it is: `{env:NAME}`, or a value of the script. */
void word_out_words(struct word_out *w, const char *template, size_t length);
/* The word, in the arena; NULL and a sentence when memory was short. */
const char *word_out_end(struct word_out *w, struct arena *a, struct err *e);

#endif
