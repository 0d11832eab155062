#include "err.h"
#include "merge.h"
#include "merge_checks.h"
#include "merge_compatible.h"
#include "merge_shares.h"
#include "merge_state.h"
#include "merge_sum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"

static json_t *parse(const char *text)
{
    json_error_t where;
    json_t *json = json_loads(text, 0, &where);
    if (!json)
        fail_msg("%s: %s", text, where.text);
    return json;
}

static void counts_are_added_and_texts_stay(void **state)
{
    static const char *const members[] = { "n", "totals", "rates", "unknown", "one_sided" };
    json_t *a =
        parse("{\"n\": 1, \"totals\": {\"ok\": 2, \"only_a\": 3, \"name\": \"x\"}, \"rates\": [1.5, 2],"
              " \"unknown\": 4, \"one_sided\": 5, \"left\": 6}");
    json_t *b =
        parse("{\"n\": 10, \"totals\": {\"ok\": 20, \"only_b\": 30, \"name\": \"y\"}, \"rates\": [1, 2],"
              " \"unknown\": null, \"left\": 60}");
    json_t *right =
        parse("{\"n\": 11, \"totals\": {\"ok\": 22, \"only_a\": 3, \"only_b\": 30, \"name\": \"x\"},"
              " \"rates\": [2.5, 4], \"unknown\": null, \"left\": 6}");
    (void)state;
    merge_sum_members(a, b, members, sizeof members / sizeof *members);
    assert_true(json_equal(a, right));
    json_decref(a);
    json_decref(b);
    json_decref(right);
}

static void counts_that_exceed_an_integer_are_rounded(void **state)
{
    static const char *const members[] = { "n" };
    json_t *a = parse("{\"n\": 9223372036854775807}"), *b = parse("{\"n\": 9223372036854775807}");
    (void)state;
    merge_sum_members(a, b, members, 1);
    assert_true(json_is_real(json_object_get(a, "n")));
    assert_true(json_real_value(json_object_get(a, "n")) == 0x1p64);
    json_decref(a);
    json_decref(b);
}

static void exact_rows_are_added_by_tag(void **state)
{
    json_t *a = parse(
        "[{\"tag\": \"x\", \"n\": 2, \"sum_ns\": 30, \"overflow_n\": 0, \"min_ns\": 10, \"max_ns\": 20},"
        " {\"tag\": \"only_a\", \"n\": 1, \"sum_ns\": 1, \"overflow_n\": 0, \"min_ns\": 1, \"max_ns\": 1}]");
    json_t *b = parse(
        "[{\"tag\": \"only_b\", \"n\": 1, \"sum_ns\": 7, \"overflow_n\": 0, \"min_ns\": 7, \"max_ns\": 7},"
        " {\"tag\": \"x\", \"n\": 3, \"sum_ns\": 60, \"overflow_n\": 1, \"min_ns\": 5, \"max_ns\": 40}]");
    json_t *x =
        parse("{\"tag\": \"x\", \"n\": 5, \"sum_ns\": 90, \"overflow_n\": 1, \"min_ns\": 5, \"max_ns\": 40}");
    (void)state;
    merge_sum_exact(a, b);
    assert_int_equal(json_array_size(a), 3);
    assert_true(json_equal(json_array_get(a, 0), x));
    assert_string_equal(json_string_value(json_object_get(json_array_get(a, 2), "tag")), "only_b");
    json_decref(a);
    json_decref(b);
    json_decref(x);
}

static char folder_name[] = "folder", run_id[] = "run", done[] = "done", version[] = "1", host[] = "c5";

/* Generators of one run, each 10 s long. */
static void generators(struct merge_run *runs, size_t n, const double *start_s)
{
    for (size_t i = 0; i < n; i++)
        runs[i] = (struct merge_run){ .folder = folder_name,
                                      .run_id = run_id,
                                      .end = done,
                                      .version = version,
                                      .host = host,
                                      .t0_realtime_ns = (uint64_t)(start_s[i] * 1e9),
                                      .shift_ns = (uint64_t)(start_s[i] * 1e9),
                                      .sent_n = 1,
                                      .duration_s = 10 };
}

static const json_t *check_of(const json_t *checks, const char *rule)
{
    for (size_t i = 0; i < json_array_size(checks); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(checks, i), "rule")), rule) == 0)
            return json_array_get(checks, i);
    return NULL;
}

static const char *text_at(const json_t *checks, const char *rule, const char *key)
{
    return json_string_value(json_object_get(check_of(checks, rule), key));
}

/* The checks of all generators; those of the i-th are `each[i]`. Owned. */
static json_t *checks_of_all(struct merge *m, const char *const *each)
{
    struct err e;
    json_t *checks = json_array();
    for (size_t i = 0; each && i < m->n_runs; i++) {
        json_t *more = parse(each[i]);
        merge_checks_add(checks, more, &m->runs[i]);
        json_decref(more);
    }
    m->out = "/nowhere/merged";
    assert_int_equal(merge_checks_end(checks, m, &e), 0);
    return checks;
}

#define CHECK(rule, level, value)                                                                            \
    "{\"rule\": \"" rule "\", \"scope\": \"all\", \"what\": \"w\", \"level\": \"" level "\", \"warn\": 10, " \
    "\"value\": " value "}"

static void the_worst_of_each_check_stays(void **state)
{
    static const char *const each[] = { "[" CHECK("R1", "WARN", "12") "," CHECK("R2", "OK", "1") "]",
                                        "[" CHECK("R1", "WARN", "15") "," CHECK("R4", "OK", "30") "]",
                                        "[" CHECK("R2", "INVALID", "20") "," CHECK("R3", "OK", "1") "," CHECK(
                                            "R1", "OK", "3") "," CHECK("R4", "OK", "20") "]" };
    const double together[] = { 0, .1, .2 };
    struct merge_run runs[3];
    (void)state;
    generators(runs, 3, together);
    struct merge m = { .runs = runs, .n_runs = 3 };
    json_t *checks = checks_of_all(&m, each);
    assert_string_equal(text_at(checks, "R1", "level"), "WARN");
    assert_close(json_number_value(json_object_get(check_of(checks, "R1"), "value")), 15, 0);
    assert_string_equal(text_at(checks, "R1", "what"), "w (host c5, and 1 more)");
    assert_string_equal(text_at(checks, "R2", "level"), "INVALID");
    assert_string_equal(text_at(checks, "R2", "what"), "w (host c5)");
    assert_string_equal(text_at(checks, "R3", "what"), "w");
    assert_close(json_number_value(json_object_get(check_of(checks, "R4"), "value")), 20, 0); /* a least */
    assert_string_equal(text_at(checks, MERGE_RULE, "level"), "OK");
    assert_string_equal(runs[0].level, "WARN");
    assert_string_equal(runs[2].level, "INVALID");
    assert_null(check_of(checks, MERGE_SHARES_RULE));
    json_decref(checks);
}

/* 0 to 10, 4 to 14 and 5 to 15: all of them from 5 to 10, a third of 15. */
static void generators_that_hardly_met_warn(void **state)
{
    const double apart[] = { 0, 4, 5 };
    struct merge_run runs[3];
    (void)state;
    generators(runs, 3, apart);
    struct merge m = { .runs = runs, .n_runs = 3 };
    json_t *checks = checks_of_all(&m, NULL);
    assert_close(json_number_value(json_object_get(check_of(checks, MERGE_RULE), "value")), 100.0 / 3, 1e-9);
    assert_string_equal(text_at(checks, MERGE_RULE, "level"), "WARN");
    json_decref(checks);
}

static void the_third_of_three_is_held_against_both(void **state)
{
    const double apart[] = { 0, 6, 12 }; /* the third starts after the first's end */
    struct merge_run runs[3];
    struct err e;
    (void)state;
    generators(runs, 3, apart);
    runs[2].folder = "third";
    const struct merge m = { .runs = runs, .n_runs = 3, .out = "/nowhere/merged" };
    assert_int_equal(merge_compatible_runs(&m, &e), -1);
    assert_non_null(strstr(e.text, "third started 12.000 s after folder, which took 10.000 s"));
}

/* Shares 1, 3, ... of `count`, all at once. */
static void shares(struct merge_run *runs, size_t n, uint32_t count, const uint32_t *index)
{
    const double together[16] = { 0 };
    generators(runs, n, together);
    for (size_t i = 0; i < n; i++)
        runs[i].share = (struct merge_share){ .index = index[i], .count = count };
}

static void lacking_shares_are_named(void **state)
{
    static const uint32_t index[] = { 1, 3, 4, 5, 6, 8 };
    static char killed[] = "running", stopped[] = "interrupted", other[] = "2";
    char text[MERGE_SENTENCE_BYTES];
    struct merge_run runs[6];
    (void)state;
    shares(runs, 6, 8, index);
    struct merge m = { .runs = runs, .n_runs = 6 };
    merge_shares_sentence(&m, text, sizeof text);
    assert_string_equal(text, "shares 2 and 7 of 8 are missing: 75 % of the load was sent");
    assert_true(merge_shares_are_invalid(&m));
    m.n_allowed = 2;
    assert_false(merge_shares_are_invalid(&m));

    runs[2].end = killed;
    runs[2].duration_s = 5;
    merge_shares_sentence(&m, text, sizeof text);
    assert_string_equal(text, "shares 2 and 7 of 8 are missing; share 4 of 8 ended early: 68.8 % of the load "
                              "was sent");
    assert_true(merge_shares_are_invalid(&m));
    json_t *json = merge_shares_json(&m);
    json_t *right = parse("{\"count\": 8, \"missing\": [2, 7], \"incomplete\": [4]}");
    assert_true(json_equal(json, right));
    json_decref(json);
    json_decref(right);

    for (size_t i = 0; i < 6; i++) { /* all of them were stopped together */
        runs[i].end = stopped;
        runs[i].duration_s = 10 - .1 * (double)i;
    }
    m.n_allowed = 3;
    runs[3].version = other;
    merge_shares_sentence(&m, text, sizeof text);
    assert_string_equal(text,
                        "shares 2 and 7 of 8 are missing; share 5 of 8 ran loadgen 2, unlike the others: "
                        "75 % of the load was sent");
    assert_true(merge_shares_are_invalid(&m));
}

static void many_lacking_shares_are_counted(void **state)
{
    static const uint32_t index[] = { 1 };
    char text[MERGE_SENTENCE_BYTES];
    struct merge_run runs[1];
    (void)state;
    shares(runs, 1, 1000, index);
    struct merge m = { .runs = runs, .n_runs = 1 };
    merge_shares_sentence(&m, text, sizeof text);
    assert_string_equal(text, "shares 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 988 more of 1000 are missing: "
                              "0.1 % of the load was sent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_added_and_texts_stay),
        cmocka_unit_test(counts_that_exceed_an_integer_are_rounded),
        cmocka_unit_test(exact_rows_are_added_by_tag),
        cmocka_unit_test(the_worst_of_each_check_stays),
        cmocka_unit_test(generators_that_hardly_met_warn),
        cmocka_unit_test(the_third_of_three_is_held_against_both),
        cmocka_unit_test(lacking_shares_are_named),
        cmocka_unit_test(many_lacking_shares_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
