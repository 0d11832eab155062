/* What a comparison keeps of a run, whether thresholds hold in it, and which rules did not, worked out by
 * hand from made_run.h. */
#include "../cm.h"

#include "../close.h"
#include "made_run.h"
#include "made_text.h"

#include "arms.h"
#include "comparison.h"
#include "recompute.h"
#include "sample.h"
#include "threshold.h"
#include "threshold_judge.h"
#include "verdict.h"

static struct dataset duo;

static int setup(void **state)
{
    if (scratch_setup(state))
        return -1;
    made_open_dataset(&duo, made_run("duo"));
    return 0;
}

static int teardown(void **state)
{
    dataset_fini(&duo);
    return scratch_teardown(state);
}

static void a_sample_holds_the_numbers_that_are_compared(void **state)
{
    struct sample a, b;
    (void)state;
    sample_take(&duo, 0, &a);
    sample_take(&duo, 1, &b);
    assert_close(a.value[SAMPLE_P50], (double)MADE_MS1, 0);
    assert_close(a.value[SAMPLE_P90], (double)MADE_MS2, 0);
    assert_close(a.value[SAMPLE_P99], (double)MADE_MS2, 0);
    assert_close(a.value[SAMPLE_P999], (double)MADE_MS4, 0); /* 11 of 11 000 lie beyond */
    assert_close(a.value[SAMPLE_RATE], 11000 / 11.4, 1e-9);
    assert_close(a.value[SAMPLE_LESS_P50], (double)MADE_MS0, 0);
    assert_close(a.value[SAMPLE_LESS_P99], (double)MADE_MS1, 0);
    assert_close(a.value[SAMPLE_EACH_P50], (double)MADE_MS1, 1e-6);
    assert_close(a.value[SAMPLE_EACH_P99], sqrt((double)MADE_MS1 * (double)MADE_MS4), 1e-6);
    assert_close(b.value[SAMPLE_P99], (double)MADE_MS8, 0);
    assert_true(isnan(b.value[SAMPLE_P999])); /* 6 */
    assert_close(b.value[SAMPLE_EACH_P50], (double)MADE_MS2, 1e-6);
    assert_int_equal(a.ok_n, 11000);
    assert_int_equal(a.err_n, 28);
    assert_true(a.err_known);
    assert_int_equal(a.n_instances, 2);
    assert_int_equal(b.n_instances, 1);
    assert_int_equal(a.style, 1);
    assert_true(a.emulated);
    assert_false(a.is_burstable);
    assert_true(b.is_burstable);
    assert_false(a.credits.is_known);
    assert_true(b.credits.is_known);
    assert_close(b.credits.first, 60, 0);
    assert_close(b.credits.last, 50, 0);
    assert_string_equal(b.no_credits, "");
    assert_int_equal(a.steadiness.kind, STEADINESS_UNKNOWN);
    assert_string_equal(a.load,
                        "poisson, 64 connections: warm-up 100/s, 1 000/s, pause, 1 000/s; closed, 2 users, 2 "
                        "connections: 40 requests, pause");
    assert_close(a.timed_s, 4 + 6.4, 1e-9);
    assert_string_equal(a.label, "m4");
    assert_string_equal(b.series, "t2 (cluster2)");
    assert_string_equal(b.cluster, "cluster2");
    assert_string_equal(b.run_id, "2026-11-21T22-10-04Z-duo");
    assert_string_equal(b.verdict, "WARN");
    assert_close(sample_generator_share(&a), 1 - (double)MADE_MS1 / (double)MADE_MS2, 1e-12);
}

/* 10 of 1000 lie beyond the p99, 9 of 999. */
static void a_percentile_counts_with_ten_beyond_it(void **state)
{
    struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1, 999 },
                                  { 1, 1, "response_less_g.load1.cluster1.main.ok.all", MADE_MS0, 1000 },
                                  { 1, 1, "response.load1.cluster1.main.ok.i-a", MADE_MS0, 1 },
                                  { 1, 1, "response.load1.cluster1.main.timeout.i-a", MADE_MS8, 1 },
                                  { 0, 0, "response.load1.cluster1.warm.ok.i-b", MADE_MS8, 1 } };
    struct dataset data;
    struct sample s;
    (void)state;
    for (unsigned n = 999; n <= 1000; n++) {
        times[0].n = n;
        made_open_dataset(&data, made_run_of("ten", times, N_OF(times)));
        sample_take(&data, 0, &s);
        assert_int_equal(isfinite(s.value[SAMPLE_P99]), n == 1000);
        assert_close(s.value[SAMPLE_LESS_P99], (double)MADE_MS0, 0);
        assert_close(s.value[SAMPLE_EACH_P99], (double)MADE_MS0,
                     1e-6); /* of those that answered outside of warm-up */
        sample_take(&data, 1, &s);
        assert_true(isnan(s.value[SAMPLE_EACH_P99]));
        assert_true(isnan(s.value[SAMPLE_LESS_P99]));
        dataset_fini(&data);
    }
}

static void too_many_instances_have_no_typical_one(void **state)
{
    static const char *names[201];
    struct run_cluster *const def = (struct run_cluster *)duo.arms[0].def;
    const struct run_cluster old = *def;
    struct sample s;
    (void)state;
    for (size_t i = 0; i < N_OF(names); i++)
        names[i] = "i-a";
    def->instances = names;
    for (size_t n = 200; n <= 201; n++) {
        def->n_instances = n;
        sample_take(&duo, 0, &s);
        assert_int_equal(isfinite(s.value[SAMPLE_EACH_P50]), n == 200);
    }
    *def = old;
    duo.arms[0].def = NULL;
    sample_take(&duo, 0, &s);
    assert_true(isnan(s.value[SAMPLE_EACH_P50]));
    assert_int_equal(s.n_instances, 0);
    duo.arms[0].def = def;
}

static void credits_that_cannot_be_read_are_told(void **state)
{
    struct dataset data;
    struct sample s;
    (void)state;
    const char *folder = made_run("poor");
    made_edit(folder, "cloudwatch.csv", "ts_utc", "time");
    made_open_dataset(&data, folder);
    sample_take(&data, 1, &s);
    assert_false(s.credits.is_known);
    assert_says(s.no_credits, "'ts_utc'");
    dataset_fini(&data);
}

/* Of one measured phase at one rate, whatever paused or warmed up beside it. */
static void steadiness_is_known_where_the_load_was_even(void **state)
{
    static const struct made_times times[] = {
        { 0, 19, "response.load2.cluster2.main.ok.all", MADE_MS1, 10 },
        { 20, 39, "response.load2.cluster2.main.ok.all", MADE_MS2, 10 },
    };
#define LAST "\"stream\": \"load2\", \"cluster\": \"cluster2\", \"phase\": \"last\", \"kind\": "
#define MAIN "\"stream\": \"load2\", \"cluster\": \"cluster2\", \"phase\": \"main\", \"kind\": "
    static const struct {
        const char *from, *to;
        enum steadiness_kind kind;
    } cases[] = {
        { LAST "\"rate\", \"warmup\": false", LAST "\"pause\", \"warmup\": false", STEADINESS_CHANGED },
        { LAST "\"rate\", \"warmup\": false", LAST "\"rate\", \"warmup\": true", STEADINESS_CHANGED },
        { LAST "\"rate\", \"warmup\": false", LAST "\"burst\", \"warmup\": true", STEADINESS_CHANGED },
        { LAST "\"rate\", \"warmup\": false", LAST "\"burst\", \"warmup\": false", STEADINESS_UNKNOWN },
        { LAST "\"rate\"", LAST "\"rate\"", STEADINESS_UNKNOWN }, /* two phases */
        { MAIN "\"rate\"", MAIN "\"ramp\"", STEADINESS_UNKNOWN },
        { LAST, "\"stream\": \"load1\", \"cluster\": \"cluster1\", \"phase\": \"more\", \"kind\": ",
          STEADINESS_CHANGED },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct dataset data;
        const char *folder = made_run_of("even", times, N_OF(times));
        made_edit(folder, "run.json", "\"duration_s\": 19.4,", "\"duration_s\": 40,");
        made_edit(folder, "run.json", cases[i].from, cases[i].to);
        made_open_dataset(&data, folder);
        const struct steadiness s = steadiness_of_arm(&data, 1);
        assert_int_equal(s.kind, cases[i].kind);
        if (s.kind == STEADINESS_CHANGED) {
            assert_close(s.at_s, 20, 0);
            assert_close(s.change, (double)MADE_MS2 / (double)MADE_MS1 - 1, 1e-9);
        }
        assert_int_equal(steadiness_of_arm(&data, 0).kind, STEADINESS_UNKNOWN); /* which answered nothing */
        dataset_fini(&data);
    }
}

/* --- thresholds --- */

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

/* --- rules --- */

static void each_cause_is_told_once_by_its_worst_case(void **state)
{
    struct run_check checks[] = {
        { .rule = "R1",
          .advice = "a",
          .level = "WARN",
          .value = 3,
          .warn = 2,
          .invalid = 10,
          .scope = "first" },
        { .rule = "R2",
          .advice = "a",
          .level = "OK",
          .value = 30,
          .warn = 2,
          .invalid = 10,
          .scope = "well" },
        { .rule = "R1",
          .advice = "a",
          .level = "WARN",
          .value = 5,
          .warn = 2,
          .invalid = 10,
          .scope = "further" },
        { .rule = "R1",
          .advice = "a",
          .level = "WARN",
          .value = 4,
          .warn = 2,
          .invalid = 10,
          .scope = "nearer" },
        { .rule = "R1",
          .advice = "b",
          .level = "WARN",
          .value = 3,
          .warn = 2,
          .invalid = 10,
          .scope = "other advice" },
        { .rule = "R3",
          .advice = "a",
          .level = "INVALID",
          .value = 11,
          .warn = 2,
          .invalid = 10,
          .scope = "invalid" },
        { .rule = "R4",
          .advice = "a",
          .level = "WARN",
          .value = 50,
          .warn = 100,
          .invalid = 10,
          .scope = "twice below" },
        { .rule = "R4",
          .advice = "a",
          .level = "WARN",
          .value = 20,
          .warn = 100,
          .invalid = 10,
          .scope = "5 times" },
        { .rule = "R4",
          .advice = "a",
          .level = "WARN",
          .value = 0,
          .warn = 100,
          .invalid = 10,
          .scope = "nothing" },
        { .rule = "R4",
          .advice = "a",
          .level = "INVALID",
          .value = NAN,
          .warn = 1,
          .invalid = 10,
          .scope = "unknown" },
    };
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
    const struct run_check at_its_limit[] = { checks[9],
                                              { .rule = "R4",
                                                .advice = "a",
                                                .level = "INVALID",
                                                .value = 10,
                                                .warn = 1,
                                                .invalid = 10,
                                                .scope = "at its limit" } };
    const struct run_json known = { .checks = (struct run_check *)at_its_limit, .n_checks = 2 };
    assert_int_equal(verdict_lines(&known, lines, 8), 1);
    assert_string_equal(lines[0].worst->scope, "at its limit"); /* rather than what is not known */
    const struct run_json low = { .checks = &checks[6], .n_checks = 3 };
    assert_int_equal(verdict_lines(&low, lines, 8), 1);
    assert_string_equal(lines[0].worst->scope, "5 times");
}

/* --- derived files --- */

static void derived_files_are_made_again(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(recompute(&duo, scratch_folder, &e), 0);
    static const struct {
        const char *file, *line;
        size_t n;
    } cases[] = {
        { "phases.csv", "load1,cluster1,main,rate,0,1.000000,5.000000,,1000,", 10 },
        { "phases.csv", "users1,cluster1,walk,requests,0,0.000000,5.000000,40,,", 10 },
        { "phases.csv", "load1,cluster1,last,rate,0,13.000000,19.400000,,1000,", 10 },
        { "phases.csv", "load1,cluster1,warm,rate,1,0.000000,1.000000,,100,", 10 },
        { "checks.csv", "R4,all,OK,7,%,70,90,busiest second of an event loop,", 4 },
        { "checks.csv", "R2,load2,WARN,2.5,%,2,10,the generator's share of p99,use more threads", 4 },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        char *text = scratch_read(scratch_path(cases[i].file), NULL);
        assert_line(text, cases[i].line);
        assert_int_equal(made_lines(text, ""), cases[i].n);
        free(text);
    }
    char *text = scratch_read(scratch_path("instances.csv"), NULL);
    assert_int_equal(made_lines(text, "cluster1,i-a,"), 1);
    assert_int_equal(made_lines(text, "cluster2,i-c,"), 1);
    free(text);
    text = scratch_read(scratch_path("percentiles.csv"), NULL);
    assert_true(made_lines(text, "cluster1,load1,main,ok,response,990000,") == 1);
    assert_true(made_lines(text, "cluster1,users1,walk,ok,service,500000,") == 1);
    free(text);
    assert_int_equal(recompute(&duo, "/nowhere/at/all", &e), -1);
}

static void a_phase_that_never_began_has_no_times(void **state)
{
    struct err e;
    struct dataset data;
    (void)state;
    const char *folder = made_run("short");
    made_edit(folder, "run.json", "\"start_s\": 5.2, \"end_s\": 13.2", "\"start_s\": null, \"end_s\": null");
    made_open_dataset(&data, folder);
    assert_int_equal(recompute(&data, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("phases.csv"), NULL);
    assert_line(text, "users1,cluster1,rest,pause,0,,,,,");
    free(text);
    dataset_fini(&data);
}

/* --- one run's two clusters --- */

static void a_run_is_compared_within_itself(void **state)
{
    struct comparison c;
    struct err e;
    (void)state;
    assert_int_equal(comparison_of_run(&c, &duo, &e), 0);
    assert_true(c.within_run);
    assert_int_equal(c.n_pairs, 1);
    assert_string_equal(c.pairs[0].order, "side");
    assert_int_equal(c.results[SAMPLE_P99].outcome, DECIDE_DESCRIPTION);
    assert_close(comparison_ratio(&c, SAMPLE_P50).value, 2, 1e-5);
    assert_true(isfinite(comparison_ratio(&c, SAMPLE_P50).lo));
    assert_close(comparison_ratio(&c, SAMPLE_LESS_P50).value, 4, 1e-5);
    assert_true(isfinite(comparison_ratio(&c, SAMPLE_LESS_P50).lo));
    assert_true(!isfinite(c.within[SAMPLE_EACH_P50].value)); /* no method */
    /* rates: 6000 against 11 000 in 11.4 s, with the interval of 1008 or 1000 and 500 a second around 6/11 */
    assert_close(c.within[SAMPLE_RATE].value, 6.0 / 11, 1e-9);
    assert_true(c.within[SAMPLE_RATE].lo < 6.0 / 11 && c.within[SAMPLE_RATE].hi > 6.0 / 11);
    assert_true(c.within[SAMPLE_RATE].lo > 0.54 && c.within[SAMPLE_RATE].hi < 0.55);
    /* furthest apart where cluster1 has done 81.8 % and cluster2 nothing yet */
    assert_close(c.ks.distance, 9.0 / 11, 1e-9);
    assert_int_equal(c.ks.at_ns, MADE_MS1);
    assert_int_equal(comparison_method_within(SAMPLE_RATE), COMPARISON_BLOCKS);
    assert_int_equal(comparison_method_within(SAMPLE_EACH_P99), COMPARISON_NO_METHOD);
    assert_int_equal(comparison_method_within(SAMPLE_LESS_P99), COMPARISON_BOOTSTRAP);
    comparison_fini(&c);
}

/* Four seconds on either side are the least. */
static void fewer_than_four_seconds_have_no_interval(void **state)
{
    static const struct {
        unsigned a_to_s, b_to_s;
        bool has_interval;
    } cases[] = { { 4, 3, true }, { 3, 3, false }, { 4, 2, false } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct made_times times[] = {
            { 1, cases[i].a_to_s, "response.load1.cluster1.main.ok.all", MADE_MS1, 300 },
            { 0, cases[i].b_to_s, "response.load2.cluster2.main.ok.all", MADE_MS2, 300 },
        };
        struct dataset data;
        struct comparison c;
        struct err e;
        made_open_dataset(&data, made_run_of("few", times, N_OF(times)));
        assert_int_equal(comparison_of_run(&c, &data, &e), 0);
        assert_int_equal(isfinite(c.within[SAMPLE_P50].lo), cases[i].has_interval);
        assert_true(!isfinite(c.within[SAMPLE_LESS_P50].lo));
        comparison_fini(&c);
        dataset_fini(&data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_holds_the_numbers_that_are_compared),
        cmocka_unit_test(a_percentile_counts_with_ten_beyond_it),
        cmocka_unit_test(too_many_instances_have_no_typical_one),
        cmocka_unit_test(credits_that_cannot_be_read_are_told),
        cmocka_unit_test(steadiness_is_known_where_the_load_was_even),
        cmocka_unit_test(a_rate_without_a_time_is_not_known),
        cmocka_unit_test(thresholds_are_judged_on_what_is_measured),
        cmocka_unit_test(each_cause_is_told_once_by_its_worst_case),
        cmocka_unit_test(derived_files_are_made_again),
        cmocka_unit_test(a_phase_that_never_began_has_no_times),
        cmocka_unit_test(a_run_is_compared_within_itself),
        cmocka_unit_test(fewer_than_four_seconds_have_no_interval),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
