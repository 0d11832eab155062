/* What a comparison says, shows and writes, of pairs of runs that are given as numbers. */
#include "../cm.h"

#include "../close.h"
#include "made_run.h"
#include "made_text.h"

#include "comparison.h"
#include "comparison_notes.h"
#include "figures.h"
#include "text_out.h"

#define RUNS_MOST 12

static struct comparison_pair pairs[RUNS_MOST];
static struct comparison c;

static struct sample sample(const char *label, double scale)
{
    struct sample s = {
        .ok_n = 1000, .err_known = true, .n_instances = 2, .headline = METRIC_RESPONSE, .style = 1
    };
    static const double values[N_SAMPLE_VALUES] = { 1e6, 2e6, 4e6, 8e6, 500, .9e6, 3e6, 1.1e6, 5e6 };
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        s.value[i] = i == SAMPLE_RATE ? values[i] / scale : values[i] * scale;
    snprintf(s.cluster, sizeof s.cluster, "cluster-%s", label);
    snprintf(s.label, sizeof s.label, "%s", label);
    snprintf(s.series, sizeof s.series, "%s (cluster-%s)", label, label);
    snprintf(s.run_id, sizeof s.run_id, "run-%s", label);
    snprintf(s.verdict, sizeof s.verdict, "OK");
    snprintf(s.load, sizeof s.load, "closed, 2 users: 1 000 requests");
    return s;
}

/* Pairs of m4 and t2, and control pairs behind them; what was decided is up to the test. */
static void compare(size_t n_pairs, size_t n_controls)
{
    c = (struct comparison){ .pairs = pairs,
                             .n_pairs = n_pairs,
                             .n_controls = n_controls,
                             .primary = SAMPLE_P99,
                             .margin = 0.05,
                             .ks.distance = NAN };
    for (size_t i = 0; i < n_pairs + n_controls; i++) {
        pairs[i] = (struct comparison_pair){
            .number = (unsigned)i + 1, .is_control = i >= n_pairs, .order = "AB", .a = sample("m4", 1)
        };
        pairs[i].b = pairs[i].is_control ? sample("m4", 1) : sample("t2", 2);
    }
    for (int i = 0; i < N_SAMPLE_VALUES; i++) {
        c.within[i] = (struct decide_interval){ NAN, NAN, NAN };
        c.results[i] = (struct decide_result){ .n_pairs = n_pairs,
                                               .typical_a = pairs[0].a.value[i],
                                               .typical_b = pairs[0].b.value[i],
                                               .ratio = { 2, 1.8, 2.25 },
                                               .difference = { 1e6, NAN, NAN },
                                               .a12 = 0.75,
                                               .p = 0.0012,
                                               .p_holm = 0.0024,
                                               .order.p = NAN,
                                               .outcome = DECIDE_HIGHER };
    }
}

static char *text_of(void (*write)(FILE *, const struct comparison *))
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    write(text.file, &c);
    char *result = text_out_end(&text);
    assert_non_null(result);
    return result;
}

static void print(FILE *out, const struct comparison *what)
{
    assert_int_equal(comparison_print(out, what), 0);
}

static void check_sentence(const char *wanted)
{
    char *text = text_of(comparison_sentence);
    assert_string_equal(text, wanted);
    free(text);
}

static void check_says(const char *wanted)
{
    char *text = text_of(print);
    assert_says(text, wanted);
    free(text);
}

static void check_says_not(const char *unwanted)
{
    char *text = text_of(print);
    assert_says_not(text, unwanted);
    free(text);
}

#define SURE "(95 % interval 1.80 to 2.25, 8 pairs, p = 0.0024)"

static void the_sentence_says_what_was_decided(void **state)
{
    static const struct {
        enum decide_outcome outcome;
        size_t n_more;
        const char *sentence;
    } cases[] = {
        { DECIDE_HIGHER, 0,
          "t2 (cluster-t2) is slower than m4 (cluster-m4): its p99 is 2.00 times as long " SURE "." },
        { DECIDE_LOWER, 0,
          "t2 (cluster-t2) is faster than m4 (cluster-m4): its p99 is 2.00 times as long " SURE "." },
        { DECIDE_EQUIVALENT, 0,
          "t2 (cluster-t2) and m4 (cluster-m4) are equivalent within 5 %: the p99 of one is 2.00 times that "
          "of the "
          "other " SURE "." },
        { DECIDE_UNDECIDED, 0,
          "Undecided: the p99 of t2 (cluster-t2) is 2.00 times that of m4 (cluster-m4) " SURE "." },
        { DECIDE_UNDECIDED, 1,
          "Undecided: the p99 of t2 (cluster-t2) is 2.00 times that of m4 (cluster-m4) " SURE
          "; about 1 more pairs would tell." },
        { DECIDE_DESCRIPTION, 0,
          "One run per cluster: a description, no proof. In it the p99 of t2 (cluster-t2) was 2.00 times "
          "that of m4 "
          "(cluster-m4). `loadgen campaign` with eight pairs would tell." },
    };
    (void)state;
    compare(8, 0);
    for (size_t i = 0; i < N_OF(cases); i++) {
        c.results[SAMPLE_P99].outcome = cases[i].outcome;
        c.results[SAMPLE_P99].n_more = cases[i].n_more;
        check_sentence(cases[i].sentence);
    }
    c.results[SAMPLE_P99].ratio.value = NAN;
    check_sentence(
        "One run per cluster: a description, no proof. `loadgen campaign` with eight pairs would tell.");
}

static void fewer_than_six_pairs_have_no_interval(void **state)
{
    (void)state;
    compare(5, 0);
    check_sentence("t2 (cluster-t2) is slower than m4 (cluster-m4): its p99 is 2.00 times as long (5 pairs, "
                   "too few for an "
                   "interval, p = 0.0024).");
    assert_true(isnan(comparison_ratio(&c, SAMPLE_P99).lo));
    check_says("5 pairs; 6 are the least for an interval without assumptions");
    compare(6, 0);
    assert_close(comparison_ratio(&c, SAMPLE_P99).lo, 1.8, 0);
    check_says_not("are the least for an interval");
    compare(6, 0);
    c.results[SAMPLE_P99].ratio.hi = NAN;
    check_says("(6 pairs, too few for an interval, p = 0.0024)");
}

static void runs_that_are_too_short_are_told(void **state)
{
    (void)state;
    compare(2, 0);
    c.results[SAMPLE_P99].outcome = DECIDE_DESCRIPTION;
    c.results[SAMPLE_P99].n_pairs = 0;
    check_sentence(
        "No proof: in none of the 2 pairs have both runs the ten requests beyond the p99 that it takes. Send "
        "more requests in each run.");
    check_says("2 pairs; 6 are the least for an interval without assumptions");
    assert_true(comparison_runs_are_too_short(&c));
    c.results[SAMPLE_P99].n_pairs = 1;
    assert_false(comparison_runs_are_too_short(&c));
    c.results[SAMPLE_P99].n_pairs = 0;
    c.within_run = true;
    assert_false(comparison_runs_are_too_short(&c));
    compare(1, 0);
    c.results[SAMPLE_P99].n_pairs = 0;
    assert_false(comparison_runs_are_too_short(&c));
}

static void controls_alone_are_no_pair(void **state)
{
    (void)state;
    compare(0, 1);
    assert_null(comparison_first(&c));
    check_sentence("No pair of runs is complete yet.");
    check_says_not("against it");
    compare(1, 1);
    pairs[2] = pairs[0];
    pairs[0] = pairs[1];
    pairs[1] = pairs[2];
    assert_ptr_equal(comparison_first(&c), &pairs[1]);
}

static void the_screen_shows_each_number_of_both(void **state)
{
    (void)state;
    compare(8, 0);
    pairs[0].a.err_n = 1;
    c.results[SAMPLE_P90].n_pairs = 0;
    c.results[SAMPLE_P999] = (struct decide_result){ .n_pairs = 8,
                                                     .typical_a = NAN,
                                                     .typical_b = NAN,
                                                     .ratio = { NAN, NAN, NAN },
                                                     .outcome = DECIDE_UNDECIDED,
                                                     .n_more = 7 };
    c.results[SAMPLE_P99].outcome = DECIDE_UNDECIDED;
    c.results[SAMPLE_RATE].outcome = DECIDE_LOWER;
    c.results[SAMPLE_P50].ratio.lo = NAN;
    char *text = text_of(print);
    static const char *const lines[] = {
        "               m4     t2   ratio   95 % interval   decision",
        "  p50        1.00   2.00    2.00               -   slower",
        "  p90        2.00   4.00    2.00               -   too few samples",
        "  p99        4.00   8.00    2.00     1.80 - 2.25   undecided",
        "  p99.9         -      -       -               -   undecided, about 7 more pairs",
        "  requests/s  500    250    2.00     1.80 - 2.25   lower",
        "  errors   0.01 %    0.00 %                    ",
        "  times in ms, response time, geometric means over the runs",
    };
    for (size_t i = 0; i < N_OF(lines); i++) { /* columns are as wide as they need to be */
        char wanted[128], got[4096], *to = wanted;
        for (const char *s = lines[i]; *s; s++)
            if (*s != ' ')
                *to++ = *s;
        *to = '\0';
        to = got;
        for (const char *s = text; *s; s++)
            if (*s != ' ')
                *to++ = *s;
        *to = '\0';
        assert_line(got, wanted);
    }
    free(text);
    pairs[0].a.headline = METRIC_SERVICE;
    check_says("times in ms, service time");
}

static void one_run_says_where_its_intervals_are_from(void **state)
{
    (void)state;
    compare(1, 0);
    c.within_run = true;
    check_says("no intervals: too few seconds with requests");
    c.within[SAMPLE_RATE] = (struct decide_interval){ 2, 1.9, 2.1 };
    check_says("intervals from blocks of this run's seconds");
    c.within[SAMPLE_RATE] = (struct decide_interval){ NAN, NAN, NAN };
    c.within[SAMPLE_P50] = (struct decide_interval){ 3, 2.9, 3.1 };
    check_says("intervals from blocks of this run's seconds");
    assert_close(comparison_ratio(&c, SAMPLE_P50).value, 3, 0); /* the one of its seconds */
    assert_close(comparison_ratio(&c, SAMPLE_P90).value, 2, 0); /* there is none */
    c.within_run = false;
    assert_close(comparison_ratio(&c, SAMPLE_P50).value, 2, 0);
    check_says("geometric means over the runs");
}

/* --- what is written --- */

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

/* --- figures of a campaign --- */

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
        cmocka_unit_test(the_sentence_says_what_was_decided),
        cmocka_unit_test(fewer_than_six_pairs_have_no_interval),
        cmocka_unit_test(runs_that_are_too_short_are_told),
        cmocka_unit_test(controls_alone_are_no_pair),
        cmocka_unit_test(the_screen_shows_each_number_of_both),
        cmocka_unit_test(one_run_says_where_its_intervals_are_from),
        cmocka_unit_test(compare_csv_has_a_row_for_each_number),
        cmocka_unit_test(one_run_names_its_methods_and_has_no_effect_size),
        cmocka_unit_test(pairs_csv_has_a_row_for_each_run),
        cmocka_unit_test(each_pair_is_two_points),
        cmocka_unit_test(the_ratios_of_a_campaign_show_the_noise_floor),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
