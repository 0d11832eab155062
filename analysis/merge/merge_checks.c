#include "merge_checks.h"

#include "merge_run.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double OVERLAP_WARN_PCT = 90;

static int rank_of(const char *level)
{
    return strcmp(level, "INVALID") == 0 ? 2 : strcmp(level, "WARN") == 0 ? 1 : 0;
}

static const char *text_of(const json_t *check, const char *key)
{
    const char *text = json_string_value(json_object_get(check, key));
    return text ? text : "";
}

/* One rule may have two checks in a scope, which differ in `what`. */
static bool is_same_check(const json_t *a, const json_t *b)
{
    return strcmp(text_of(a, "rule"), text_of(b, "rule")) == 0 &&
           strcmp(text_of(a, "scope"), text_of(b, "scope")) == 0 &&
           strcmp(text_of(a, "what"), text_of(b, "what")) == 0;
}

/* Adds the check, or replaces the same one if this is worse. */
static void take(json_t *checks, const json_t *check)
{
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *have = json_array_get(checks, i);
        if (!is_same_check(have, check))
            continue;
        if (rank_of(text_of(check, "level")) > rank_of(text_of(have, "level")))
            json_array_set_new(checks, i, json_deep_copy(check));
        return;
    }
    json_array_append_new(checks, json_deep_copy(check));
}

/* Time during which all generators ran, as a share of the time during which any did. */
static double overlap_pct(const struct merge *m)
{
    double last_start_s = 0, first_end_s = INFINITY, last_end_s = 0;
    for (size_t i = 0; i < m->n_runs; i++) {
        const double start_s = (double)m->runs[i].shift_ns / 1e9;
        const double end_s = start_s + m->runs[i].run.duration_s;
        last_start_s = fmax(last_start_s, start_s);
        first_end_s = fmin(first_end_s, end_s);
        last_end_s = fmax(last_end_s, end_s);
    }
    return last_end_s > 0 ? 100 * fmax(first_end_s - last_start_s, 0) / last_end_s : 100;
}

static json_t *overlap_check(const struct merge *m)
{
    const double pct = overlap_pct(m);
    const bool is_little = pct < OVERLAP_WARN_PCT;
    return json_pack(
        "{s:s, s:s, s:s, s:f, s:f, s:n, s:s, s:s, s:s}", "rule", MERGE_RULE, "scope", "all", "level",
        is_little ? "WARN" : "OK", "value", pct, "warn", OVERLAP_WARN_PCT, "invalid", "unit", "%", "what",
        "time that all generators ran at once", "advice",
        is_little ? "Start the generators together, and check that their clocks agree: for the rest of the "
                    "time the target bore less than the whole load."
                  : "");
}

void merge_checks(json_t *root, const struct merge *m)
{
    json_t *checks = json_object_get(root, "checks");
    json_t *overlap = overlap_check(m);
    for (size_t i = 1; i < m->n_runs; i++) {
        const json_t *more = json_object_get(m->runs[i].run.root, "checks");
        for (size_t k = 0; k < json_array_size(more); k++)
            take(checks, json_array_get(more, k));
    }
    take(checks, overlap);
    json_decref(overlap);
}
