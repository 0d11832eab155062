#include "json_tree.h"

#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An incomplete tree becomes NULL. */
static void drop(json_t **tree)
{
    json_decref(*tree);
    *tree = NULL;
}

void json_tree_set(json_t **object, const char *key, json_t *value)
{
    if (!*object)
        json_decref(value);
    else if (json_object_set_new(*object, key, value))
        drop(object);
}

void json_tree_append(json_t **array, json_t *value)
{
    if (!*array)
        json_decref(value);
    else if (json_array_append_new(*array, value))
        drop(array);
}

json_t *json_tree_count(uint64_t n)
{
    return json_integer((json_int_t)n);
}

json_t *json_tree_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_tree_text(const char *text)
{
    if (utf8_is_valid(text))
        return json_string(text);
    char *valid = utf8_valid(text, strlen(text));
    json_t *string = valid ? json_string(valid) : NULL;
    free(valid);
    return string;
}

json_t *json_tree_text_or_null(const char *text)
{
    return text && *text ? json_tree_text(text) : json_null();
}
