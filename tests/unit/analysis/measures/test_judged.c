/* Whether thresholds hold in a run. */
#include "made_duo.h"

#include "close.h"
#include "made_text.h"

#include "threshold_recount.h"

static void a_rate_without_a_time_is_not_known(void **state)
{
    struct dataset data;
    struct threshold t;
    struct threshold_result judged;
    struct err e;
    (void)state;
    const char *folder = made_run("still");
    made_edit(folder, "run.json", "\"start_s\": 0, \"end_s\": 5", "\"start_s\": 5, \"end_s\": 5");
    made_open_dataset(&data, folder);
    assert_int_equal(threshold_parse(&t, "users1.rate > 1/s", &e), 0);
    assert_int_equal(threshold_recount(&data, &t, &judged, &e), 0);
    assert_true(isnan(judged.value));
    assert_int_equal(judged.held, THRESHOLD_MISSED);
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
        { "load1.p99 < 2ms", MADE_MS4 / 1e9, false },
        { "cluster2.p99 < 9ms", MADE_MS16 / 1e9, false }, /* failures move the rank */
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
        struct threshold_result judged;
        struct err e;
        assert_int_equal(threshold_parse(&t, cases[i].text, &e), 0);
        assert_int_equal(threshold_recount(&duo, &t, &judged, &e), 0);
        if (isfinite(judged.value) != isfinite(cases[i].value) ||
            judged.held != (cases[i].is_held ? THRESHOLD_HELD : THRESHOLD_MISSED))
            fail_msg("%s: %g, %s", cases[i].text, judged.value, threshold_held_words(judged.held));
        if (isfinite(judged.value))
            assert_close(judged.value, cases[i].value, 1e-12);
        free(t.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_without_a_time_is_not_known),
        cmocka_unit_test(thresholds_are_judged_on_what_is_measured),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
