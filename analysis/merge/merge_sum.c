#include "merge_sum.h"

#include "http2_json.h"

#include <stdbool.h>
#include <string.h>

static json_t *sum(const json_t *a, const json_t *b);

/* Of the members of http2 some are the most or the least of any moment. */
static json_t *sum_of_http2(const json_t *a, const json_t *b)
{
    struct http2_counts sum = http2_json_read(a);
    const struct http2_counts more = http2_json_read(b);
    http2_counts_merge(&sum, &more);
    return http2_json(&sum);
}

static json_t *sum_of_member(const char *key, const json_t *a, const json_t *b)
{
    return strcmp(key, "http2") == 0 ? sum_of_http2(a, b) : sum(a, b);
}

static json_t *sum_of_objects(const json_t *a, const json_t *b)
{
    const char *key;
    json_t *value;
    json_t *result = json_deep_copy(b);
    json_object_foreach((json_t *)a, key, value)
    {
        const json_t *other = json_object_get(b, key);
        json_object_set_new(result, key, other ? sum_of_member(key, value, other) : json_deep_copy(value));
    }
    return result;
}

static json_t *sum_of_arrays(const json_t *a, const json_t *b)
{
    json_t *result = json_array();
    for (size_t i = 0; i < json_array_size(a) && i < json_array_size(b); i++)
        json_array_append_new(result, sum(json_array_get(a, i), json_array_get(b, i)));
    return result;
}

static json_t *sum(const json_t *a, const json_t *b)
{
    json_int_t n;
    if (json_is_integer(a) && json_is_integer(b) &&
        !__builtin_add_overflow(json_integer_value(a), json_integer_value(b), &n))
        return json_integer(n);
    if (json_is_number(a) && json_is_number(b))
        return json_real(json_number_value(a) + json_number_value(b));
    if (json_is_object(a) && json_is_object(b))
        return sum_of_objects(a, b);
    if (json_is_array(a) && json_is_array(b))
        return sum_of_arrays(a, b);
    return json_is_null(b) ? json_null() : json_deep_copy(a);
}

void merge_sum_members(json_t *into, const json_t *from, const char *const *members, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const json_t *a = json_object_get(into, members[i]);
        const json_t *b = json_object_get(from, members[i]);
        if (a && b)
            json_object_set_new(into, members[i], sum(a, b));
        else
            json_object_del(into, members[i]);
    }
}

static void add_exact_row(json_t *into, const json_t *from)
{
    static const char *const added[] = { "n", "sum_ns", "overflow_n" };
    const json_int_t min_ns = json_integer_value(json_object_get(from, "min_ns"));
    const json_int_t max_ns = json_integer_value(json_object_get(from, "max_ns"));
    merge_sum_members(into, from, added, sizeof added / sizeof *added);
    if (min_ns < json_integer_value(json_object_get(into, "min_ns")))
        json_object_set_new(into, "min_ns", json_integer(min_ns));
    if (max_ns > json_integer_value(json_object_get(into, "max_ns")))
        json_object_set_new(into, "max_ns", json_integer(max_ns));
}

void merge_sum_exact(json_t *into, const json_t *from)
{
    json_t *by_tag = json_object();
    for (size_t i = 0; i < json_array_size(into); i++) {
        json_t *row = json_array_get(into, i);
        json_object_set(by_tag, json_string_value(json_object_get(row, "tag")), row);
    }
    for (size_t i = 0; i < json_array_size(from); i++) {
        const json_t *row = json_array_get(from, i);
        json_t *same = json_object_get(by_tag, json_string_value(json_object_get(row, "tag")));
        if (same)
            add_exact_row(same, row);
        else
            json_array_append_new(into, json_deep_copy(row));
    }
    json_decref(by_tag);
}
