#include "run_generators.h"

#include "run_json.h"

#include <math.h>
#include <stdlib.h>

static double number_at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static uint64_t count_at(const json_t *object, const char *key)
{
    const json_int_t n = json_integer_value(json_object_get(object, key));
    return n > 0 ? (uint64_t)n : 0;
}

static struct summary_generator merged(const json_t *row)
{
    return (struct summary_generator){
        .host = json_string_value(json_object_get(row, "host")),
        .share = count_at(row, "shard"),
        .end = text_at(row, "end"),
        .level = text_at(row, "level"),
        .n_sent = count_at(row, "sent_n"),
        .lag_p99_us = number_at(row, "lag_p99_us"),
        .cpu_pct = number_at(row, "cpu_pct"),
        .clock_offset_us = number_at(row, "clock_offset_us"),
        .clock_error_us = number_at(row, "clock_error_us"),
        .start_late_us = number_at(row, "start_late_us"),
    };
}

static struct summary_generator missing(const json_t *share)
{
    return (struct summary_generator){
        .share = json_integer_value(share) > 0 ? (uint64_t)json_integer_value(share) : 0,
        .end = SUMMARY_GENERATOR_MISSING,
        .level = "",
        .lag_p99_us = NAN,
        .cpu_pct = NAN,
        .clock_offset_us = NAN,
        .clock_error_us = NAN,
        .start_late_us = NAN,
    };
}

static int by_share(const void *a, const void *b)
{
    const struct summary_generator *x = a, *y = b;
    return (x->share > y->share) - (x->share < y->share);
}

struct summary_generator *run_generators(const struct run_json *run, size_t *n)
{
    const json_t *present = json_object_get(run->root, "merged_from"),
                 *shares = json_object_get(run->root, "shards"), *absent = json_object_get(shares, "missing");
    const size_t n_present = json_array_size(present), n_absent = json_array_size(absent);
    struct summary_generator *rows = calloc(n_present + n_absent + 1, sizeof *rows);
    *n = rows ? n_present + n_absent : 0;
    for (size_t i = 0; i < *n; i++)
        rows[i] = i < n_present ? merged(json_array_get(present, i))
                                : missing(json_array_get(absent, i - n_present));
    if (shares && *n > 0)
        qsort(rows, *n, sizeof *rows, by_share);
    return rows;
}
