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
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("compare.csv"), NULL);
    static const char *const lines[] = {
        "response,500000,8,2.000000,1.800000,2.250000,1000.000,2000.000,us,1000.000,paired_t_log_ratio,0."
        "0012,0.0024,"
        "0.7500,0.0500,higher,3",
        "rate,,8,2.000000,1.800000,2.250000,500.000,250.000,per_s,,paired_t_log_ratio,0.0012,0.0024,0.7500,0."
        "0500,higher,0",
        "response_less_g,990000,8,2.000000,1.800000,2.250000,3000.000,6000.000,us,1000.000,paired_t_log_"
        "ratio,0.0012,"
        "0.0024,0.7500,0.0500,higher,0",
        "response_typical_instance,500000,8,2.000000,1.800000,2.250000,1100.000,2200.000,us,1000.000,paired_"
        "t_log_ratio,"
        "0.0012,0.0024,0.7500,0.0500,higher,0",
    };
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, ""), 1 + N_SAMPLE_VALUES);
    free(text);
}

static void one_run_names_its_methods_and_has_no_effect_size(void **state)
{
    struct err e;
    (void)state;
    compare(1, 0);
    c.within_run = true;
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("compare.csv"), NULL);
    assert_int_equal(made_lines(text, "response,"), 4);
    assert_says(text, "us,1000.000,block_bootstrap_within_run,0.0012,0.0024,,0.0500,");
    assert_says(text, "per_s,,block_means_within_run,");
    assert_says(text, "response_typical_instance,990000,1,2.000000,,,5000.000,10000.000,us,1000.000,"
                      "none_within_run,");
    free(text);
    compare(2, 0);
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    text = scratch_read(scratch_path("compare.csv"), NULL);
    assert_says(text, ",0.0024,0.7500,0.0500,");
    free(text);
}

static void pairs_csv_has_a_row_for_each_run(void **state)
{
    struct err e;
    (void)state;
    compare(1, 1);
    pairs[0].b.err_known = false;
    pairs[1].a.err_n = 3;
    snprintf(pairs[0].order, sizeof pairs[0].order, "BA");
    assert_int_equal(comparison_write(&c, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("pairs.csv"), NULL);
    static const char *const lines[] = {
        "1,ab,BA,a,cluster-m4,m4,run-m4,1000.000,2000.000,4000.000,8000.000,500.000,1000,0,OK",
        "1,ab,BA,b,cluster-t2,t2,run-t2,2000.000,4000.000,8000.000,16000.000,250.000,1000,,OK",
        "2,aa,AB,a,cluster-m4,m4,run-m4,1000.000,2000.000,4000.000,8000.000,500.000,1000,3,OK",
        "2,aa,AB,b,cluster-m4,m4,run-m4,1000.000,2000.000,4000.000,8000.000,500.000,1000,0,OK",
    };
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, ""), 5);
    free(text);
    assert_int_equal(comparison_write(&c, "/nowhere/at/all", &e), -1);
}

static void each_pair_is_two_points(void **state)
{
    (void)state;
    compare(2, 1);
    pairs[1].a.value[SAMPLE_P99] = NAN; /* no ratio, no points */
    pairs[1].b.style = 2;
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_pairs, &data);
    static const char *const lines[] = {
        "1,1,ab,AB,m4 (cluster-m4),1,a,m4,4.000000,8.000000,2.000000",
        "1,1,ab,AB,t2 (cluster-t2),1,b,t2,8.000000,4.000000,2.000000",
        "3,3,aa,AB,m4 (cluster-m4),1,a,m4,4.000000,4.000000,1.000000",
        "3,3,aa,AB,m4 (cluster-m4),1,b,m4,4.000000,4.000000,1.000000",
    };
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, ""), 5);
    assert_says(f.words, "Pairs of runs: p99 of each");
    assert_says(f.words,
                "n = 2 pairs and 1 control, 6 000 successful requests. Verdict on the generator: no run is "
                "INVALID. Runs run-m4 and 5 more.");
    made_figure_fini(&f);
    compare(1, 5);
    f = made_figure(figure_pairs, &data);
    assert_says(f.left_out, "two complete pairs");
    compare(2, 0);
    c.results[SAMPLE_P99].n_pairs = 1;
    f = made_figure(figure_pairs, &data);
    assert_string_equal(f.left_out, "the runs have too few requests for their p99");
}

static void the_ratios_of_a_campaign_show_the_noise_floor(void **state)
{
    (void)state;
    compare(8, 2);
    c.results[SAMPLE_P90].control = (struct decide_control){ .n = 2, .least = 0.97, .most = 1.04 };
    c.results[SAMPLE_P50].ratio.value = 1.5;
    pairs[9].b = sample("m4", 1);
    snprintf(pairs[3].a.verdict, sizeof pairs[3].a.verdict, "INVALID");
    snprintf(pairs[9].b.verdict, sizeof pairs[9].b.verdict, "INVALID");
    pairs[0].a.emulated = true;
    const struct dataset data = { .comparison = &c };
    struct made_figure f = made_figure(figure_ratio, &data);
    static const char *const lines[] = {
        "0,p50,t2 (cluster-t2),1,1.500000,1.800000,2.250000,,,0.0500,8,higher",
        "1,p90,t2 (cluster-t2),1,2.000000,1.800000,2.250000,0.970000,1.040000,0.0500,8,higher",
        "3,p99.9,t2 (cluster-t2),1,2.000000,1.800000,2.250000,,,0.0500,8,higher",
    };
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, ""), 5);
    assert_says(
        f.words,
        "over pairs of runs (t, log ratios); grey band: within 5 %, of no interest; grey bars: the same "
        "cluster measured twice. ");
    assert_says(
        f.words,
        "Response time: from the moment a request was due to its complete response. n = 8 pairs and 2 "
        "controls, 20 000 successful requests. Instances are emulated. 2 runs are INVALID: the "
        "generator cannot be excluded as the cause. Runs run-m4 and 19 more.");
    made_figure_fini(&f);
    c.results[SAMPLE_P50].ratio.value = NAN;
    f = made_figure(figure_ratio, &data);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compare_csv_has_a_row_for_each_number),
        cmocka_unit_test(one_run_names_its_methods_and_has_no_effect_size),
        cmocka_unit_test(pairs_csv_has_a_row_for_each_run),
        cmocka_unit_test(each_pair_is_two_points),
        cmocka_unit_test(the_ratios_of_a_campaign_show_the_noise_floor),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
