/* Texts in JSON. JSON is UTF-8, and jansson refuses what is not: a folder, a header or an argument may hold
 * any byte. */
#ifndef RECORD_JSON_TEXT_H
#define RECORD_JSON_TEXT_H

#include <jansson.h>

/* The text as a JSON string, with U+FFFD for each byte that is not UTF-8. NULL when memory is short. */
json_t *json_text(const char *text);

/* The same; null where there is no text or an empty one. */
json_t *json_text_or_null(const char *text);

#endif
