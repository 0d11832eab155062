#include "merge_checks.h"

#include "merge.h"

#include <stdbool.h>
#include <string.h>

static int rank_of(const char *level)
{
    return strcmp(level, "INVALID") == 0 ? 2 : strcmp(level, "WARN") == 0 ? 1 : 0;
}

static const char *text_of(const json_t *check, const char *key)
{
    const char *text = json_string_value(json_object_get(check, key));
    return text ? text : "";
}

/* A rule may have two sentences in one scope. */
static bool is_same_check(const json_t *a, const json_t *b)
{
    return strcmp(text_of(a, "rule"), text_of(b, "rule")) == 0 &&
           strcmp(text_of(a, "scope"), text_of(b, "scope")) == 0 &&
           strcmp(text_of(a, "what"), text_of(b, "what")) == 0;
}

/* Replaces the same check when this one is worse, or adds it. */
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

static json_t *dropped_thresholds(const struct run_json *run)
{
    json_t *list = json_array();
    for (size_t i = 0; i < run->n_thresholds; i++)
        json_array_append_new(list, json_string(run->thresholds[i].text));
    return list;
}

void merge_checks(json_t *root, const struct merge *m)
{
    json_t *checks = json_object_get(root, "checks");
    const char *verdict = m->runs[0].run.verdict;
    for (size_t i = 1; i < m->n_runs; i++) {
        const json_t *more = json_object_get(m->runs[i].run.root, "checks");
        for (size_t k = 0; k < json_array_size(more); k++)
            take(checks, json_array_get(more, k));
        if (rank_of(m->runs[i].run.verdict) > rank_of(verdict))
            verdict = m->runs[i].run.verdict;
    }
    json_object_set_new(root, "verdict", json_string(verdict));
    json_object_set_new(root, "thresholds", json_array());
    json_object_set_new(root, "thresholds_dropped", dropped_thresholds(&m->runs[0].run));
}
