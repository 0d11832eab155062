#include "merge_checks.h"

#include "err.h"
#include "json_member.h"
#include "merge_counted.h"
#include "merge_shares.h"
#include "merge_state.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const double OVERLAP_WARN_PCT = 90;

/* Of each check until all are there: the generator that it is of, and how many others are as bad. */
#define NAME  "generator"
#define OTHER "others_n"

static int rank_of(const char *level)
{
    return strcmp(level, "INVALID") == 0 ? 2 : strcmp(level, "WARN") == 0 ? 1 : 0;
}

/* One rule may have two checks in a scope, which differ in `what`. */
static bool is_same_check(const json_t *a, const json_t *b)
{
    return strcmp(json_member_text(a, "rule"), json_member_text(b, "rule")) == 0 &&
           strcmp(json_member_text(a, "scope"), json_member_text(b, "scope")) == 0 &&
           strcmp(json_member_text(a, "what"), json_member_text(b, "what")) == 0;
}

/* Of two values of one level, the one farther on the wrong side of the limit, or nearer to it. */
static bool is_worse_value(const json_t *check, const json_t *have)
{
    const bool is_missed = rank_of(json_member_text(have, "level")) > 0;
    const double value = json_member_real(check, "value"), old = json_member_real(have, "value");
    const bool is_least =
        is_missed ? old < json_member_real(have, "warn") : old > json_member_real(have, "warn");
    return is_least ? value < old : value > old; /* never if one is unknown */
}

static void set_check(json_t *checks, size_t i, const json_t *check, const char *name, json_int_t n_others)
{
    json_t *copy = json_deep_copy(check);
    json_object_set_new(copy, NAME, json_string(name));
    json_object_set_new(copy, OTHER, json_integer(n_others));
    if (i < json_array_size(checks))
        json_array_set_new(checks, i, copy);
    else
        json_array_append_new(checks, copy);
}

/* Adds the check, or replaces the same one if this is worse. */
static void take(json_t *checks, const json_t *check, const char *name)
{
    size_t i = 0;
    while (i < json_array_size(checks) && !is_same_check(json_array_get(checks, i), check))
        i++;
    json_t *have = json_array_get(checks, i);
    const int rank = rank_of(json_member_text(check, "level")),
              old = have ? rank_of(json_member_text(have, "level")) : -1;
    if (rank > old)
        set_check(checks, i, check, name, 0);
    if (rank != old)
        return;
    const json_int_t n_others = json_integer_value(json_object_get(have, OTHER)) + 1;
    if (is_worse_value(check, have))
        set_check(checks, i, check, name, n_others);
    else
        json_object_set_new(have, OTHER, json_integer(n_others));
}

void merge_checks_add(json_t *checks, const json_t *more, struct merge_run *run)
{
    static const char *const levels[] = { "OK", "WARN", "INVALID" };
    char name[MERGE_RUN_NAME_BYTES];
    int worst = 0;
    merge_run_name(run, name);
    for (size_t i = 0; i < json_array_size(more); i++) {
        const json_t *check = json_array_get(more, i);
        const int rank = rank_of(json_member_text(check, "level"));
        if (merge_counted_is(json_member_text(check, "rule")))
            continue;
        take(checks, check, name);
        worst = rank > worst ? rank : worst;
    }
    run->level = levels[worst];
}

/* "requests sent late (share 3, host c5, and 4 more)" */
static void name_generator(json_t *check, size_t n_runs)
{
    char what[512];
    const json_int_t n_others = json_integer_value(json_object_get(check, OTHER));
    if (rank_of(json_member_text(check, "level")) > 0 && n_runs > 1) {
        const int length = snprintf(what, sizeof what, "%.300s (%s", json_member_text(check, "what"),
                                    json_member_text(check, NAME));
        if (n_others > 0)
            snprintf(what + length, sizeof what - (size_t)length, ", and %" JSON_INTEGER_FORMAT " more)",
                     n_others);
        else
            snprintf(what + length, sizeof what - (size_t)length, ")");
        json_object_set_new(check, "what", json_string(what));
    }
    json_object_del(check, NAME);
    json_object_del(check, OTHER);
}

/* A share that sent nothing had no part, and SHARES names those that ended early. */
static bool counts(const struct merge *m, const struct merge_run *run)
{
    return !merge_is_of_shares(m) || (run->sent_n > 0 && strcmp(run->end, "done") == 0);
}

/* Time during which all generators ran, as a share of the time during which any did. A share that is done has
 * sent its part, which may be the shorter one; what counts is that it began with the others. */
static double overlap_pct(const struct merge *m)
{
    const bool is_of_shares = merge_is_of_shares(m);
    double last_start_s = 0, first_end_s = INFINITY, last_end_s = 0;
    for (size_t i = 0; i < m->n_runs; i++) {
        const double start_s = (double)m->runs[i].shift_ns / 1e9;
        const double end_s = start_s + m->runs[i].duration_s;
        if (!counts(m, &m->runs[i]))
            continue;
        last_start_s = fmax(last_start_s, start_s);
        last_end_s = fmax(last_end_s, end_s);
        if (!is_of_shares)
            first_end_s = fmin(first_end_s, end_s);
    }
    first_end_s = fmin(first_end_s, last_end_s);
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

int merge_checks_end(json_t *checks, const struct merge *m, struct err *e)
{
    for (size_t i = 0; i < json_array_size(checks); i++)
        name_generator(json_array_get(checks, i), m->n_runs);
    if (merge_counted_add(checks, m, e))
        return -1;
    json_array_append_new(checks, overlap_check(m));
    if (merge_is_of_shares(m))
        json_array_append_new(checks, merge_shares_rule(m));
    return 0;
}
