/* Pairs of which a run has no time, or only a bound. */
#include "made_pairs.h"

static const double NS_PER_MS_REAL = 1e6;

static struct decide_run ms(double value)
{
    return run_of(value * NS_PER_MS_REAL);
}

static struct decide_run failed(double bound_ms, double share)
{
    return (struct decide_run){ .time = { .state = ATTEMPT_FAILED, .at_least = bound_ms * NS_PER_MS_REAL },
                                .less_generator = NAN,
                                .failed = share };
}

static struct decide_run at_least(double bound_ms)
{
    return (struct decide_run){ .time = { .state = ATTEMPT_AT_LEAST, .at_least = bound_ms * NS_PER_MS_REAL },
                                .less_generator = NAN };
}

/* n pairs of the one kind, then m of the other. */
static struct decide_result mixed(size_t n, struct decide_pair one, size_t m, struct decide_pair other)
{
    struct decide_pair pairs[16];
    for (size_t i = 0; i < n + m; i++)
        pairs[i] = i < n ? one : other;
    return decide(pairs, n + m, NULL, 0);
}

static void an_arm_that_times_out_everywhere_is_slower(void **state)
{
    (void)state;
    const struct decide_pair pair = { .a = ms(130), .b = failed(1000, .083) };
    const struct decide_result r = mixed(8, pair, 0, pair);
    assert_int_equal(r.method, DECIDE_SIGN_TEST);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_int_equal(r.signs.n_higher, 8);
    assert_close(r.p, .0078, 5e-5);
    assert_close(r.signs.beyond, 7.7, 5e-2);
    assert_true(isinf(r.signs.nearest));
    assert_true(isnan(r.ratio.value) && isnan(r.ratio.lo) && isnan(r.equivalence.lo) &&
                isnan(r.p_equivalence));
    assert_int_equal(r.typical_a.state, ATTEMPT_EXACT);
    assert_int_equal(r.typical_b.state, ATTEMPT_FAILED);
    assert_close(r.typical_b.at_least, 1e9, 0);
    assert_close(r.failures.b, .083, 1e-12);

    const struct decide_pair mirrored = { .a = failed(1000, .083), .b = ms(130) };
    const struct decide_result m = mixed(8, mirrored, 0, mirrored);
    assert_int_equal(m.outcome, DECIDE_LOWER);
    assert_close(1 / m.signs.beyond, 7.7, 5e-2);
}

static void failures_without_a_timeout_give_no_bound(void **state)
{
    (void)state;
    const struct decide_pair pair = { .a = ms(130), .b = failed(0, .32) };
    const struct decide_result r = mixed(8, pair, 0, pair);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_true(isnan(r.signs.beyond));
}

static void so_many_pairs_must_point_the_same_way(void **state)
{
    (void)state;
    static const struct {
        size_t n, most;
        double p;
        bool decides;
    } cases[] = {
        { 6, 6, .031, true },   { 7, 7, .016, true },   { 8, 8, .0078, true }, { 9, 8, .039, true },
        { 10, 9, .021, true },  { 12, 10, .039, true }, { 7, 6, .125, false }, { 8, 7, .0703, false },
        { 10, 8, .109, false }, { 12, 9, .146, false },
    };
    const struct decide_pair slower = { .a = ms(10), .b = failed(1000, 0) },
                             faster = { .a = ms(10), .b = ms(9) };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct decide_result r = mixed(cases[i].most, slower, cases[i].n - cases[i].most, faster);
        assert_close(r.p, cases[i].p, 5e-4);
        assert_int_equal(r.outcome, cases[i].decides ? DECIDE_HIGHER : DECIDE_UNDECIDED);
        assert_int_equal(r.reason, cases[i].decides ? DECIDE_NO_REASON : DECIDE_SIGNS);
        assert_int_equal(r.n_more, 0);
    }
}

static void pairs_without_any_time_are_ties_and_do_not_count(void **state)
{
    (void)state;
    const struct decide_pair tie = { .a = failed(1000, .1), .b = failed(0, .1) },
                             slower = { .a = ms(10), .b = failed(1000, .1) };
    const struct decide_result none = mixed(8, tie, 0, tie);
    assert_int_equal(none.n_pairs, 0);
    assert_int_equal(none.n_tied, 8);
    assert_int_equal(none.outcome, DECIDE_DESCRIPTION);
    assert_int_equal(none.typical_a.state, ATTEMPT_FAILED);
    assert_int_equal(none.typical_b.state, ATTEMPT_FAILED);
    assert_close(none.typical_a.at_least, 1e9, 0);
    const struct decide_result some = mixed(6, slower, 2, tie);
    assert_int_equal(some.n_pairs, 6);
    assert_int_equal(some.outcome, DECIDE_HIGHER);
    assert_int_equal(mixed(5, slower, 3, tie).outcome, DECIDE_DESCRIPTION);
}

static void a_bound_counts_only_if_it_proves_the_direction(void **state)
{
    (void)state;
    const struct decide_pair proven = { .a = ms(10), .b = at_least(20) },
                             open = { .a = ms(10), .b = at_least(9) },
                             equal = { .a = ms(10), .b = at_least(10) },
                             both = { .a = at_least(10), .b = at_least(90) },
                             other = { .a = at_least(20), .b = failed(1000, 0) };
    const struct decide_result r = mixed(8, proven, 0, open);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_close(r.signs.median, log(2), 1e-12);
    assert_close(r.signs.beyond, 2, 1e-12);
    const struct decide_pair unproven[] = { open, equal, both, other };
    for (size_t i = 0; i < 4; i++) {
        const struct decide_result against = mixed(7, proven, 1, unproven[i]);
        assert_int_equal(against.signs.n, 8);
        assert_int_equal(against.signs.n_higher, 7);
        assert_int_equal(against.signs.n_lower, 0);
        assert_close(against.p, .0703, 5e-5);
        assert_int_equal(against.outcome, DECIDE_UNDECIDED);
    }
    const struct decide_pair mirrored = { .a = at_least(20), .b = ms(10) };
    assert_int_equal(mixed(6, mirrored, 0, mirrored).outcome, DECIDE_LOWER);
}

/* Seven pairs differ by less than the margin; that one run has no time makes it no larger. */
static void the_typical_pair_must_lie_beyond_the_margin(void **state)
{
    (void)state;
    const struct decide_pair close = { .a = ms(100), .b = ms(101) },
                             slower = { .a = ms(100), .b = failed(1000, 0) };
    const struct decide_result r = mixed(7, close, 1, slower);
    assert_int_equal(r.signs.n_higher, 8);
    assert_int_equal(r.outcome, DECIDE_UNDECIDED);
    assert_int_equal(r.reason, DECIDE_MARGIN);
    assert_int_equal(mixed(4, close, 4, slower).reason, DECIDE_MARGIN); /* the lower median of 8 is the 4th */
    assert_int_equal(mixed(3, close, 5, slower).outcome, DECIDE_HIGHER);
}

/* Of 9 pairs one may point the other way, so the second smallest ratio is proven; of 8 none may. */
static void the_interval_of_the_median_ends_where_the_test_does(void **state)
{
    (void)state;
    const struct decide_pair slightly = { .a = ms(100), .b = ms(107) },
                             slower = { .a = ms(100), .b = failed(1000, 0) };
    assert_close(mixed(1, slightly, 7, slower).signs.nearest, 1.07, 1e-12);
    assert_true(isinf(mixed(1, slightly, 8, slower).signs.nearest));
    assert_close(mixed(2, slightly, 7, slower).signs.nearest, 1.07, 1e-12);
    const struct decide_pair open = { .a = ms(100), .b = at_least(50) };
    assert_true(isnan(mixed(1, open, 7, slower).signs.nearest));
}

static void equal_times_count_against_either_claim(void **state)
{
    (void)state;
    const struct decide_pair equal = { .a = ms(10), .b = ms(10) },
                             slower = { .a = ms(10), .b = failed(1000, 0) };
    assert_int_equal(mixed(7, slower, 1, equal).reason, DECIDE_SIGNS);
}

static void controls_without_times_forbid_a_claim_when_they_are_most(void **state)
{
    (void)state;
    struct decide_pair pairs[8], controls[4];
    for (size_t i = 0; i < 8; i++)
        pairs[i] = (struct decide_pair){ .a = ms(100), .b = failed(1000, 0) };
    for (size_t i = 0; i < 4; i++)
        controls[i] = (struct decide_pair){ .a = ms(100), .b = i < 2 ? ms(101) : failed(1000, 0) };
    const struct decide_result half = decide(pairs, 8, controls, 4);
    assert_int_equal(half.outcome, DECIDE_HIGHER);
    assert_int_equal(half.control.n, 2);
    assert_int_equal(half.control.n_lost, 2);
    controls[1].b = failed(1000, 0);
    const struct decide_result most = decide(pairs, 8, controls, 4);
    assert_int_equal(most.outcome, DECIDE_UNDECIDED);
    assert_int_equal(most.reason, DECIDE_CONTROLS);
}

/* Some differences have a size: what is left of the median's must be beyond the margin. */
static void a_shift_of_controls_is_taken_from_the_median(void **state)
{
    (void)state;
    struct decide_pair pairs[8], controls[4];
    for (size_t i = 0; i < 4; i++)
        controls[i] = (struct decide_pair){ .a = ms(100), .b = ms(120 + (double)i) };
    for (size_t i = 0; i < 8; i++)
        pairs[i] = (struct decide_pair){ .a = ms(100), .b = i < 7 ? ms(125) : failed(1000, 0) };
    assert_int_equal(decide(pairs, 8, NULL, 0).outcome, DECIDE_HIGHER);
    const struct decide_result r = decide(pairs, 8, controls, 4);
    assert_true(r.control.is_shifted);
    assert_int_equal(r.reason, DECIDE_CONTROLS);
    for (size_t i = 0; i < 8; i++)
        pairs[i].b = failed(1000, 0);
    assert_int_equal(decide(pairs, 8, controls, 4).outcome, DECIDE_HIGHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arm_that_times_out_everywhere_is_slower),
        cmocka_unit_test(failures_without_a_timeout_give_no_bound),
        cmocka_unit_test(so_many_pairs_must_point_the_same_way),
        cmocka_unit_test(pairs_without_any_time_are_ties_and_do_not_count),
        cmocka_unit_test(a_bound_counts_only_if_it_proves_the_direction),
        cmocka_unit_test(the_typical_pair_must_lie_beyond_the_margin),
        cmocka_unit_test(the_interval_of_the_median_ends_where_the_test_does),
        cmocka_unit_test(equal_times_count_against_either_claim),
        cmocka_unit_test(controls_without_times_forbid_a_claim_when_they_are_most),
        cmocka_unit_test(a_shift_of_controls_is_taken_from_the_median),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
