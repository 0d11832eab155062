/* Whether thresholds hold in a run, and which rules did not. */
#include "made_duo.h"

#include "close.h"
#include "made_text.h"

#include "threshold.h"
#include "threshold_judge.h"
#include "verdict.h"

static void a_rate_without_a_time_is_not_known(void **state)
{
    struct dataset data;
    struct threshold t;
    struct threshold_judged judged;
    struct err e;
    (void)state;
    const char *folder = made_run("still");
    made_edit(folder, "run.json", "\"start_s\": 0, \"end_s\": 5", "\"start_s\": 5, \"end_s\": 5");
    made_open_dataset(&data, folder);
    assert_int_equal(threshold_parse(&t, "users1.rate > 1/s", &e), 0);
    assert_int_equal(threshold_judge(&data, &t, &judged, &e), 0);
    assert_false(judged.is_known);
    assert_false(judged.is_held);
    free(t.text);
    dataset_fini(&data);
}

static void thresholds_are_judged_on_what_is_measured(void **state)
{
    static const struct {
        const char *text;
        double value; /* NAN: nothing to judge */
        bool is_held;
    } cases[] = {
        { "cluster1.p50 < 2ms", MADE_MS1 / 1e9, true },
        { "load1.p99 < 2ms", MADE_MS2 / 1e9, false },
        { "cluster2.p99 < 9ms", MADE_MS8 / 1e9, true },
        { "p50 < 9ms", MADE_MS1 / 1e9, true },
        { "users1.p99 < 9ms", MADE_MS8 / 1e9, true },
        { "cluster1.max < 9ms", MADE_MS8 / 1e9, true },
        { "load1.max < 9ms", MADE_MS4 / 1e9, true },
        { "nobody.p50 < 9ms", NAN, false },
        { "nobody.max < 9ms", NAN, false },
        { "nobody.rate > 1/s", NAN, false },
        { "nobody.errors < 1%", NAN, false },
        { "load1.rate > 1000/s", 11000 / 10.4, true },
        { "users1.rate > 9/s", 40 / 5.0, false },
        { "cluster2.rate > 500/s", 6000 / 11.4, true },
        { "errors < 0.1%", 32 / 17072.0, false },
        { "load1.errors < 1%", 28 / 11028.0, true },
        { "users1.errors < 1%", 0, true },
        { "load1.mean < 2ms", (9000.0 * MADE_MS1 + 1900.0 * MADE_MS2 + 100.0 * MADE_MS4) / 11000 / 1e9,
          true },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct threshold t;
        struct threshold_judged judged;
        struct err e;
        assert_int_equal(threshold_parse(&t, cases[i].text, &e), 0);
        assert_int_equal(threshold_judge(&duo, &t, &judged, &e), 0);
        if (judged.is_known != isfinite(cases[i].value) || judged.is_held != cases[i].is_held)
            fail_msg("%s: known %d, held %d", cases[i].text, judged.is_known, judged.is_held);
        if (judged.is_known)
            assert_close(judged.value, cases[i].value, 1e-12);
        free(t.text);
    }
}

#define CHECK(rule_, advice_, level_, value_, warn_, scope_)                                                 \
    {                                                                                                        \
        .rule = (rule_), .advice = (advice_), .level = (level_), .value = (value_), .warn = (warn_),         \
        .invalid = 10, .scope = (scope_)                                                                     \
    }
static struct run_check checks[] = {
    CHECK("R1", "a", "WARN", 3, 2, "first"),          CHECK("R2", "a", "OK", 30, 2, "well"),
    CHECK("R1", "a", "WARN", 5, 2, "further"),        CHECK("R1", "a", "WARN", 4, 2, "nearer"),
    CHECK("R1", "b", "WARN", 3, 2, "other advice"),   CHECK("R3", "a", "INVALID", 11, 2, "invalid"),
    CHECK("R4", "a", "WARN", 50, 100, "twice below"), CHECK("R4", "a", "WARN", 20, 100, "5 times"),
    CHECK("R4", "a", "WARN", 0, 100, "nothing"),      CHECK("R4", "a", "INVALID", NAN, 1, "unknown"),
};

static void each_cause_is_told_once_by_its_worst_case(void **state)
{
    const struct run_json run = { .checks = checks, .n_checks = N_OF(checks) };
    static const struct {
        const char *scope;
        size_t n_more;
    } wanted[] = { { "invalid", 0 }, { "unknown", 3 }, { "further", 2 }, { "other advice", 0 } };
    struct verdict_line lines[8];
    (void)state;
    assert_int_equal(verdict_lines(&run, lines, 8), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(lines[i].worst->scope, wanted[i].scope);
        assert_int_equal(lines[i].n_more, wanted[i].n_more);
    }
    assert_int_equal(verdict_lines(&run, lines, 2), 2); /* of those that came first */
    assert_string_equal(lines[0].worst->scope, "further");
    assert_int_equal(lines[0].n_more, 2);
    assert_close(verdict_limit(&checks[0]), 2, 0);
    assert_close(verdict_limit(&checks[5]), 10, 0);
    const struct run_check at_its_limit[] = { checks[9], CHECK("R4", "a", "INVALID", 10, 1, "at its limit") };
    const struct run_json known = { .checks = (struct run_check *)at_its_limit, .n_checks = 2 };
    assert_int_equal(verdict_lines(&known, lines, 8), 1);
    assert_string_equal(lines[0].worst->scope, "at its limit"); /* rather than what is not known */
    const struct run_json low = { .checks = &checks[6], .n_checks = 3 };
    assert_int_equal(verdict_lines(&low, lines, 8), 1);
    assert_string_equal(lines[0].worst->scope, "5 times");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_without_a_time_is_not_known),
        cmocka_unit_test(thresholds_are_judged_on_what_is_measured),
        cmocka_unit_test(each_cause_is_told_once_by_its_worst_case),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
