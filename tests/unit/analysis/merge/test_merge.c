#include "err.h"
#include "merge_checks.h"
#include "merge_compatible.h"
#include "merge_run.h"
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

/* Generators of one run, each 10 s long, with the checks in their run.json. */
static void generators(struct merge_run *runs, size_t n, const double *start_s, const char *const *checks)
{
    for (size_t i = 0; i < n; i++) {
        runs[i] = (struct merge_run){ .folder = "folder", .shift_ns = (uint64_t)(start_s[i] * 1e9) };
        runs[i].run.run_id = "run";
        runs[i].run.t0_realtime_ns = runs[i].shift_ns;
        runs[i].run.duration_s = 10;
        runs[i].run.root = checks ? parse(checks[i]) : NULL;
    }
}

static json_t *check_of(const json_t *root, const char *rule)
{
    json_t *checks = json_object_get(root, "checks");
    for (size_t i = 0; i < json_array_size(checks); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(checks, i), "rule")), rule) == 0)
            return json_array_get(checks, i);
    return NULL;
}

#define CHECK(rule, level)                                                                                   \
    "{\"rule\": \"" rule "\", \"scope\": \"all\", \"what\": \"w\", \"level\": \"" level "\"}"

static void the_worst_of_each_check_stays(void **state)
{
    static const char *const checks[] = { "{\"checks\": [" CHECK("R1", "WARN") "," CHECK("R2", "OK") "]}",
                                          "{\"checks\": [" CHECK("R1", "OK") "]}",
                                          "{\"checks\": [" CHECK("R2", "INVALID") "," CHECK("R3",
                                                                                            "OK") "]}" };
    const double together[] = { 0, .1, .2 };
    struct merge_run runs[3];
    (void)state;
    generators(runs, 3, together, checks);
    const struct merge m = { .runs = runs, .n_runs = 3 };
    json_t *root = json_deep_copy(runs[0].run.root);
    merge_checks(root, &m);
    assert_string_equal(json_string_value(json_object_get(check_of(root, "R1"), "level")), "WARN");
    assert_string_equal(json_string_value(json_object_get(check_of(root, "R2"), "level")), "INVALID");
    assert_non_null(check_of(root, "R3"));
    assert_string_equal(json_string_value(json_object_get(check_of(root, MERGE_RULE), "level")), "OK");
    json_decref(root);
    for (int i = 0; i < 3; i++)
        json_decref(runs[i].run.root);
}

/* 0 to 10, 4 to 14 and 5 to 15: all of them from 5 to 10, a third of 15. */
static void generators_that_hardly_met_warn(void **state)
{
    const double apart[] = { 0, 4, 5 };
    struct merge_run runs[3];
    (void)state;
    generators(runs, 3, apart, NULL);
    const struct merge m = { .runs = runs, .n_runs = 3 };
    json_t *root = parse("{\"checks\": []}");
    merge_checks(root, &m);
    assert_close(json_number_value(json_object_get(check_of(root, MERGE_RULE), "value")), 100.0 / 3, 1e-9);
    assert_string_equal(json_string_value(json_object_get(check_of(root, MERGE_RULE), "level")), "WARN");
    json_decref(root);
}

static void the_third_of_three_is_held_against_both(void **state)
{
    const double apart[] = { 0, 6, 12 }; /* the third starts after the first's end */
    struct merge_run runs[3];
    struct err e;
    (void)state;
    generators(runs, 3, apart, NULL);
    for (size_t i = 0; i < 3; i++)
        runs[i].run.root = parse("{}");
    runs[2].folder = "third";
    const struct merge m = { .runs = runs, .n_runs = 3, .out = "/nowhere/merged" };
    assert_int_equal(merge_compatible(&m, &e), -1);
    assert_non_null(strstr(e.text, "third started 12.000 s after folder, which took 10.000 s"));
    for (size_t i = 0; i < 3; i++)
        json_decref(runs[i].run.root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_added_and_texts_stay),
        cmocka_unit_test(exact_rows_are_added_by_tag),
        cmocka_unit_test(the_worst_of_each_check_stays),
        cmocka_unit_test(generators_that_hardly_met_warn),
        cmocka_unit_test(the_third_of_three_is_held_against_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
