/* Notes under a comparison besides its caveats. */
#include "made_notes.h"

static void a_heading_stands_before_the_first_note_under_it(void **state)
{
    static const char *const headings[] = { "first", "", "third" };
    struct note_list notes = { .heading = "first" };
    (void)state;
    note_list_add(&notes, "%d", 1);
    note_list_add(&notes, "%d", 2);
    notes.heading = "nothing under it";
    notes.heading = "third";
    note_list_add(&notes, "%d", 3);
    assert_int_equal(notes.n, 3);
    assert_false(notes.is_short);
    for (size_t i = 0; i < notes.n; i++) {
        assert_string_equal(notes.rows[i].heading, headings[i]);
        assert_int_equal(notes.rows[i].text[0], '1' + (int)i);
    }
    note_list_fini(&notes);
}

static void without_a_whole_pair_it_is_noted_what_is_wrong(void **state)
{
    struct comparison few = {
        .n_broken = 1, .why_broken = "no run.json", .n_missing = 3, .ks.distance = NAN
    };
    (void)state;
    struct note_list notes = comparison_notes(&few);
    assert_int_equal(notes.n, 2);
    assert_string_equal(notes.rows[0].heading, "broken");
    assert_string_equal(notes.rows[0].text, "1 pair is left out: no run.json");
    assert_string_equal(notes.rows[1].heading, "missing");
    assert_string_equal(notes.rows[1].text, "3 pairs of the campaign are still to be made");
    note_list_fini(&notes);
}

static void one_control_is_one_pair(void **state)
{
    struct comparison_pair two[2] = { { .order = "AB" }, { .order = "AA", .is_control = true } };
    struct comparison few = { .pairs = two, .n_pairs = 1, .n_controls = 1, .ks.distance = NAN };
    (void)state;
    few.results[few.primary].control =
        (struct decide_control){ .n = 1, .ratio = { 1.5, NAN, NAN }, .least = 1.5, .most = 1.5 };
    struct note_list notes = comparison_notes(&few);
    bool is_noted = false;
    for (size_t i = 0; i < notes.n; i++)
        is_noted |= strcmp(notes.rows[i].text, "1.50, 1 control pair") == 0;
    assert_true(is_noted);
    note_list_fini(&notes);
}

static void controls_show_how_a_cluster_differs_from_itself(void **state)
{
    (void)state;
    compare(8, 1);
    struct decide_control *control = &c.results[SAMPLE_P99].control;
    *control = (struct decide_control){ .n = 1, .ratio = { 1.03, NAN, NAN }, .least = 1.03, .most = 1.03 };
    check_note("1.03, 1 control pair");
    *control = (struct decide_control){ .n = 2, .ratio = { 1.13, 1.11, 1.15 }, .least = 1.12, .most = 1.14 };
    check_note("1.13 (1.11 to 1.15), 2 control pairs from 1.12 to 1.14");
    check_nothing_else(1);
    control->is_shifted = true;
    control->left.value = 1.115;
    check_note("it differs from itself, so something else made a difference too; of the ratio, 1.11 is left");
    check_nothing_else(2);
}

static void pairs_that_lie_apart_are_named(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = &c.results[SAMPLE_P99];
    r->n_apart = 1;
    r->apart[0] = (struct decide_apart){ 3, .19 };
    r->without_apart = (struct decide_interval){ 1.5056, 1.4898, 1.5216 };
    check_note("pair 4 lies apart (0.19); without it 1.51 (1.49 to 1.52)");
    pairs[0].is_control = true; /* the numbers are those of the campaign */
    c.n_pairs = 7;
    c.n_controls = 1;
    check_note("pair 5 lies apart (0.19); without it 1.51 (1.49 to 1.52)");
    r->n_apart = 2;
    r->apart[1] = (struct decide_apart){ 5, 3 };
    check_note("pair 5 lies apart (0.19)");
    check_note("pair 7 lies apart (3.00); without them 1.51 (1.49 to 1.52)");
}

static void spread_and_robust_estimates_are_shown(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = &c.results[SAMPLE_P99];
    r->sd_log = log(1.05);
    r->detectable_ratio = 1.06;
    r->ratio_rank = (struct decide_interval){ 1.99, 1.7, 2.3 };
    r->p_rank = .0078125;
    r->lag1 = -.2;
    check_note("of pairs 5.0 %; a ratio of 1.06 would be found in 80 % of such campaigns");
    check_note("Hodges-Lehmann 1.99 (1.70 to 2.30), signed rank p = 0.0078; lag-1 correlation -0.20");
    c.n_looks = 3;
    c.confidence = .97;
    check_note("the interval's width ended the campaign: looked at 3 times, so it has quantiles of 97 %");
}

static void the_generators_share_is_the_worst_of_any_run(void **state)
{
    (void)state;
    compare(8, 1);
    pairs[0].a.generator_share[SAMPLE_P99] = .1;
    pairs[3].b.generator_share[SAMPLE_P99] = .25;
    pairs[4].b.generator_share[SAMPLE_P99] = NAN;
    check_note("at least 25.0 % of p99 in the run with most");
    check_note("leaving out what can be seen of it, the ratio of p99 is 2.00 (1.80 to 2.25)");
    c.results[SAMPLE_LESS_P99].ratio.lo = NAN;
    check_note("leaving out what can be seen of it, the ratio of p99 is 2.00");
    for (size_t i = 0; i < 9; i++)
        pairs[i].a.generator_share[SAMPLE_P99] = pairs[i].b.generator_share[SAMPLE_P99] = NAN;
    check_note("its share of p99 is not known");
}

static void runs_that_may_be_the_generators_doing_are_left_out_once_more(void **state)
{
    (void)state;
    compare(8, 0);
    c.n_runs = 16;
    c.n_invalid = 2;
    c.without_invalid =
        (struct decide_result){ .n_pairs = 6, .ratio = { 1.5, 1.4, 1.6 }, .outcome = DECIDE_HIGHER };
    check_note("2 of 16 runs: p99 may be loadgen's own doing");
    check_note("without them the ratio is 1.50 (1.40 to 1.60), 6 pairs: higher");
    c.n_invalid = 16;
    c.without_invalid = (struct decide_result){ .n_pairs = 0, .ratio = { NAN, NAN, NAN } };
    check_note("16 of 16 runs: p99 may be loadgen's own doing");
    check_nothing_else(0);
}

static void distributions_are_told_where_they_are_furthest_apart(void **state)
{
    (void)state;
    compare(8, 0);
    c.ks = (struct ks){ .distance = 0.5, .share_a = 0.9, .share_b = 0.4, .at_ns = 2310000 };
    check_note("furthest apart at 2.31 ms: 90 % of m4 and 40 % of t2 were done by then (distance 0.50)");
    c.ks.distance = 0;
    check_nothing_else(0);
}

static void what_is_emulated_broken_or_missing_is_noted(void **state)
{
    (void)state;
    compare(8, 0);
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
        cmocka_unit_test(a_heading_stands_before_the_first_note_under_it),
        cmocka_unit_test(without_a_whole_pair_it_is_noted_what_is_wrong),
        cmocka_unit_test(one_control_is_one_pair),
        cmocka_unit_test(controls_show_how_a_cluster_differs_from_itself),
        cmocka_unit_test(pairs_that_lie_apart_are_named),
        cmocka_unit_test(spread_and_robust_estimates_are_shown),
        cmocka_unit_test(the_generators_share_is_the_worst_of_any_run),
        cmocka_unit_test(runs_that_may_be_the_generators_doing_are_left_out_once_more),
        cmocka_unit_test(distributions_are_told_where_they_are_furthest_apart),
        cmocka_unit_test(what_is_emulated_broken_or_missing_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
