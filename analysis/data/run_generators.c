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

struct summary_generator *run_generators(const struct run_json *run, size_t *n)
{
    const json_t *list = json_object_get(run->root, "merged_from");
    struct summary_generator *rows = calloc(json_array_size(list) + 1, sizeof *rows);
    *n = rows ? json_array_size(list) : 0;
    for (size_t i = 0; i < *n; i++) {
        const json_t *row = json_array_get(list, i);
        rows[i] = (struct summary_generator){
            .host = json_string_value(json_object_get(row, "host")),
            .share = count_at(row, "shard"),
            .end = text_at(row, "end"),
            .level = text_at(row, "level"),
            .n_sent = count_at(row, "sent_n"),
            .lag_p99_us = number_at(row, "lag_p99_us"),
            .cpu_pct = number_at(row, "cpu_pct"),
            .clock_offset_us = number_at(row, "clock_offset_us"),
        };
    }
    return rows;
}
