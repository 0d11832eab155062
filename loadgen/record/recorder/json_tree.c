#include "json_tree.h"

#include <math.h>

/* Lets go of a tree that is not whole. */
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
