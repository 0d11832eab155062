#include "run_generators.h"

#include "json_member.h"
#include "run_json.h"

#include <math.h>
#include <stdlib.h>

static struct summary_generator merged(const json_t *row)
{
    return (struct summary_generator){
        .host = json_string_value(json_object_get(row, "host")),
        .share = json_member_count(row, "shard"),
        .end = json_member_text(row, "end"),
        .level = json_member_text(row, "level"),
        .n_sent = json_member_count(row, "sent_n"),
        .lag_p99_us = json_member_real(row, "lag_p99_us"),
        .cpu_pct = json_member_real(row, "cpu_pct"),
        .clock_offset_us = json_member_real(row, "clock_offset_us"),
        .clock_error_us = json_member_real(row, "clock_error_us"),
        .start_late_us = json_member_real(row, "start_late_us"),
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
