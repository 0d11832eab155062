/* What a comparison shows on a terminal. */
#include "shown_comparison.h"

#include "close.h"

static void the_screen_shows_each_number_of_both(void **state)
{
    (void)state;
    compare(8, 0);
    for (size_t i = 0; i < 8; i++) {
        pairs[i].a.goodput = (struct sample_goodput){ .25, .999 };
        pairs[i].b.goodput = (struct sample_goodput){ .25, i < 4 ? .9 : .8 };
    }
    c.results[SAMPLE_P90].n_pairs = 0;
    c.results[SAMPLE_P999] = (struct decide_result){ .n_pairs = 8,
                                                     .typical_a.state = ATTEMPT_NONE,
                                                     .typical_b.state = ATTEMPT_NONE,
                                                     .ratio = { NAN, NAN, NAN },
                                                     .outcome = DECIDE_UNDECIDED,
                                                     .reason = DECIDE_INTERVAL,
                                                     .n_more = 7 };
    c.results[SAMPLE_P99].outcome = DECIDE_UNDECIDED;
    c.results[SAMPLE_P99].failures = (struct decide_failures){ .n = 8, .a = .0001, .b = 0 };
    c.results[SAMPLE_RATE].outcome = DECIDE_LOWER;
    c.results[SAMPLE_P50].ratio.lo = NAN;
    char *text = text_of(print);
    static const char *const lines[] = {
        "               m4     t2   ratio   95 % interval   decision",
        "  p50     1.00 ms   2.00 ms    2.00               -   slower",
        "  p90     2.00 ms   4.00 ms    2.00     1.80 - 2.25   too few requests",
        "  p99     4.00 ms   8.00 ms    2.00     1.80 - 2.25   undecided",
        "  p99.9         -      -       -               -   undecided: interval (about 7 more pairs)",
        "  good/s      500    250    2.00     1.80 - 2.25   lower",
        "  failed   0.01 %    0.00 %                    ",
        "  within 250 ms  99.90 %  85.00 %",
        "  response times of all attempts, geometric means over the runs",
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
    check_says("service times of all attempts");
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

/* A terminal has 80 columns; what programs read has a note in each line. */
static void prose_is_wrapped_for_a_terminal(void **state)
{
    struct text_out text;
    (void)state;
    compare(6, 0);
    decided(DECIDE_HIGHER, DECIDE_MEAN);
    assert_true(text_out_begin(&text));
    assert_int_equal(comparison_print(text.file, &c, true), 0);
    comparison_print_note(
        text.file, "fail-if",
        "p99 > +10%: undecided, which passes: -7.2 % (95 % interval -52.3 to +80.4, 6 pairs); at "
        "this spread more runs hardly help: make them longer",
        true);
    char *printed = text_out_end(&text);
    for (const char *line = printed; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 80);
    assert_says(printed, "\n  fail-if            p99 > +10%: undecided, which passes: -7.2 % (95 % interval\n"
                         "                     -52.3 to +80.4, 6 pairs); at this spread more runs hardly\n"
                         "                     help: make them longer\n");
    free(printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_screen_shows_each_number_of_both),
        cmocka_unit_test(one_run_says_where_its_intervals_are_from),
        cmocka_unit_test(prose_is_wrapped_for_a_terminal),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
