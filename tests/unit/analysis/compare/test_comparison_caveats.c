/* Caveats of a comparison, of pairs of runs given as numbers. */
#include "made_notes.h"

static void like_runs_have_no_caveats(void **state)
{
    (void)state;
    compare(8, 0);
    check_nothing_else(0);
    check_note("at least 0.0 % of p99 in the run with most");
    check_note("leaving out what can be seen of it, the ratio of p99 is 2.00 (1.80 to 2.25)");
}

static void loads_that_differ_are_told_of_the_first_such_pair(void **state)
{
    (void)state;
    compare(8, 1);
    snprintf(pairs[8].b.load, sizeof pairs[8].b.load, "closed: 11 requests");
    check_note("the loads differ, so the times do not compare:");
    check_note("  m4: closed: 10 requests");
    check_note("  m4: closed: 11 requests");
    check_nothing_else(3);
    compare(8, 0);
    pairs[2].a.timed_s = 100;
    pairs[2].b.timed_s = 95; /* five in a hundred are within the tolerance of durations */
    check_nothing_else(0);
    pairs[2].b.timed_s = 94.9;
    pairs[3] = pairs[2];
    check_note("the loads differ: m4 was measured for 1 min 40 s and t2 for 1 min 34 s");
    check_nothing_else(1);
    pairs[2].a.timed_s = 10;
    pairs[2].b.timed_s = 20;
    check_note("the loads differ: m4 was measured for 10.0 s and t2 for 20.0 s");
}

static void numbers_of_instances_that_differ_are_told_with_the_typical_one(void **state)
{
    (void)state;
    compare(8, 0);
    pairs[0].a.n_instances = 3;
    pairs[0].b.n_instances = 5;
    check_note("5 instances against 3: per instance the ratio of p99 is 2.00 (1.80 - 2.25)");
    c.results[SAMPLE_EACH_P99].ratio.lo = NAN;
    check_note("5 instances against 3: per instance the ratio of p99 is 2.00");
    c.within_run = true;
    check_note("5 instances against 3: per instance the ratio of p99 is 2.00; one run gives no interval "
               "for it");
    c.results[SAMPLE_EACH_P99].ratio.value = NAN;
    check_note("5 instances against 3");
    pairs[0].a.n_instances = 0;
    check_nothing_else(0);
    pairs[0].a.n_instances = 3;
    pairs[0].b.n_instances = 0;
    check_nothing_else(0);
}

/* 0 to 10 of 1000: by Newcombe .40 to 1.83 points. */
static void failed_shares_that_differ_in_one_run_are_noted(void **state)
{
    (void)state;
    compare(1, 1);
    c.within_run = true;
    pairs[0].b.failed_n = 10;
    pairs[1].a.failed_n = 500; /* of a control: does not count */
    check_note("failed shares differ, if failures are independent: t2 failed 0.40 to 1.83 points more");
    struct comparison_errors s = comparison_errors(&c);
    assert_int_equal(s.a_err, 0);
    assert_int_equal(s.a_n, 1000);
    assert_int_equal(s.b_err, 10);
    assert_int_equal(s.b_n, 1000);
    const struct comparison_pair control = pairs[1]; /* it may come first */
    pairs[1] = pairs[0];
    pairs[0] = control;
    s = comparison_errors(&c);
    assert_int_equal(s.b_err, 10);
    assert_int_equal(s.a_n, 1000);
    pairs[0] = pairs[1];
    pairs[1] = control;
    pairs[0].a = pairs[0].b;
    pairs[0].b = sample("t2");
    pairs[0].a.failed_n = 10;
    snprintf(pairs[0].a.label, sizeof pairs[0].a.label, "m4");
    check_note("failed shares differ, if failures are independent: m4 failed 0.40 to 1.83 points more");
    pairs[0].a.failed_n = 1;
    check_nothing_else(0);
}

/* Over runs the paired interval decides, and what forbids a decision stands in the sentence. */
static void failed_shares_that_differ_over_runs_are_noted_once(void **state)
{
    (void)state;
    compare(8, 0);
    c.results[SAMPLE_P99].failures = (struct decide_failures){
        .n = 8, .a = .0009, .b = .0001, .difference = { -.0008, -.0009, -.0007 }, .is_certain = true
    };
    check_note("m4 failed more: by 0.07 to 0.09 points");
    c.results[SAMPLE_P99].failures.a = .0019;
    check_nothing_else(0);
    c.results[SAMPLE_P99].failures.a = .0009;
    c.results[SAMPLE_P99].failures.is_certain = false;
    check_nothing_else(0);
}

static void pairs_that_depend_on_each_other_are_noted(void **state)
{
    (void)state;
    compare(8, 0);
    c.results[SAMPLE_P99].lag1 = .7;
    check_nothing_else(0);
    c.results[SAMPLE_P99].lag1 = .72;
    check_note("each pair resembles the one before (lag-1 correlation 0.72): spread pairs over days");
}

static void few_pairs_do_not_bear_a_broken_run(void **state)
{
    (void)state;
    compare(7, 0);
    check_note("7 pairs do not bear one broken run; 8 to 12 do");
    compare(1, 0);
    check_nothing_else(0);
}

static void burst(struct sample *s, bool is_known, double first, double last, double least)
{
    s->is_burstable = true;
    s->credits = (struct credits){ is_known, first, last, least };
}

static void credits_are_told_when_they_made_the_speed(void **state)
{
    static const struct {
        double first, last, least;
        const char *note; /* NULL: none */
    } cases[] = {
        { 100, 100, 100, NULL },
        { 100, 99, 99, NULL }, /* a hundredth is noise */
        { 100, 98.9, 98.9, "t2 spent CPU credits (100 to 98.9): this is its speed while they last" },
        { 100, 50, 1, "t2 spent CPU credits (100 to 50): this is its speed while they last" },
        { 100, 0, 0.9, "t2 ran out of CPU credits (100 at the start): full speed and baseline are mixed" },
        { 1, 0, 0.5, "t2 ran out of CPU credits (1 at the start): full speed and baseline are mixed" },
        { 0.9, 0, 0, "t2 had no CPU credits: this is its speed at the baseline" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        compare(8, 0);
        for (size_t k = 0; k < 8; k++) /* spent over all of its runs */
            burst(&pairs[k].b, true, k == 0 ? cases[i].first : 500, k == 7 ? cases[i].last : 500,
                  k == 3 ? cases[i].least : 500);
        if (cases[i].note)
            check_note(cases[i].note);
        check_nothing_else(cases[i].note ? 1 : 0);
    }
}

static void credits_that_are_not_known_are_told(void **state)
{
    (void)state;
    compare(8, 1);
    for (size_t i = 0; i < 8; i++)
        burst(&pairs[i].b, false, NAN, NAN, NAN);
    check_note("t2 is as fast as its CPU credits allow, and nothing says how many it had: `loadgen provision "
               "metrics "
               "--run DIR`");
    check_nothing_else(1);
    burst(&pairs[2].b, true, 100, 100, 100);
    check_note("the CPU credits of t2 are known for 1 of 8 runs only");
    check_nothing_else(1);
    snprintf(pairs[1].b.no_credits, sizeof pairs[1].b.no_credits, "cloudwatch.csv is broken");
    check_note("the CPU credits of t2 are not known: cloudwatch.csv is broken");
    check_nothing_else(2);
    compare(8, 1);
    burst(&pairs[8].b, false, NAN, NAN, NAN); /* both runs of a control are of the first cluster */
    check_note("m4 is as fast as its CPU credits allow, and nothing says how many it had: `loadgen provision "
               "metrics "
               "--run DIR`");
    check_nothing_else(1);
}

static void the_run_that_moved_furthest_is_noted(void **state)
{
    (void)state;
    compare(8, 1);
    for (size_t i = 0; i < 9; i++)
        pairs[i].a.steadiness.kind = STEADINESS_STEADY;
    check_nothing_else(0);
    pairs[1].a.steadiness = (struct steadiness){ STEADINESS_CHANGED, 0.2, 30 };
    pairs[2].a.steadiness = (struct steadiness){ STEADINESS_CHANGED, -0.4, 7 };
    pairs[3].a.steadiness = (struct steadiness){ STEADINESS_CHANGED, 0.3, 9 };
    pairs[4].a.steadiness.kind = STEADINESS_UNKNOWN;
    snprintf(pairs[2].a.run_id, sizeof pairs[2].a.run_id, "run-third");
    check_note("m4 was not steady in 3 of 8 runs: in run-third its p50 fell by 40.0 % after 7.00 s");
    check_nothing_else(1);
    pairs[5].a.steadiness =
        (struct steadiness){ STEADINESS_CHANGED, 0.4, 9 }; /* of equals the first is told */
    check_note("m4 was not steady in 4 of 8 runs: in run-third its p50 fell by 40.0 % after 7.00 s");
    pairs[5].a.steadiness = (struct steadiness){ .kind = STEADINESS_STEADY };
    pairs[8].b.steadiness = (struct steadiness){ STEADINESS_CHANGED, 0.9, 41 };
    check_note("m4 was not steady in 4 of 9 runs: in run-m4 its p50 rose by 90.0 % after 41.0 s");
    pairs[0].b.steadiness = (struct steadiness){ STEADINESS_CHANGED, 0.1, 5 };
    check_note("t2 was not steady in 1 of 1 runs: in run-t2 its p50 rose by 10.0 % after 5.00 s");
    compare(1, 0);
    c.within_run = true;
    pairs[0].b.steadiness = (struct steadiness){ STEADINESS_CHANGED, -0.25, 9 };
    check_note("t2 was not steady: its p50 fell by 25.0 % after 9.00 s");
    check_nothing_else(1);
    pairs[0].b.steadiness.kind = STEADINESS_DEPENDENT;
    check_note("whether t2 was steady is not judged: its seconds depend on each other");
    check_nothing_else(1);
}

static void an_order_that_mattered_is_noted(void **state)
{
    (void)state;
    compare(8, 0);
    c.results[SAMPLE_P99].order =
        (struct order_effect){ .ratio_a_first = 1.1, .ratio_b_first = 1.4, .p = 0.05 };
    check_nothing_else(0);
    c.results[SAMPLE_P99].order.p = 0.049;
    check_note("the order mattered: 1.10 when m4 ran first, 1.40 when t2 did (p = 0.049)");
    check_nothing_else(1);
}

static void a_round_trip_that_is_most_of_a_median_is_noted_once(void **state)
{
    (void)state;
    compare(8, 0);
    pairs[0].a.round_trip_ns = pairs[0].b.round_trip_ns = 0.4e6;
    check_nothing_else(0);
    for (size_t i = 3; i < 8; i++) {
        pairs[i].a.round_trip_ns = pairs[i].b.round_trip_ns = 0.9e6;
        pairs[i].a.is_far = true;
        pairs[i].b.value[SAMPLE_P50] = 2e6;
    }
    check_note(
        "the round trip to the target, 900 us, is 90 % of the median of m4 and 45 % of the median of t2: "
        "most of what is compared is the network; run closer to the target");
    check_nothing_else(1);
    pairs[3].b.value[SAMPLE_P50] = NAN;
    check_note(
        "the round trip to the target, 900 us, is 90 % of the median of m4 and part of the median of t2: "
        "most of what is compared is the network; run closer to the target");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_runs_have_no_caveats),
        cmocka_unit_test(loads_that_differ_are_told_of_the_first_such_pair),
        cmocka_unit_test(numbers_of_instances_that_differ_are_told_with_the_typical_one),
        cmocka_unit_test(failed_shares_that_differ_in_one_run_are_noted),
        cmocka_unit_test(failed_shares_that_differ_over_runs_are_noted_once),
        cmocka_unit_test(pairs_that_depend_on_each_other_are_noted),
        cmocka_unit_test(few_pairs_do_not_bear_a_broken_run),
        cmocka_unit_test(credits_are_told_when_they_made_the_speed),
        cmocka_unit_test(credits_that_are_not_known_are_told),
        cmocka_unit_test(the_run_that_moved_furthest_is_noted),
        cmocka_unit_test(an_order_that_mattered_is_noted),
        cmocka_unit_test(a_round_trip_that_is_most_of_a_median_is_noted_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
