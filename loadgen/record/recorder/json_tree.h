/* JSON that is whole or not at all: whatever cannot be put into an object or an array for want of memory
 * turns that into NULL, and so what it was to be put into, up to the root. Only the root has to be asked. */
#ifndef RECORD_JSON_TREE_H
#define RECORD_JSON_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

/* Puts a value, which is taken over in any case, into the object or at the end of the array. Nothing happens
 * to what is NULL. */
void json_tree_set(json_t **object, const char *key, json_t *value);
void json_tree_append(json_t **array, json_t *value);

json_t *json_tree_count(uint64_t n);
/* A number; null for one that is not finite. */
json_t *json_tree_real(double value);

#endif
