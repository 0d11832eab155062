#include "err.h"
#include "threshold.h"
#include "units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void thresholds_are_scope_metric_and_limit(void **state)
{
    static const struct {
        const char *text, *scope;
        enum threshold_metric metric;
        uint32_t ppm;
        bool at_most, or_equal;
        double limit;
    } cases[] = {
        { "p99 < 250ms", "", THRESHOLD_PERCENTILE, 990000, true, false, .25 },
        { "p99.9<1s", "", THRESHOLD_PERCENTILE, 999000, true, false, 1 },
        { " p99.9999  <=  1m30s ", "", THRESHOLD_PERCENTILE, 999999, true, true, 90 },
        { "p100 < 1s", "", THRESHOLD_PERCENTILE, 1000000, true, false, 1 },
        { "p0.0001 > 1us", "", THRESHOLD_PERCENTILE, 1, false, false, 1e-6 },
        { "cluster1.p50 < 3ms", "cluster1", THRESHOLD_PERCENTILE, 500000, true, false, .003 },
        { "p9.p50.5 < 3ms", "p9", THRESHOLD_PERCENTILE, 505000, true, false, .003 },
        { "mean < 3ms", "", THRESHOLD_MEAN, 0, true, false, .003 },
        { "m4-burst.max < 3ms", "m4-burst", THRESHOLD_MAX, 0, true, false, .003 },
        { "cluster1.errors < 0.1%", "cluster1", THRESHOLD_ERRORS, 0, true, false, .001 },
        { "buyers.login.p99 < 3ms", "buyers/login", THRESHOLD_PERCENTILE, 990000, true, false, .003 },
        { "buyers.login.p99.9 < 3ms", "buyers/login", THRESHOLD_PERCENTILE, 999000, true, false, .003 },
        { "buyers.p9.p5 < 3ms", "buyers/p9", THRESHOLD_PERCENTILE, 50000, true, false, .003 },
        { "buyers.session.errors < 1%", "buyers/session", THRESHOLD_ERRORS, 0, true, false, .01 },
        { "errors <= 0", "", THRESHOLD_ERRORS, 0, true, true, 0 },
        { "errors < 100%", "", THRESHOLD_ERRORS, 0, true, false, 1 },
        { "errors <= 0%", "", THRESHOLD_ERRORS, 0, true, true, 0 },
        { "errors > 0%", "", THRESHOLD_ERRORS, 0, false, false, 0 },
        { "p99 > 1s", "", THRESHOLD_PERCENTILE, 990000, false, false, 1 },
        { "rate > 100/s", "", THRESHOLD_RATE, 0, false, false, 100 },
        { "rate >= 2k/s", "", THRESHOLD_RATE, 0, false, true, 2000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct threshold t;
        struct err e;
        if (threshold_parse(&t, cases[i].text, &e))
            fail_msg("%s: %s", cases[i].text, e.text);
        assert_string_equal(t.text, cases[i].text);
        assert_string_equal(t.scope, cases[i].scope);
        assert_int_equal(t.metric, cases[i].metric);
        assert_int_equal(t.p_ppm, cases[i].ppm);
        assert_int_equal(t.at_most, cases[i].at_most);
        assert_int_equal(t.or_equal, cases[i].or_equal);
        assert_true(fabs(t.limit - cases[i].limit) < 1e-12);
        assert_false(t.aborts);
        free(t.text);
    }
}

#define FORM                                                                                                 \
    "a threshold must be like 'p99 < 250ms', 'cluster1.errors < 0.1%' or 'm4-burst.rate > 100/s', not "
#define METRIC "a threshold is on p50 to p99.9999, mean, max, errors or rate, not on "

static void other_texts_are_refused_with_a_reason(void **state)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        { "", FORM "''" },
        { "p99", FORM "'p99'" },
        { "p99 = 3s", FORM "'p99 = 3s'" },
        { "p99 <", FORM "'p99 <'" },
        { "< 3s", FORM "'< 3s'" },
        { "p99 < 3s or so", FORM "'p99 < 3s or so'" },
        { "p < 3s", METRIC "'p'" },
        { "p0 < 3s", METRIC "'p0'" },
        { "p100.1 < 3s", METRIC "'p100.1'" },
        { "p1.00001 < 3s", METRIC "'p1.00001'" },
        { "p99.99999 < 3s", METRIC "'p99.99999'" },
        { "p99. < 3s", METRIC "'p99.'; did you mean p99?" },
        { "mena < 3s", METRIC "'mena'; did you mean mean?" },
        { "a b.p99 < 3s", FORM "'a b.p99 < 3s'" },
        { "a,b.p99 < 3s",
          "what stands before the metric must be a cluster, a stream or a stream's step, not 'a,b'" },
        { "a.b,c.p99 < 3s",
          "what stands before the metric must be a cluster, a stream or a stream's step, not 'a.b,c'" },
        { "a.b.c.p99 < 3s", METRIC "'c.p99'" },
        { "p99 < 3", "the limit of a time must be a duration such as 500ms, 10s or 1h30m, not '3'" },
        { "p99 < -3s", "the limit of a time must be a duration such as 500ms, 10s or 1h30m, not '-3s'" },
        { "errors < 101%", "the limit of errors must be a share such as 0.1%, not '101%'" },
        { "errors < 5", "the limit of errors must be a share such as 0.1%, not '5'" },
        { "errors < %", "the limit of errors must be a share such as 0.1%, not '%'" },
        { "errors < 0%", "the threshold 'errors < 0%' can never hold; did you mean <=?" },
        { "t2.errors > 100%", "the threshold 't2.errors > 100%' can never hold; did you mean >=?" },
        { "max < 0", "the threshold 'max < 0' can never hold; did you mean <=?" },
        { "rate > 0", "the limit of a rate must be a rate such as 500/s, 2k/s or 6000/m, not '0'" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct threshold t;
        struct err e = { 0 };
        assert_int_equal(threshold_parse(&t, cases[i].text, &e), -1);
        assert_string_equal(e.text, cases[i].sentence);
        assert_int_equal(e.kind, ERR_INPUT);
    }
}

/* 138 characters at most before the operator, 63 after it; blanks on either side do not count. */
static void words_of_a_threshold_have_room(void **state)
{
    (void)state;
    for (int length = 63; length <= 64; length++) {
        char zeros[65], text[160];
        struct threshold t;
        struct err e = { 0 };
        memset(zeros, '0', sizeof zeros);
        snprintf(text, sizeof text, "  p99  <  %.*s1s  ", length - 2, zeros);
        assert_int_equal(threshold_parse(&t, text, &e), length == 63 ? 0 : -1);
        if (length == 63)
            free(t.text);
        else
            assert_non_null(strstr(e.text, FORM));
    }
    for (int length = 138; length <= 139; length++) {
        char zeros[140], text[160];
        struct threshold t;
        struct err e = { 0 };
        memset(zeros, '0', sizeof zeros);
        snprintf(text, sizeof text, "%.*s < 1s", length, zeros);
        assert_int_equal(threshold_parse(&t, text, &e), -1);
        assert_int_equal(strstr(e.text, FORM) != NULL, length == 139);
    }
}

static void a_value_holds_on_its_side_of_the_limit(void **state)
{
    static const struct {
        const char *text, *unit;
        double value;
        bool holds;
    } cases[] = {
        { "p99 < 250ms", "s", .249, true },      { "p99 < 250ms", "s", .25, false },
        { "p99 <= 250ms", "s", .25, true },      { "errors < 1%", "share", .02, false },
        { "rate > 100/s", "per_s", 100, false }, { "rate >= 100/s", "per_s", 100, true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct threshold t;
        struct err e;
        assert_int_equal(threshold_parse(&t, cases[i].text, &e), 0);
        assert_int_equal(threshold_holds(&t, cases[i].value), cases[i].holds);
        assert_string_equal(threshold_unit(&t), cases[i].unit);
        free(t.text);
    }
}

static void a_value_is_shown_in_its_unit(void **state)
{
    static const struct {
        const char *unit;
        double value;
        const char *text;
    } cases[] = {
        { "s", .00231, "2.31 ms" }, { "share", .125, "12.5 %" },       { "share", 0, "0.00 %" },
        { "per_s", 300, "300/s" },  { "per_s", 1e300, "1e+300/s" },    { "s", NAN, "nothing to judge" },
        { NULL, .25, "250 ms" },    { "s", 1e300, "1e+300 s" },        { "s", -1.5, "-1.50 s" },
        { "s", 0, "0 s" },          { "s", 1e10, "2777777 h 46 min" }, { "s", 1.1e10, "11 000 000 000 s" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[UNITS_TEXT_BYTES];
        assert_string_equal(threshold_value_text(cases[i].unit, cases[i].value, text), cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_are_scope_metric_and_limit),
        cmocka_unit_test(other_texts_are_refused_with_a_reason),
        cmocka_unit_test(words_of_a_threshold_have_room),
        cmocka_unit_test(a_value_holds_on_its_side_of_the_limit),
        cmocka_unit_test(a_value_is_shown_in_its_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
