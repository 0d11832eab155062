/* Objections to a comparison and the other notes, of pairs of runs given as numbers. */
#include "cm.h"

#include "comparison.h"
#include "note_list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RUNS_MOST 8

static struct comparison_pair pairs[RUNS_MOST];
static struct comparison c;

static struct sample sample(const char *label)
{
    struct sample s = { .ok_n = 1000, .err_known = true, .n_instances = 2, .headline = METRIC_RESPONSE };
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        s.value[i] = 1e6;
    snprintf(s.label, sizeof s.label, "%s", label);
    snprintf(s.run_id, sizeof s.run_id, "run-%s", label);
    snprintf(s.verdict, sizeof s.verdict, "OK");
    snprintf(s.load, sizeof s.load, "closed: 10 requests");
    return s;
}

static void compare(size_t n_pairs, size_t n_controls)
{
    c = (struct comparison){ .pairs = pairs,
                             .n_pairs = n_pairs,
                             .n_controls = n_controls,
                             .primary = SAMPLE_P99,
                             .margin = 0.05,
                             .ks.distance = NAN };
    for (size_t i = 0; i < n_pairs + n_controls; i++) {
        pairs[i] =
            (struct comparison_pair){ .number = (unsigned)i + 1, .is_control = i >= n_pairs, .order = "AB" };
        pairs[i].a = sample("m4");
        pairs[i].b = sample(pairs[i].is_control ? "m4" : "t2");
    }
    for (int i = 0; i < N_SAMPLE_VALUES; i++) {
        c.within[i] = (struct run_interval){ .value = NAN, .lo = NAN, .hi = NAN };
        c.results[i] =
            (struct decide_result){ .n_pairs = n_pairs, .ratio = { 2, 1.8, 2.25 }, .order.p = NAN };
    }
}

/* The number of notes, and whether one of them is this; "" looks for none. */
static size_t notes_with(const char *wanted, size_t *n)
{
    struct note_list notes = comparison_notes(&c);
    size_t found = 0;
    for (size_t i = 0; i < notes.n; i++)
        found += strcmp(notes.rows[i].text, wanted) == 0;
    *n = notes.n;
    if (*wanted && !found)
        for (size_t i = 0; i < notes.n; i++)
            print_error("  %s: %s\n", notes.rows[i].heading, notes.rows[i].text);
    note_list_fini(&notes);
    return found;
}

#define check_note(wanted)                                                                                   \
    do {                                                                                                     \
        size_t n_;                                                                                           \
        if (notes_with((wanted), &n_) != 1)                                                                  \
            fail_msg("no note '%s'", (wanted));                                                              \
    } while (0)

/* Without the note on the generator's share, which is always there. */
#define check_nothing_else(n_wanted)                                                                         \
    do {                                                                                                     \
        size_t n_;                                                                                           \
        notes_with("", &n_);                                                                                 \
        assert_int_equal(n_, (n_wanted) + 1);                                                                \
    } while (0)

static void like_runs_have_nothing_against_them(void **state)
{
    (void)state;
    compare(6, 0);
    check_nothing_else(0);
    check_note("at most 0.0 % of p99 in any run; leaving it out, the ratio of p99 is 2.00 (1.80 - 2.25)");
}

static void loads_that_differ_are_told_of_the_first_such_pair(void **state)
{
    (void)state;
    compare(6, 1);
    snprintf(pairs[6].b.load, sizeof pairs[6].b.load, "closed: 11 requests");
    check_note("the loads differ, so the times do not compare:");
    check_note("  m4: closed: 10 requests");
    check_note("  m4: closed: 11 requests");
    check_nothing_else(3);
    compare(6, 0);
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
    compare(6, 0);
    pairs[0].a.n_instances = 3;
    pairs[0].b.n_instances = 5;
    check_note("5 instances against 3: for the typical instance the ratio of p99 is 2.00 (1.80 - 2.25)");
    c.results[SAMPLE_EACH_P99].ratio.lo = NAN;
    check_note("5 instances against 3: for the typical instance the ratio of p99 is 2.00");
    c.within_run = true;
    check_note(
        "5 instances against 3: for the typical instance the ratio of p99 is 2.00; one run gives no interval "
        "for it");
    c.results[SAMPLE_EACH_P99].ratio.value = NAN;
    check_note("5 instances against 3");
    pairs[0].a.n_instances = 0;
    check_nothing_else(0);
    pairs[0].a.n_instances = 3;
    pairs[0].b.n_instances = 0;
    check_nothing_else(0);
}

/* 0 to 10 of 1000: by Newcombe 0.40 % to 1.83 %. */
static void error_shares_that_differ_are_told(void **state)
{
    (void)state;
    compare(1, 1);
    pairs[0].b.ok_n = 990;
    pairs[0].b.err_n = 10;
    pairs[1].a.err_n = 500; /* of a control: does not count */
    check_note("error shares differ: 0.40 % to 1.83 % more for t2");
    struct comparison_errors s = comparison_errors(&c);
    assert_int_equal(s.a_err, 0);
    assert_int_equal(s.a_n, 1000);
    assert_int_equal(s.b_err, 10);
    assert_int_equal(s.b_n, 1000);
    assert_int_equal(s.n_unknown, 0);
    const struct comparison_pair control = pairs[1]; /* it may come first */
    pairs[1] = pairs[0];
    pairs[0] = control;
    s = comparison_errors(&c);
    assert_int_equal(s.b_err, 10);
    assert_int_equal(s.a_n, 1000);
    check_note("error shares differ: 0.40 % to 1.83 % more for t2");
    pairs[0] = pairs[1];
    pairs[1] = control;
    pairs[0].a = pairs[0].b;
    pairs[0].b = sample("t2");
    check_note("error shares differ: -1.83 % to -0.40 % more for t2");
    pairs[0].a.err_n = 1;
    pairs[0].a.ok_n = 999;
    check_nothing_else(1); /* too few pairs */
}

static void errors_that_are_not_known_are_told(void **state)
{
    (void)state;
    compare(6, 0);
    pairs[1].b.err_known = false;
    pairs[1].b.err_n = 77;
    check_note("how many requests failed is not known of 1 run, whose intervals.csv cannot be read");
    assert_int_equal(comparison_errors(&c).b_n, 5000);
    assert_int_equal(comparison_errors(&c).b_err, 0);
    pairs[2].a.err_known = false;
    check_note("how many requests failed is not known of 2 runs, whose intervals.csv cannot be read");
    c.within_run = true;
    check_note("how many requests failed is not known, since intervals.csv cannot be read");
    check_nothing_else(1);
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
        compare(6, 0);
        for (size_t k = 0; k < 6; k++) /* spent over all of its runs */
            burst(&pairs[k].b, true, k == 0 ? cases[i].first : 500, k == 5 ? cases[i].last : 500,
                  k == 3 ? cases[i].least : 500);
        if (cases[i].note)
            check_note(cases[i].note);
        check_nothing_else(cases[i].note ? 1 : 0);
    }
}

static void credits_that_are_not_known_are_told(void **state)
{
    (void)state;
    compare(6, 1);
    for (size_t i = 0; i < 6; i++)
        burst(&pairs[i].b, false, NAN, NAN, NAN);
    check_note("t2 is as fast as its CPU credits allow, and nothing says how many it had: `loadgen provision "
               "metrics "
               "--run DIR`");
    check_nothing_else(1);
    burst(&pairs[2].b, true, 100, 100, 100);
    check_note("the CPU credits of t2 are known for 1 of 6 runs only");
    check_nothing_else(1);
    snprintf(pairs[1].b.no_credits, sizeof pairs[1].b.no_credits, "cloudwatch.csv is broken");
    check_note("the CPU credits of t2 are not known: cloudwatch.csv is broken");
    check_nothing_else(2);
    compare(6, 1);
    burst(&pairs[6].b, false, NAN, NAN, NAN); /* both runs of a control are of the first cluster */
    check_note("m4 is as fast as its CPU credits allow, and nothing says how many it had: `loadgen provision "
               "metrics "
               "--run DIR`");
    check_nothing_else(1);
}

static void the_run_that_moved_furthest_is_noted(void **state)
{
    (void)state;
    compare(6, 1);
    for (size_t i = 0; i < 7; i++)
        pairs[i].a.steadiness.kind = STEADINESS_STEADY;
    check_nothing_else(0);
    pairs[1].a.steadiness = (struct steadiness){ STEADINESS_CHANGED, 0.2, 30 };
    pairs[2].a.steadiness = (struct steadiness){ STEADINESS_CHANGED, -0.4, 7 };
    pairs[3].a.steadiness = (struct steadiness){ STEADINESS_CHANGED, 0.3, 9 };
    pairs[4].a.steadiness.kind = STEADINESS_UNKNOWN;
    snprintf(pairs[2].a.run_id, sizeof pairs[2].a.run_id, "run-third");
    check_note("m4 was not steady in 3 of 6 runs: in run-third its p50 fell by 40.0 % after 7.00 s");
    check_nothing_else(1);
    pairs[5].a.steadiness =
        (struct steadiness){ STEADINESS_CHANGED, 0.4, 9 }; /* of equals the first is told */
    check_note("m4 was not steady in 4 of 6 runs: in run-third its p50 fell by 40.0 % after 7.00 s");
    pairs[5].a.steadiness = (struct steadiness){ .kind = STEADINESS_STEADY };
    pairs[6].b.steadiness = (struct steadiness){ STEADINESS_CHANGED, 0.9, 41 };
    check_note("m4 was not steady in 4 of 7 runs: in run-m4 its p50 rose by 90.0 % after 41.0 s");
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
    compare(6, 0);
    c.results[SAMPLE_P99].order =
        (struct order_effect){ .ratio_a_first = 1.1, .ratio_b_first = 1.4, .p = 0.05 };
    check_nothing_else(0);
    c.results[SAMPLE_P99].order.p = 0.049;
    check_note("the order mattered: 1.10 when m4 ran first, 1.40 when t2 did (p = 0.049)");
    check_nothing_else(1);
    compare(1, 0);
    check_note("1 pair; 6 are the least for an interval without assumptions");
}

static void controls_say_how_much_noise_there_is(void **state)
{
    (void)state;
    compare(6, 1);
    c.results[SAMPLE_P99].control = (struct decide_control){ .n = 1, .least = 0.98, .most = 1.03 };
    check_note("same cluster twice: 0.98 - 1.03 (1 control pair)");
    c.results[SAMPLE_P99].control.n = 2;
    c.results[SAMPLE_P99].control.is_shifted = true;
    check_note("same cluster twice: 0.98 - 1.03 (2 control pairs); their interval excludes 1, so something "
               "else differs "
               "too");
    check_nothing_else(1);
}

static void the_generators_share_is_the_worst_of_any_run(void **state)
{
    (void)state;
    compare(6, 1);
    pairs[0].a.value[SAMPLE_LESS_P99] = 0.9e6;
    pairs[3].b.value[SAMPLE_LESS_P99] = 0.75e6;
    pairs[4].b.value[SAMPLE_LESS_P99] = NAN;
    check_note("at most 25.0 % of p99 in any run; leaving it out, the ratio of p99 is 2.00 (1.80 - 2.25)");
    c.results[SAMPLE_LESS_P99].ratio.lo = NAN;
    check_note("at most 25.0 % of p99 in any run; leaving it out, the ratio of p99 is 2.00");
    c.results[SAMPLE_LESS_P99].ratio.value = NAN;
    check_note("at most 25.0 % of p99 in any run");
    for (size_t i = 0; i < 7; i++)
        pairs[i].a.value[SAMPLE_P99] = pairs[i].b.value[SAMPLE_P99] = NAN;
    check_note("its share of p99 is not known: fewer than ten requests lie beyond that");
    snprintf(pairs[6].a.verdict, sizeof pairs[6].a.verdict, "INVALID");
    check_note("1 run is INVALID: the generator cannot be excluded as the cause");
    snprintf(pairs[1].b.verdict, sizeof pairs[1].b.verdict, "INVALID");
    check_note("2 runs are INVALID: the generator cannot be excluded as the cause");
    check_nothing_else(1);
    compare(1, 0);
    c.within_run = true; /* both samples are of one run */
    snprintf(pairs[0].a.verdict, sizeof pairs[0].a.verdict, "INVALID");
    snprintf(pairs[0].b.verdict, sizeof pairs[0].b.verdict, "INVALID");
    check_note("1 run is INVALID: the generator cannot be excluded as the cause");
}

static void distributions_are_told_where_they_are_furthest_apart(void **state)
{
    (void)state;
    compare(6, 0);
    c.ks = (struct ks){ .distance = 0.5, .share_a = 0.9, .share_b = 0.4, .at_ns = 2310000 };
    check_note("furthest apart at 2.31 ms: 90 % of m4 and 40 % of t2 were done by then (distance 0.50)");
    c.ks.distance = 0;
    check_nothing_else(0);
}

static void what_is_emulated_broken_or_missing_is_noted(void **state)
{
    (void)state;
    compare(6, 0);
    pairs[0].b.emulated = true;
    check_note("the instances are emulated");
    pairs[0].a.emulated = true;
    pairs[0].b.emulated = false;
    check_note("the instances are emulated");
    c.n_broken = 2;
    snprintf(c.why_broken, sizeof c.why_broken, "run.json is cut short");
    check_note("2 pairs are left out: run.json is cut short");
    c.n_missing = 2;
    check_note("2 pairs of the campaign are still to be made");
    check_nothing_else(3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_runs_have_nothing_against_them),
        cmocka_unit_test(loads_that_differ_are_told_of_the_first_such_pair),
        cmocka_unit_test(numbers_of_instances_that_differ_are_told_with_the_typical_one),
        cmocka_unit_test(error_shares_that_differ_are_told),
        cmocka_unit_test(errors_that_are_not_known_are_told),
        cmocka_unit_test(credits_are_told_when_they_made_the_speed),
        cmocka_unit_test(credits_that_are_not_known_are_told),
        cmocka_unit_test(the_run_that_moved_furthest_is_noted),
        cmocka_unit_test(an_order_that_mattered_is_noted),
        cmocka_unit_test(controls_say_how_much_noise_there_is),
        cmocka_unit_test(the_generators_share_is_the_worst_of_any_run),
        cmocka_unit_test(distributions_are_told_where_they_are_furthest_apart),
        cmocka_unit_test(what_is_emulated_broken_or_missing_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
