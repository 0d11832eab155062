/* What a comparison says and shows. */
#include "made_comparison.h"

#include "close.h"
#include "note_list.h"
#include "text_out.h"

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
                                                     .typical_a.value = NAN,
                                                     .typical_b.value = NAN,
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
    check_says("no intervals: 3 seconds carry no interval");
    c.within[SAMPLE_RATE] = (struct run_interval){ .value = 2, .lo = 1.9, .hi = 2.1 };
    check_says("intervals from this run's seconds");
    snprintf(c.within[SAMPLE_RATE].why, RUN_INTERVAL_WHY_BYTES, "one cluster has no rate");
    c.within[SAMPLE_P50] = (struct run_interval){ .value = 3, .lo = 2.9, .hi = 3.1 };
    check_says("intervals from this run's seconds");
    c.within[SAMPLE_P50].hi = INFINITY;
    check_says("2.90 or more");
    assert_close(comparison_ratio(&c, SAMPLE_P50).value, 3, 0); /* the one of its seconds */
    assert_close(comparison_ratio(&c, SAMPLE_P90).value, 2, 0); /* there is none */
    c.within_run = false;
    assert_close(comparison_ratio(&c, SAMPLE_P50).value, 2, 0);
    check_says("geometric means over the runs");
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
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
