/* The rows of the figures of times, instances and ratios, worked out by hand from made_run.h. */
#include "figure_of_times.h"

#include "arms.h"
#include "comparison.h"
#include "figure_set.h"

static struct dataset duo;
static struct comparison compared;

static int setup(void **state)
{
    struct err e;
    if (scratch_setup(state))
        return -1;
    made_open_dataset(&duo, made_run("duo"));
    duo.comparison = &compared;
    return comparison_of_run(&compared, &duo, &e);
}

static int teardown(void **state)
{
    comparison_fini(&compared);
    dataset_fini(&duo);
    return scratch_teardown(state);
}

static void the_share_answered_ends_where_the_rest_failed(void **state)
{
    static const char *const lines[] = {
        "line,cluster1,m4 (cluster1),1,1.048575,0.816104461,0.183895539,11028,",
        "line,cluster1,m4 (cluster1),1,2.097151,0.988393181,0.011606819,11028,",
        "line,cluster1,m4 (cluster1),1,4.194303,0.997461008,0.002538992,11028,",
        "end,cluster1,m4 (cluster1),1,4.194303,0.997461008,0.002538992,11028,0.254 % failed",
        "line,cluster2,t2 (cluster2),2,2.097151,0.499666889,0.500333111,6004,",
        "end,cluster2,t2 (cluster2),2,16.777215,0.999333777,0.000666223,6004,0.0666 % failed",
    };
    (void)state;
    struct made_figure f = made_figure(figure_ecdf, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "line,"), 3 + 4);
    assert_says(f.words, "Distribution of response times");
    assert_says(f.words, "Attempts: m4 11 028 (28 failed), t2 6 004 (4 failed). ");
    made_figure_fini(&f);
}

/* Of 60 000: a bin that adds less than 100 in the body, and less than a fiftieth of the rest, gets no
 * point. */
static void the_share_done_skips_what_nobody_could_see(void **state)
{
    static const struct made_times times[] = {
        { 1, 1, "response.load1.cluster1.main.ok.all", 1000, 10 }, /* the first is always drawn */
        { 1, 1, "response.load1.cluster1.main.ok.all", 1001, 99 }, /* too little */
        { 1, 1, "response.load1.cluster1.main.ok.all", 1002, 1 },  /* 100 since the last point */
        { 1, 1, "response.load1.cluster1.main.ok.all", 1003, 58889 },
        { 1, 1, "response.load1.cluster1.main.ok.all", 1004,
          1 }, /* 1000 are left, of which a fiftieth is 20 */
        { 1, 1, "response.load1.cluster1.main.ok.all", 1005, 18 }, /* with it 19; a fiftieth of 982 is 19 */
        { 1, 1, "response.load1.cluster1.main.ok.all", 1006, 1 },  /* 1 of 981 */
        { 1, 1, "response.load1.cluster1.main.ok.all", 1007, 978 },
        { 1, 1, "response.load1.cluster1.main.ok.all", 1008, 2 },
        { 1, 1, "response.load1.cluster1.main.ok.all", 1009, 1 }, /* the last is always drawn */
    };
    static const char *const lines[] = {
        "line,cluster1,m4 (cluster1),1,0.001000,0.000166667,0.999833333,60000,",
        "line,cluster1,m4 (cluster1),1,0.001002,0.001833333,0.998166667,60000,",
        "line,cluster1,m4 (cluster1),1,0.001003,0.983316667,0.016683333,60000,",
        "line,cluster1,m4 (cluster1),1,0.001005,0.983633333,0.016366667,60000,",
        "line,cluster1,m4 (cluster1),1,0.001007,0.999950000,0.000050000,60000,",
        "line,cluster1,m4 (cluster1),1,0.001008,0.999983333,0.000016667,60000,", /* a fiftieth of less than 50
                                                                              is none */
        "line,cluster1,m4 (cluster1),1,0.001009,1.000000000,0.000000000,60000,",
    };
    (void)state;
    struct made_figure f = figure_of_times(figure_ecdf, times, N_OF(times));
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "line,"), N_OF(lines));
    made_figure_fini(&f);
}

static void the_spectrum_ends_where_ten_lie_beyond(void **state)
{
    (void)state;
    struct made_figure f = made_figure(figure_spectrum, &duo);
    assert_line(f.rows, "line,cluster1,m4 (cluster1),1,500000,2.0000,1.048575,,,5514,11028,");
    /* 28 of 11 028 failed: the last percentile with a time is the 11 000th rank's. */
    assert_line(f.rows, "line,cluster1,m4 (cluster1),1,997461,393.8558,4.194303,,,28,11028,");
    assert_line(f.rows, "end,cluster1,m4 (cluster1),1,997461,393.8558,4.194303,,,28,11028,0.254 % failed");
    /* Of cluster2 4 failed, beyond the ten that end the line anyway. */
    assert_line(f.rows, "line,cluster2,t2 (cluster2),2,950000,20.0000,8.388607,,,300,6004,");
    assert_int_equal(made_lines(f.rows, "line,cluster2,"), 60);
    assert_int_equal(made_lines(f.rows, "end,"), 1);
    assert_says(f.words, "No bands: 10 whole seconds are too few for an interval, which takes 30. ");
    assert_says(f.words, "Response time by percentile");
    assert_says(
        f.words,
        "a line ends in a cross where the rest failed, else where fewer than 10 attempts took longer. ");
    made_figure_fini(&f);
}

/* 20 to 22 answers: of the median 10 lie beyond, of the next point 9. */
static void the_spectrum_needs_twenty_attempts(void **state)
{
    (void)state;
    for (unsigned n = 19; n <= 22; n++) {
        const struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1, 10 },
                                            { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS2, n - 10 },
                                            { 1, 1, "response.load2.cluster2.main.ok.all", MADE_MS1, 5 } };
        struct made_figure f = figure_of_times(figure_spectrum, times, N_OF(times));
        if (n < 20) {
            assert_int_equal(f.result, FIGURE_LEFT_OUT);
            assert_string_equal(f.left_out, "no cluster has 20 attempts outside of warm-up");
            continue;
        }
        assert_int_equal(made_lines(f.rows, "line,cluster1,m4 (cluster1),1,500000,2.0000,"), 1);
        assert_int_equal(made_lines(f.rows, "line,"), 1);
        assert_says(f.words, "; lines end where fewer than 10 attempts took longer. ");
        made_figure_fini(&f);
    }
}

/* 28 attempts of cluster1 and 4 of cluster2 failed. */
static void the_spectrum_of_mostly_failures_is_left_out(void **state)
{
    static const struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1,
                                                 20 } };
    (void)state;
    struct dataset data;
    made_open_dataset(&data, made_run_of("failing", times, N_OF(times)));
    struct made_figure f = made_figure(figure_spectrum, &data);
    assert_string_equal(f.left_out, "no cluster answered half of its attempts");
    dataset_fini(&data);
}

/* One attempt without an age may be shorter than all others: its rank and those above have a bound only. */
static void attempts_that_were_cut_off_leave_bounds(void **state)
{
    static const struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1, 12 },
                                               { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS2,
                                                 13 } };
    (void)state;
    struct dataset data;
    const char *folder = made_run_of("cut", times, N_OF(times));
    made_edit(folder, "run.json", "\"timeout\": 8, \"status_5xx\": 20, ", "\"censored\": 1, ");
    made_open_dataset(&data, folder);
    struct made_figure f = made_figure(figure_spectrum, &data);
    assert_line(f.rows, "bound,cluster1,m4 (cluster1),1,500000,2.0000,1.048064,,,13,26,");
    assert_says(f.words, "Dotted: at least so long, since attempts were cut off by the end. ");
    made_figure_fini(&f);
    f = made_figure(figure_ecdf, &data);
    assert_line(f.rows, "end,cluster1,m4 (cluster1),1,2.097151,0.961538462,0.038461538,26,3.85 % cut off");
    made_figure_fini(&f);
    dataset_fini(&data);
}

static void an_arm_without_good_answers_is_named(void **state)
{
    static const struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1,
                                                 2000 } };
    (void)state;
    struct dataset data;
    const char *folder = made_run_of("dead", times, N_OF(times));
    made_edit(folder, "run.json", "\"errors\": {\"status_5xx\": 4}", "\"errors\": {\"status_5xx\": 4000}");
    made_open_dataset(&data, folder);
    struct made_figure f = made_figure(figure_spectrum, &data);
    assert_line(f.rows, "end,cluster2,t2 (cluster2),2,0,1.0000,,,,3999,4000,100 % failed");
    made_figure_fini(&f);
    f = made_figure(figure_ecdf, &data);
    assert_line(f.rows, "end,cluster2,t2 (cluster2),2,0.000000,0.000000000,1.000000000,4000,100 % failed");
    made_figure_fini(&f);
    f = made_figure(figure_summary, &data);
    assert_line(f.rows, "none,t2 (cluster2),2,,,,,none,,,,,2.000");
    assert_says(f.words, "p50: m4 1.05 ms, t2 none; p99: m4 none, t2 none");
    made_figure_fini(&f);
    dataset_fini(&data);
}

static void the_summary_shows_percentiles_steps_facts_and_instances(void **state)
{
    static const char *const lines[] = {
        "percentile,m4 (cluster1),1,,,,,p50,?,1.048575,,,0.000",
        "percentile,m4 (cluster1),1,,,,,p99,?,4.194303,,,2.000",
        "none,m4 (cluster1),1,,,,,none,,,,,3.000",
        "percentile,t2 (cluster2),2,,,,,p50,?,4.194303,,,0.000",
        "fact,t2 (cluster2),2,,,,,\"6 004 attempts, 4 failed, 526 good/s\",,,,,0.000",
        "fact,m4 (cluster1),1,,,,,p50 1.05 ms?  p90 2.10 ms?  p99 4.19 ms?,,,,,1.000",
        "value,m4 (cluster1),1,1.000,2.000,1.0000,2.0000,,,1.048575,,2.097151,1",
        "value,m4 (cluster1),1,6.000,7.000,5.0855,5.1710,,,,,,6",
        "value,t2 (cluster2),2,19.000,19.400,11.6840,12.0840,,,4.194303,,16.777215,19",
        "instance,m4 (cluster1),1,,,,,i-a,,6107.000000,4950.500000,5184.500000,1.000",
        "instance,m4 (cluster1),1,,,,,i-b,,4028.000000,4950.500000,5184.500000,2.000",
        "instance,t2 (cluster2),2,,,,,i-c,,6000.000000,2900.000000,3104.000000,4.000", /* a gap between
                                                                                         clusters */
        "instance,t2 (cluster2),2,,,,,,,4.000000,2900.000000,3104.000000,5.000",
    };
    (void)state;
    struct made_figure f = made_figure(figure_summary, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "value,"), 40);
    assert_int_equal(made_lines(f.rows, "fact,"), 4);
    made_figure_fini(&f);
}

/* A percentile is shown when ten attempts lie beyond it. A cluster without any has none. */
static void the_summary_leaves_out_what_it_cannot_know(void **state)
{
    static const struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1,
                                                 100 } };
    (void)state;
    struct dataset data;
    const char *folder = made_run_of("few", times, N_OF(times));
    made_edit(folder, "run.json", "\"errors\": {\"status_5xx\": 4}", "\"errors\": {}");
    made_remove(folder, "instances.csv");
    made_remove(folder, "intervals.csv");
    made_open_dataset(&data, folder);
    struct made_figure f = made_figure(figure_summary, &data);
    assert_int_equal(made_lines(f.rows, "percentile,m4"), 1); /* 28 of 128 failed */
    assert_int_equal(made_lines(f.rows, "none,m4"), 1);
    assert_int_equal(made_lines(f.rows, "percentile,t2") + made_lines(f.rows, "none,t2"), 0);
    assert_int_equal(made_lines(f.rows, "fact,m4"), 2);
    assert_int_equal(made_lines(f.rows, "instance,"), 0);
    assert_says(f.words, "p50: m4 1.05 ms, t2 -; p99: m4 none, t2 -");
    made_figure_fini(&f);
    dataset_fini(&data);
}

static void without_a_success_figures_of_times_are_left_out(void **state)
{
    static const struct made_times times[] = { { 0, 0, "response.load1.cluster1.warm.ok.all", MADE_MS1, 11 },
                                               { 1, 1, "response.load1.cluster1.main.timeout.all", MADE_MS1,
                                                 11 } };
    static figure_fn *const all[] = { figure_bands, figure_ecdf, figure_heatmap, figure_summary };
    (void)state;
    for (size_t i = 0; i < N_OF(all); i++) {
        struct made_figure f = figure_of_times(all[i], times, N_OF(times));
        assert_int_equal(f.result, FIGURE_LEFT_OUT);
        assert_says(f.left_out, "no request outside of warm-up succeeded");
    }
}

static void each_instance_has_a_bar_and_each_cluster_an_answer(void **state)
{
    static const char *const lines[] = {
        "bar,1,cluster1,m4 (cluster1),1,i-a,6107,7,5067.500,4950.500,5184.500,14.6000,",
        "bar,2,cluster1,m4 (cluster1),1,i-b,4028,28,5067.500,4950.500,5184.500,-14.6000,",
        "note,1.50,cluster1,m4 (cluster1),1,,,,,,,,more uneven than chance makes it (chi² 426 with 1 df)",
        "bar,4,cluster2,t2 (cluster2),2,i-c,6000,0,3002.000,2900.000,3104.000,54.7000,",
        "bar,5,cluster2,t2 (cluster2),2,unnamed,4,4,3002.000,2900.000,3104.000,-54.7000,",
        "note,4.50,cluster2,t2 (cluster2),2,,,,,,,,as even as round robin makes it (chi² 0.01 with 1 df)",
    };
    static const char *const untested[] = { ",426.5,1,1e-9,1\n", ",,,,\n" };
    (void)state;
    struct made_figure f = made_figure(figure_instances, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "bar,"), 4);
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_instances, "instances.csv", untested, 2);
    assert_int_equal(made_lines(f.rows, "note,"), 1);
    made_figure_fini(&f);
}

static void instances_that_are_not_there_are_left_out(void **state)
{
    (void)state;
    struct dataset data;
    const char *folder = made_run("alone");
    made_open_dataset(&data, folder);
    made_edit(folder, "instances.csv", "\ncluster1,", "\ncluster8,");
    made_edit(folder, "instances.csv", "\ncluster2,", "\ncluster9,");
    struct made_figure f = made_figure(figure_instances, &data);
    assert_string_equal(f.left_out, "the run has no instances");
    made_remove(folder, "instances.csv");
    f = made_figure(figure_instances, &data);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_says(f.left_out, "there is no instances.csv");
    made_file(folder, "instances.csv", "cluster,instance\n");
    f = made_figure(figure_instances, &data);
    assert_int_equal(f.result, FIGURE_FAILED);
    assert_says(f.e.text, "'requests_n'");
    dataset_fini(&data);
}

static void ratios_stand_with_the_margin_and_the_decision(void **state)
{
    (void)state;
    struct made_figure f = made_figure(figure_ratio, &duo);
    assert_line(f.rows, "ab,0,p50,t2 (cluster2),2,4.000003,,,0.0500,1,description,");
    assert_line(f.rows, "ab,2,p99,t2 (cluster2),2,4.000001,,,0.0500,1,description,");
    assert_int_equal(made_lines(f.rows, "ab,3,"), 0); /* 6 lie beyond the p99.9 of cluster2 */
    assert_says(f.words, "Times of t2 as multiples of those of m4");
    assert_says(f.words, "no intervals: 11 whole seconds are too few for an interval, which takes 30; grey "
                         "band: the margin of 5 %. ");
    made_figure_fini(&f);
    const struct dataset nothing = { 0 };
    f = made_figure(figure_ratio, &nothing);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_says(f.left_out, "no two clusters");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_share_answered_ends_where_the_rest_failed),
        cmocka_unit_test(the_share_done_skips_what_nobody_could_see),
        cmocka_unit_test(the_spectrum_ends_where_ten_lie_beyond),
        cmocka_unit_test(the_spectrum_needs_twenty_attempts),
        cmocka_unit_test(the_spectrum_of_mostly_failures_is_left_out),
        cmocka_unit_test(attempts_that_were_cut_off_leave_bounds),
        cmocka_unit_test(an_arm_without_good_answers_is_named),
        cmocka_unit_test(the_summary_shows_percentiles_steps_facts_and_instances),
        cmocka_unit_test(the_summary_leaves_out_what_it_cannot_know),
        cmocka_unit_test(without_a_success_figures_of_times_are_left_out),
        cmocka_unit_test(each_instance_has_a_bar_and_each_cluster_an_answer),
        cmocka_unit_test(instances_that_are_not_there_are_left_out),
        cmocka_unit_test(ratios_stand_with_the_margin_and_the_decision),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
