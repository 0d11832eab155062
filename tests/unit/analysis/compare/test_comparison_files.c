/* What a comparison writes and draws. */
#include "made_comparison.h"

#include "close.h"
#include "figure_set.h"

static void compare_csv_has_a_row_for_each_number(void **state)
{
    struct err e;
    (void)state;
    compare(8, 0);
    c.results[SAMPLE_P50].n_more = 3;
    c.results[SAMPLE_P50].outcome = DECIDE_UNDECIDED;
    c.results[SAMPLE_P50].reason = DECIDE_INTERVAL;
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("compare.csv"), NULL);
    static const char *const lines[] = {
        "response,500000,8,2.000000,1.800000,2.250000,,1000.000,exact,,2000.000,exact,,us,1000.000,"
        "paired_t_log_ratio,0.0012,0.0024,,,,,,,,,,0.7500,,0,0,,,,,,,0.0500,undecided,interval,3",
        "rate,,8,2.000000,1.800000,2.250000,,500.000,exact,,250.000,exact,,per_s,,paired_t_log_ratio,0.0012,"
        "0.0024,,,,,,,,,,0.7500,,0,0,,,,,,,0.0500,higher,,0",
    };
    assert_lines(text, lines);
    assert_says(text,
                "response_less_g,990000,8,2.000000,1.800000,2.250000,,3000.000,exact,,6000.000,exact,,us,");
    assert_says(text,
                "response_typical_instance,500000,8,2.000000,1.800000,2.250000,,1100.000,exact,,2200.000,");
    assert_int_equal(made_lines(text, ""), 1 + N_SAMPLE_VALUES);
    free(text);
}

static void compare_csv_holds_bounds_and_what_stands_beside_a_decision(void **state)
{
    struct err e;
    (void)state;
    compare(8, 0);
    struct decide_result *r = &c.results[SAMPLE_P99];
    r->method = DECIDE_SIGN_TEST;
    r->ratio = (struct decide_interval){ NAN, NAN, NAN };
    r->signs.beyond = 7.7;
    r->typical_a = (struct decide_time){ ATTEMPT_AT_LEAST, 0, 41e6 };
    r->typical_b = (struct decide_time){ ATTEMPT_FAILED, 0, 1e9 };
    r->control = (struct decide_control){
        .n = 2, .ratio = { 1.13, 1.11, 1.15 }, .is_shifted = true, .left.value = 1.115
    };
    r->failures = (struct decide_failures){ .n = 8, .a = 0, .b = .083 };
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("compare.csv"), NULL);
    assert_says(
        text, "response,990000,8,,,,7.700000,,at_least,41000.000,,failed,1000000.000,us,1000.000,sign_test,");
    assert_says(text, ",0,2,1.130000,1.110000,1.150000,1.115000,0.000000,0.083000,0.0500,higher,,0");
    free(text);
}

static void one_run_names_its_methods_and_has_no_effect_size(void **state)
{
    struct err e;
    (void)state;
    compare(1, 0);
    c.within_run = true;
    c.within[SAMPLE_RATE] = (struct run_interval){ .value = 2, .lo = 1.9, .hi = INFINITY };
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("compare.csv"), NULL);
    assert_int_equal(made_lines(text, "response,"), 4);
    assert_says(text, "us,1000.000,none_within_run,0.0012,0.0024,,,,,,,,,,,");
    assert_says(text, "per_s,,seconds_within_run,");
    assert_says(text, ",none_within_run,");
    free(text);
}

static void pairs_csv_has_a_row_for_each_run(void **state)
{
    struct err e;
    (void)state;
    compare(1, 1);
    pairs[1].a.failed_n = 3;
    pairs[0].b.level[SAMPLE_P99] = CLAIM_INVALID;
    pairs[0].b.generator_share[SAMPLE_P99] = .5;
    snprintf(pairs[0].order, sizeof pairs[0].order, "BA");
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("pairs.csv"), NULL);
    static const char *const lines[] = {
        "1,ab,BA,a,cluster-m4,m4,run-m4,1000.000,2000.000,4000.000,8000.000,500.000,1000,1000,0,exact,ok,0."
        "0000",
        "1,ab,BA,b,cluster-t2,t2,run-t2,2000.000,4000.000,8000.000,16000.000,250.000,1000,1000,0,exact,"
        "invalid,0.5000",
        "2,aa,AB,a,cluster-m4,m4,run-m4,1000.000,2000.000,4000.000,8000.000,500.000,1000,1000,3,exact,ok,0."
        "0000",
        "2,aa,AB,b,cluster-m4,m4,run-m4,1000.000,2000.000,4000.000,8000.000,500.000,1000,1000,0,exact,ok,0."
        "0000",
    };
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, ""), 5);
    free(text);
    assert_int_equal(comparison_write(&c, "/nowhere/at/all", &e), -1);
}

static void each_pair_is_two_points(void **state)
{
    (void)state;
    compare(3, 1);
    pairs[1].a.value[SAMPLE_P99] = NAN; /* too few requests: no points */
    pairs[1].a.state[SAMPLE_P99] = ATTEMPT_NONE;
    pairs[1].b.style = 2;
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_pairs, &data);
    static const char *const lines[] = {
        "1,1,ab,AB,m4 (cluster-m4),1,a,m4,4.000000,8.000000,2.000000,,0,2.000000",
        "1,1,ab,AB,t2 (cluster-t2),1,b,t2,8.000000,4.000000,2.000000,,0,2.000000",
        "4,4,aa,AB,m4 (cluster-m4),1,a,m4,4.000000,4.000000,1.000000,,0,2.000000",
        "4,4,aa,AB,m4 (cluster-m4),1,b,m4,4.000000,4.000000,1.000000,,0,2.000000",
    };
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, ""), 1 + 2 * 3);
    assert_says(f.words, "Pairs of runs: p99 of each");
    assert_says(f.words,
                "Left: a line joins the two runs of a pair, dashed where t2 ran first; grey: control pairs");
    assert_says(f.words, "3 pairs and 1 control pair, ");
    assert_says(f.words, "Load of each run: closed, 2 users: 1 000 requests. Failed in the pairs: m4 none of "
                         "3 000, t2 none of 3 000.");
    made_figure_fini(&f);
    snprintf(pairs[0].order, sizeof pairs[0].order, "side");
    f = made_figure(figure_pairs, &data);
    assert_says(f.words, "Left: a line joins the two clusters of one run; grey");
    made_figure_fini(&f);
    compare(1, 5);
    f = made_figure(figure_pairs, &data);
    assert_says(f.left_out, "two complete pairs");
    compare(2, 0);
    pairs[0].a.state[SAMPLE_P99] = ATTEMPT_NONE;
    f = made_figure(figure_pairs, &data);
    assert_string_equal(f.left_out, "the runs have too few good answers for their p99");
}

static void lose(struct sample *s, enum sample_value value)
{
    s->value[value] = NAN;
    s->state[value] = ATTEMPT_FAILED;
}

static void a_run_without_a_time_stays_in_its_pair(void **state)
{
    (void)state;
    compare(3, 1);
    lose(&pairs[0].b, SAMPLE_P99);
    lose(&pairs[1].a, SAMPLE_P99);
    lose(&pairs[1].b, SAMPLE_P99);
    c.results[SAMPLE_P99].ratio.value = NAN;
    c.results[SAMPLE_P99].n_apart = 1;
    c.results[SAMPLE_P99].apart[0].index = 2;
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_pairs, &data);
    static const char *const lines[] = {
        "1,1,ab,AB,m4 (cluster-m4),1,a,m4,4.000000,,,b,0,",
        "1,1,ab,AB,t2 (cluster-t2),1,b,t2,,4.000000,,b,0,",
        "2,2,ab,AB,t2 (cluster-t2),1,b,t2,,,,both,0,",
        "3,3,ab,AB,m4 (cluster-m4),1,a,m4,4.000000,8.000000,2.000000,,1,",
        "4,4,aa,AB,m4 (cluster-m4),1,a,m4,4.000000,4.000000,1.000000,,0,",
    };
    assert_lines(f.rows, lines);
    assert_says(
        f.words,
        "Right: the pairs' ratios in the order of running; ringed: lies apart from the others. Cross or "
        "arrow: so many requests of a run failed or were cut off that it has no exact time. ");
    made_figure_fini(&f);
    compare(2, 0);
    for (size_t i = 0; i < 2; i++) {
        lose(&pairs[i].a, SAMPLE_P99);
        lose(&pairs[i].b, SAMPLE_P99);
    }
    f = made_figure(figure_pairs, &data);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
}

/* Without a ratio its direction is an arrow, with the bound that the median pair proves, if it proves one. */
static void a_percentile_without_a_ratio_is_an_arrow(void **state)
{
    (void)state;
    compare(8, 0);
    for (int i = SAMPLE_P50; i <= SAMPLE_P99; i++) {
        c.results[i].method = DECIDE_SIGN_TEST;
        c.results[i].ratio = (struct decide_interval){ NAN, NAN, NAN };
    }
    c.results[SAMPLE_P50].signs = (struct decide_signs){ .n = 8, .n_higher = 8, .beyond = 7.7 };
    c.results[SAMPLE_P90].signs = (struct decide_signs){ .n = 8, .n_lower = 8, .beyond = NAN };
    c.results[SAMPLE_P99].signs = (struct decide_signs){ .n = 8, .n_lower = 4, .n_higher = 4, .beyond = NAN };
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_ratio, &data);
    static const char *const lines[] = {
        "higher,0,p50,t2 (cluster-t2),1,,,,0.0500,8,higher,> 7.70",
        "lower,1,p90,t2 (cluster-t2),1,,,,0.0500,8,higher,m4: none",
    };
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, ""), 1 + 3);
    assert_says(f.words,
                "; arrow with words: so many requests of a cluster failed that it has no such percentile. ");
    made_figure_fini(&f);
}

static void the_ratios_of_a_campaign_show_each_control(void **state)
{
    (void)state;
    compare(8, 2);
    c.results[SAMPLE_P50].ratio.value = 1.5;
    pairs[9].b = sample("m4", 3);
    pairs[0].a.emulated = true;
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_ratio, &data);
    static const char *const lines[] = {
        "ab,0,p50,t2 (cluster-t2),1,1.500000,1.800000,2.250000,0.0500,8,higher,",
        "aa,0,p50,m4 (cluster-m4),1,1.000000,,,0.0500,1,,",
        "aa,0,p50,m4 (cluster-m4),1,3.000000,,,0.0500,1,,",
        "ab,3,p99.9,t2 (cluster-t2),1,2.000000,1.800000,2.250000,0.0500,8,higher,",
    };
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, ""), 1 + 4 * 3);
    assert_says(f.words,
                "over pairs of runs (t, log ratios); grey band: the margin of 5 %, declared in advance; "
                "circles: m4 against itself, one per control pair. ");
    assert_says(f.words, "Instances are emulated.");
    made_figure_fini(&f);
    for (int i = SAMPLE_P50; i <= SAMPLE_P999; i++)
        c.results[i].ratio.value = NAN;
    f = made_figure(figure_ratio, &data);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
}

/* A run of 20 s every minute; of the last pair, the second began half an hour later. */
static void a_campaign_is_described_by_its_runs(void **state)
{
    (void)state;
    compare(2, 0);
    for (size_t i = 0; i < 4; i++) {
        struct sample *s = i % 2 == 0 ? &pairs[i / 2].a : &pairs[i / 2].b;
        s->started_ns = MADE_T0_NS + (i * 60 + (i == 3 ? 1800 : 0)) * NS_PER_S;
        s->duration_s = 20;
        snprintf(s->run_id, sizeof s->run_id, "run-%zu", i);
    }
    pairs[1].b.failed_n = 250;
    pairs[1].b.attempts_n = 1250;
    snprintf(pairs[1].b.load, sizeof pairs[1].b.load, "another");
    snprintf(pairs[0].b.load, sizeof pairs[0].b.load, "another");
    c.seed = 7;
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_ratio, &data);
    assert_says(
        f.words,
        "2 pairs, 2026-11-21 22:10 to 22:43 UTC, 40.0 s between runs, campaign seed 7. Load of m4: closed, 2 "
        "users: 1 000 requests; of t2: another. Failed in the pairs: m4 none of 2 000, t2 250 of 2 250 "
        "(11.1 %).");
    made_figure_fini(&f);
}

static void runs_that_may_be_the_generators_doing_are_counted(void **state)
{
    (void)state;
    compare(2, 0);
    c.n_runs = 3;
    c.n_invalid = 2;
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_ratio, &data);
    assert_says(f.words, "In 2 of 3 runs p99 may be loadgen's own doing.");
    made_figure_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compare_csv_has_a_row_for_each_number),
        cmocka_unit_test(compare_csv_holds_bounds_and_what_stands_beside_a_decision),
        cmocka_unit_test(one_run_names_its_methods_and_has_no_effect_size),
        cmocka_unit_test(pairs_csv_has_a_row_for_each_run),
        cmocka_unit_test(each_pair_is_two_points),
        cmocka_unit_test(a_run_without_a_time_stays_in_its_pair),
        cmocka_unit_test(a_percentile_without_a_ratio_is_an_arrow),
        cmocka_unit_test(the_ratios_of_a_campaign_show_each_control),
        cmocka_unit_test(a_campaign_is_described_by_its_runs),
        cmocka_unit_test(runs_that_may_be_the_generators_doing_are_counted),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
