/* Limits of changes: what is beyond, what is within, what these pairs cannot tell. */
#include "made_pairs.h"

#include "decide_limit.h"

enum { N_MOST = 8 };

static struct decide_pair pairs[N_MOST], controls[N_MOST];
static struct err e;

static struct decide_limit_question question(size_t n, double limit, bool is_above)
{
    struct decide_limit_question q = { .pairs = decide_defaults, .limit = limit, .is_above = is_above };
    q.pairs.p_ppm = 990000;
    q.pairs.pairs = pairs;
    q.pairs.n_pairs = n;
    return q;
}

static struct decide_limit ask(const struct decide_limit_question *q)
{
    struct decide_limit out;
    assert_int_equal(decide_limit_ratio(q, &out, &e), 0);
    return out;
}

/* The answer for the first n pairs; the limit is a ratio. */
static struct decide_limit limit_of(size_t n, double ratio)
{
    const struct decide_limit_question q = question(n, log(ratio), ratio > 1);
    return ask(&q);
}

/* The centre is .1404, its interval .1215 to .1594 (the worked example of the method). */
static void the_whole_interval_must_lie_on_one_side(void **state)
{
    (void)state;
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    const struct decide_limit beyond = limit_of(8, 1.12);
    assert_int_equal(beyond.word, DECIDE_LIMIT_BEYOND);
    assert_close(exp(beyond.change.value), 1.151, 5e-4);
    assert_close(exp(beyond.change.lo), 1.129, 5e-4);
    assert_close(exp(beyond.change.hi), 1.173, 5e-4);
    assert_true(beyond.p > 0 && beyond.p < .025);
    const struct decide_limit open = limit_of(8, 1.14);
    assert_int_equal(open.word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(open.reason, DECIDE_INTERVAL);
    assert_true(open.p > .025);
    assert_int_equal(limit_of(8, 1.18).word, DECIDE_LIMIT_WITHIN);
    assert_int_equal(limit_of(8, .95).word, DECIDE_LIMIT_WITHIN);
    fill(pairs, t2_ms, m4_ms, N_PAIRS);
    assert_int_equal(limit_of(8, .88).word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(limit_of(8, .89).word, DECIDE_LIMIT_BEYOND);
    assert_int_equal(limit_of(8, .80).word, DECIDE_LIMIT_WITHIN);
}

/* What lies hardly beyond the limit at this spread takes more pairs than it is worth. */
static void more_pairs_are_advised_only_where_they_help(void **state)
{
    (void)state;
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    const struct decide_limit far = limit_of(8, 1.13), near = limit_of(8, 1.151);
    assert_true(far.n_more >= 1 && far.n_more <= 8);
    assert_int_equal(near.word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(near.n_more, 0);
}

static void fewer_than_six_pairs_prove_nothing(void **state)
{
    (void)state;
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    for (size_t n = 0; n < DECIDE_PAIRS_LEAST; n++) {
        const struct decide_limit few = limit_of(n, 1.01);
        assert_int_equal(few.word, DECIDE_LIMIT_DESCRIPTION);
        assert_int_equal(few.n_more, 6 - n);
        assert_true(isnan(few.change.lo) && isnan(few.p));
    }
}

/* One broken run of eight is borne: the trimmed mean is 1.5016 (1.4813 to 1.5222). */
static void one_broken_run_hides_nothing(void **state)
{
    (void)state;
    fill_ratios(pairs, (const double[]){ 1.51, 1.49, 1.53, .19, 1.50, 1.52, 1.48, 1.51 }, 8);
    assert_int_equal(limit_of(8, 1.48).word, DECIDE_LIMIT_BEYOND);
    assert_int_equal(limit_of(8, 1.49).word, DECIDE_LIMIT_UNDECIDED);
}

/* Pairs of 1.26 whose controls show 1.13: 1.115 is left, at least 1.09. */
static void what_the_controls_show_is_not_held_against_b(void **state)
{
    (void)state;
    fill_ratios(pairs, (const double[]){ 1.25, 1.27, 1.26, 1.24, 1.28, 1.26, 1.25, 1.27 }, 8);
    fill_ratios(controls, (const double[]){ 1.12, 1.14 }, 2);
    struct decide_limit_question q = question(8, log(1.08), true);
    q.pairs.controls = controls;
    q.pairs.n_controls = 2;
    assert_int_equal(ask(&q).word, DECIDE_LIMIT_BEYOND);
    q.limit = log(1.10);
    assert_int_equal(ask(&q).word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(ask(&q).reason, DECIDE_CONTROLS);
    q.limit = log(1.30);
    assert_int_equal(ask(&q).reason, DECIDE_CONTROLS);
    q.limit = log(1.46);
    assert_int_equal(ask(&q).word, DECIDE_LIMIT_WITHIN);
    q.pairs.n_controls = 0;
    q.limit = log(1.10);
    assert_int_equal(ask(&q).word, DECIDE_LIMIT_BEYOND);
}

/* Twice the visible share is taken off: of B's 115 only 105 is left. */
static void the_generator_must_not_have_made_the_difference(void **state)
{
    (void)state;
    fill_ratios(pairs, (const double[]){ 1.15, 1.151, 1.149, 1.152, 1.148, 1.15 }, 6);
    assert_int_equal(limit_of(6, 1.10).word, DECIDE_LIMIT_BEYOND);
    for (size_t i = 0; i < 6; i++) {
        pairs[i].a.less_generator = pairs[i].a.time.value;
        pairs[i].b.less_generator = pairs[i].b.time.value - 5;
    }
    assert_int_equal(limit_of(6, 1.10).word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(limit_of(6, 1.10).reason, DECIDE_GENERATOR);
    assert_int_equal(limit_of(6, 1.03).word, DECIDE_LIMIT_BEYOND);
    assert_int_equal(limit_of(6, 1.20).word, DECIDE_LIMIT_WITHIN);
}

/* B's times lie within the limit, but it fails more; or A fails more and would win. */
static void the_arm_that_fails_more_never_wins(void **state)
{
    (void)state;
    fill_ratios(pairs, (const double[]){ 1.01, 1, .99, 1.01, 1, .99 }, 6);
    assert_int_equal(limit_of(6, 1.10).word, DECIDE_LIMIT_WITHIN);
    for (size_t i = 0; i < 6; i++)
        pairs[i].b.failed = .002;
    assert_int_equal(limit_of(6, 1.10).reason, DECIDE_FAILURES);
    assert_int_equal(limit_of(6, .98).word, DECIDE_LIMIT_WITHIN);
    for (size_t i = 0; i < 6; i++) {
        pairs[i].a.failed = .005;
        pairs[i].b.time.value = 130;
    }
    assert_int_equal(limit_of(6, 1.10).reason, DECIDE_FAILURES);
}

static void a_time_that_failed_is_longer_than_any_limit(void **state)
{
    (void)state;
    fill_ratios(pairs, (const double[]){ 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2 }, 8);
    pairs[0].b.time = (struct decide_time){ .state = ATTEMPT_FAILED };
    const struct decide_limit some = limit_of(6, 1.10);
    assert_int_equal(some.word, DECIDE_LIMIT_BEYOND);
    assert_true(some.is_by_signs && isnan(some.change.value));
    assert_int_equal(some.n_beyond, 6);
    assert_close(some.p, 1. / 64, 1e-12);
    pairs[1].b.time.value = 105;
    assert_int_equal(limit_of(6, 1.10).reason, DECIDE_SIGNS);
    assert_int_equal(limit_of(8, 1.10).reason, DECIDE_SIGNS); /* 7 of 8: p = .035 */
    assert_int_equal(limit_of(8, 1.30).reason, DECIDE_SIGNS);
    for (size_t i = 0; i < 8; i++)
        pairs[i].b.time = (struct decide_time){ .state = ATTEMPT_FAILED };
    assert_int_equal(limit_of(8, 9).word, DECIDE_LIMIT_BEYOND);
    for (size_t i = 0; i < 8; i++)
        pairs[i].a.time = pairs[i].b.time;
    const struct decide_limit none = limit_of(8, 9);
    assert_int_equal(none.word, DECIDE_LIMIT_DESCRIPTION);
    assert_int_equal(none.n_tied, 8);
}

/* Cut off after 150: at least 1.5, which proves +10 % and can never prove that it is within +60 %. */
static void a_bound_proves_one_direction_only(void **state)
{
    (void)state;
    fill_ratios(pairs, (const double[]){ 1.2, 1.2, 1.2, 1.2, 1.2, 1.2 }, 6);
    for (size_t i = 0; i < 6; i++)
        pairs[i].b.time = (struct decide_time){ .state = ATTEMPT_AT_LEAST, .at_least = 150 };
    assert_int_equal(limit_of(6, 1.10).word, DECIDE_LIMIT_BEYOND);
    assert_int_equal(limit_of(6, 1.60).word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(limit_of(6, .9).word, DECIDE_LIMIT_WITHIN);
}

static struct decide_limit failed(const unsigned *a, const unsigned *b, size_t n, double limit)
{
    struct decide_limit out;
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct decide_pair){ .a = { .failed = a[i] / 1000., .attempts_n = 1000 },
                                         .b = { .failed = b[i] / 1000., .attempts_n = 1000 } };
    const struct decide_limit_question q = question(n, limit, true);
    assert_int_equal(decide_limit_failed(&q, &out, &e), 0);
    return out;
}

/* 15 of 6000 against none: requests that fail independently have a standard error of .068610 points (16 of
 * 6002, 1 of 6002), more than the .042817 between the runs; t with 5 degrees of freedom is 2.570582. */
static void a_failed_share_varies_at_least_as_single_requests_do(void **state)
{
    (void)state;
    static const unsigned none[6] = { 0 }, some[6] = { 2, 3, 1, 4, 2, 3 };
    const struct decide_limit open = failed(none, some, 6, .001);
    assert_close(open.change.value, .0025, 1e-12);
    assert_close(open.change.lo, .0025 - 2.570582 * .00068610, 5e-8);
    assert_close(open.change.hi, .0025 + 2.570582 * .00068610, 5e-8);
    assert_int_equal(open.word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(open.reason, DECIDE_INTERVAL);
    assert_true(open.n_more > 0);
    assert_int_equal(failed(none, some, 6, .0005).word, DECIDE_LIMIT_BEYOND);
    assert_int_equal(failed(none, some, 6, .0050).word, DECIDE_LIMIT_WITHIN);
    assert_int_equal(failed(none, some, 5, .0005).word, DECIDE_LIMIT_DESCRIPTION);
}

/* No failure among 6000 requests of either arm: +-.06 points. */
static void no_failures_prove_only_what_their_number_carries(void **state)
{
    (void)state;
    static const unsigned none[6] = { 0 };
    const struct decide_limit without = failed(none, none, 6, .001);
    assert_close(without.change.hi, 2.570582 * sqrt(2 * 5001. / 5002.) / sqrt(6002. * 6002.), 5e-5);
    assert_int_equal(without.word, DECIDE_LIMIT_WITHIN);
    assert_int_equal(failed(none, none, 6, .0005).word, DECIDE_LIMIT_UNDECIDED);
}

/* 60 failures in one run of six: .01 +- .026. Pooled, they would prove +0.1 points. */
static void requests_that_fail_together_count_as_one_run(void **state)
{
    (void)state;
    static const unsigned none[6] = { 0 }, once[6] = { 0, 0, 60, 0, 0, 0 };
    const struct decide_limit one = failed(none, once, 6, .001);
    assert_close(one.change.lo, .01 - 2.570582 * .01, 1e-7);
    assert_int_equal(one.word, DECIDE_LIMIT_UNDECIDED);
    static const unsigned each[6] = { 9, 11, 10, 10, 9, 11 };
    assert_int_equal(failed(none, each, 6, .001).word, DECIDE_LIMIT_BEYOND);
}

/* p .01 and .02 at a level of .025: alone both stand, together only the first. */
static void several_limits_share_the_level(void **state)
{
    (void)state;
    struct decide_limit a = { .word = DECIDE_LIMIT_BEYOND, .p = .01 },
                        b = { .word = DECIDE_LIMIT_BEYOND, .p = .02 },
                        few = { .word = DECIDE_LIMIT_DESCRIPTION, .p = NAN };
    struct decide_limit *const one[] = { &b, &few }, *const both[] = { &a, &b };
    assert_int_equal(decide_limit_family(one, 2, .95, &e), 0);
    assert_int_equal(b.word, DECIDE_LIMIT_BEYOND);
    assert_int_equal(few.word, DECIDE_LIMIT_DESCRIPTION);
    assert_int_equal(decide_limit_family(both, 2, .95, &e), 0);
    assert_int_equal(a.word, DECIDE_LIMIT_BEYOND);
    assert_close(a.p_holm, .02, 1e-12);
    assert_close(b.p_holm, .02, 1e-12);
    assert_int_equal(b.word, DECIDE_LIMIT_BEYOND);
    a.p = .015;
    assert_int_equal(decide_limit_family(both, 2, .95, &e), 0);
    assert_int_equal(a.reason, DECIDE_FAMILY);
    assert_int_equal(b.word, DECIDE_LIMIT_UNDECIDED);
    assert_int_equal(a.word, DECIDE_LIMIT_UNDECIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_interval_must_lie_on_one_side),
        cmocka_unit_test(more_pairs_are_advised_only_where_they_help),
        cmocka_unit_test(fewer_than_six_pairs_prove_nothing),
        cmocka_unit_test(one_broken_run_hides_nothing),
        cmocka_unit_test(what_the_controls_show_is_not_held_against_b),
        cmocka_unit_test(the_generator_must_not_have_made_the_difference),
        cmocka_unit_test(the_arm_that_fails_more_never_wins),
        cmocka_unit_test(a_time_that_failed_is_longer_than_any_limit),
        cmocka_unit_test(a_bound_proves_one_direction_only),
        cmocka_unit_test(a_failed_share_varies_at_least_as_single_requests_do),
        cmocka_unit_test(no_failures_prove_only_what_their_number_carries),
        cmocka_unit_test(requests_that_fail_together_count_as_one_run),
        cmocka_unit_test(several_limits_share_the_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
