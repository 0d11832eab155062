/* The text of a JSON string: its escapes undone. The string has passed json_skip_string. */
#ifndef ENGINE_JSON_TEXT_H
#define ENGINE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the text of `n_bytes` between the quotes to `out`, which is never longer. Returns its length. */
size_t json_text_write(const char *raw, size_t n_bytes, char *out);
/* Whether it is this text. */
bool json_text_is(const char *raw, size_t n_bytes, const char *text, size_t text_bytes);

#endif
