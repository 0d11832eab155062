/* A mistake in a text file, shown where it stands: `file:line:column: error: sentence`, the line, and a caret
 * below the place. */
#ifndef BASE_TEXT_PLACE_H
#define BASE_TEXT_PLACE_H

#include <stddef.h>
#include <stdint.h>

struct err;

struct text_place {
    const char *path;      /* as people know it */
    const char *text;      /* the whole file, NUL-terminated */
    uint32_t line, column; /* in characters, from 1; line 0 when unknown */
    uint32_t width;        /* characters to underline */
};

/* Puts the place around the sentence that is in `e` already, unless it is ERR_FAILED, which is not the file's
 * fault. Returns -1. */
int text_place_show(const struct text_place *p, struct err *e);

/* Bytes of the first `n` characters of a UTF-8 text, at most `length`. */
size_t text_place_bytes(const char *text, size_t length, size_t n);

#endif
