/* JSON that is complete or NULL: when memory is short, the object or array that misses a value becomes NULL,
 * and so does every parent. Only the root needs a check. */
#ifndef JSON_TREE_H
#define JSON_TREE_H

#include <stdint.h>

#include <jansson.h>

/* Adds a value to the object or the end of the array, and takes ownership of it in any case. A NULL object or
 * array stays NULL. */
void json_tree_set(json_t **object, const char *key, json_t *value);
void json_tree_append(json_t **array, json_t *value);

json_t *json_tree_count(uint64_t n);
/* A number; null for one that is not finite. */
json_t *json_tree_real(double value);

/* The text as a JSON string, which must be UTF-8, with U+FFFD for each byte that is not. */
json_t *json_tree_text(const char *text);
/* The same; null for NULL or an empty text. */
json_t *json_tree_text_or_null(const char *text);

#endif
