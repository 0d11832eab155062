/* Text from outside, made safe to show: whatever a terminal, a page, a table or gnuplot would take for more
 * than a character becomes a question mark. Harmful are control characters (C0, DEL, C1), bytes that are not
 * UTF-8, and the characters that change the direction of writing, which disguise what a line says. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes of the valid UTF-8 character that `text` begins with, 1 to 4, and its code point; 0 when there is
 * none. */
size_t utf8_decode(const char *text, uint32_t *code);

/* Whether all of the text is UTF-8. */
bool utf8_is_valid(const char *text);

/* Whether a terminal would take the character for more than a character. */
bool utf8_is_harmful(uint32_t code);

/* In place, without growing: line ends and tabs become blanks, each other harmful byte '?'. */
void utf8_line(char *text);

/* The same with line ends and tabs as they are. */
void utf8_text(char *text);

/* Writes the text with '?' for what is harmful; line ends and tabs stay. */
void utf8_print(FILE *out, const char *text);

/* Removes the incomplete character that a full buffer leaves at its end. */
void utf8_trim(char *text);

/* An owned copy of a text that ends in NUL, with U+FFFD for each byte that is not UTF-8 and all else as it
 * is; NULL when memory is short. */
char *utf8_valid(const char *text, size_t length_bytes);

#endif
