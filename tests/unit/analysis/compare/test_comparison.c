/* What a comparison says. */
#include "shown_comparison.h"

#include "note_list.h"

static void check_sentence(const char *wanted)
{
    char *text = text_of(comparison_sentence);
    assert_string_equal(text, wanted);
    free(text);
}

static void a_difference_has_its_size_and_its_certainty(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = decided(DECIDE_HIGHER, DECIDE_MEAN);
    r->p = .008;
    r->ratio = (struct decide_interval){ 1.151, 1.129, 1.173 };
    check_sentence(
        "t2 is slower than m4: its p99 is 15 % higher (95 % interval 13 to 17 %, 8 pairs, p = 0.008).");
    r->ratio = (struct decide_interval){ 1.093, 1.079, 1.108 };
    check_sentence(
        "t2 is slower than m4: its p99 is 9.3 % higher (95 % interval 7.9 to 10.8 %, 8 pairs, p = 0.008).");
    r->ratio = (struct decide_interval){ 2.31, 2.2, 2.425 };
    check_sentence("t2 is slower than m4: its p99 is 2.31 times as long (95 % interval 2.20 to 2.42, 8 "
                   "pairs, p = 0.008).");
    r->outcome = DECIDE_LOWER;
    r->ratio = (struct decide_interval){ .871, .85, .89 };
    check_sentence(
        "t2 is faster than m4: its p99 is 13 % lower (95 % interval 11 to 15 %, 8 pairs, p = 0.008).");
    r->method = DECIDE_TRIMMED;
    check_sentence(
        "t2 is faster than m4: its p99 is in the typical pair 13 % lower (95 % interval 11 to 15 %, 8 pairs, "
        "p = 0.008).");
}

static void a_difference_without_a_size_has_its_direction(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = decided(DECIDE_HIGHER, DECIDE_SIGN_TEST);
    r->p = .0078125;
    r->signs = (struct decide_signs){ .n = 8, .n_higher = 8, .beyond = 7.69 };
    r->typical_a = (struct decide_time){ ATTEMPT_EXACT, 130e6, 0 };
    r->typical_b = (struct decide_time){ ATTEMPT_FAILED, 0, 1e9 };
    check_sentence("t2 is slower than m4: its p99 is in the typical pair more than 7.7 times as long (longer "
                   "in 8 of 8 pairs, p = 0.0078).");
    r->ratio = (struct decide_interval){ NAN, NAN, NAN };
    check_says("> 1.00 s   > 7.69");
    r->signs.beyond = NAN;
    check_sentence("t2 is slower than m4: it typically has no p99, that of m4 is 130 ms (longer in 8 of 8 "
                   "pairs, p = 0.0078).");
    r->outcome = DECIDE_LOWER;
    r->signs = (struct decide_signs){ .n = 8, .n_lower = 8, .beyond = NAN };
    r->typical_b = r->typical_a;
    check_sentence("t2 is faster than m4: its p99 is typically 130 ms, m4 has none (shorter in 8 of 8 pairs, "
                   "p = 0.0078).");
    r->signs.beyond = .13;
    check_sentence("t2 is faster than m4: its p99 is in the typical pair less than 0.13 times as long "
                   "(shorter in 8 of 8 pairs, p = 0.0078).");
}

static void equivalence_has_its_own_interval_and_p(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = decided(DECIDE_EQUIVALENT, DECIDE_MEAN);
    r->p = .5;
    r->p_equivalence = 2.018e-5;
    r->equivalence = (struct decide_interval){ 1.0037, .9943, 1.0132 };
    check_sentence(
        "t2 and m4 are equivalent within 5 %: the p99 of t2 is 0.4 % higher (90 % interval -0.6 to 1.3 %, 8 "
        "pairs, p = 2e-05).");
}

static void what_is_undecided_has_a_reason(void **state)
{
    static const struct {
        enum decide_reason reason;
        size_t n_more;
        const char *sentence, *cell;
    } cases[] = {
        { DECIDE_INTERVAL, 14, "the interval includes no difference; about 14 more pairs would tell.",
          "undecided: interval (about 14 more pairs)" },
        { DECIDE_INTERVAL, 0,
          "the interval includes no difference, and at this spread more pairs hardly help: make runs longer.",
          "undecided: interval (make runs longer)" },
        { DECIDE_MARGIN, 0,
          "it lies within the margin of 5 %, but equivalence is not shown (90 % interval 0.97 to 1.08).",
          "undecided: margin" },
        { DECIDE_CONTROLS, 0, "the controls show 1.13 between m4 and itself, and without that 1.02 is left.",
          "undecided: controls" },
        { DECIDE_GENERATOR, 0, "without what loadgen itself may have added, the answer could be another.",
          "undecided: generator" },
    };
    (void)state;
    compare(8, 0);
    struct decide_result *r = decided(DECIDE_UNDECIDED, DECIDE_MEAN);
    r->p = .1;
    r->ratio = (struct decide_interval){ 1.04, .97, 1.12 };
    r->equivalence = (struct decide_interval){ 1.04, .97, 1.08 };
    r->control = (struct decide_control){
        .n = 2, .ratio = { 1.13, 1.1, 1.16 }, .is_shifted = true, .left.value = 1.02
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        char wanted[400];
        r->reason = cases[i].reason;
        r->n_more = cases[i].n_more;
        snprintf(wanted, sizeof wanted,
                 "Undecided: the p99 of t2 is 1.04 times that of m4 (95 %% interval 0.97 to 1.12, 8 pairs, p "
                 "= 0.1): %s",
                 cases[i].sentence);
        check_sentence(wanted);
        check_says(cases[i].cell);
    }
    r->reason = DECIDE_INTERVAL;
    r->n_more = 1;
    check_says("about 1 more pair would tell");
}

static void a_reason_comes_with_its_numbers(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = decided(DECIDE_UNDECIDED, DECIDE_MEAN);
    r->p = .1;
    r->ratio = (struct decide_interval){ 1.04, .97, 1.12 };
    r->reason = DECIDE_CONTROLS;
    r->control = (struct decide_control){ .n = 0, .n_lost = 2, .ratio = { NAN, NAN, NAN } };
    check_says("2 of 2 control pairs have no exact p99");
    r->reason = DECIDE_FAILURES;
    r->failures = (struct decide_failures){ 8, 0, .02, { .02, -.001, .041 }, false };
    check_says("t2 may have failed more requests (by -0.1 to 4.1 points)");
    r->failures = (struct decide_failures){ 0 };
    r->reason = DECIDE_GENERATOR;
    r->rests_on_invalid = true;
    r->n_invalid_b = 5;
    check_says("in 5 of 8 runs of t2 that may be loadgen's own doing");
    r->rests_on_invalid = false;
    r->reason = DECIDE_SIGNS;
    r->method = DECIDE_SIGN_TEST;
    r->signs = (struct decide_signs){ .n = 8, .n_higher = 6, .n_lower = 2 };
    r->typical_b = (struct decide_time){ ATTEMPT_AT_LEAST, 0, 41e6 };
    check_sentence("Undecided: the p99 of t2 is typically >= 41.0 ms, that of m4 4.00 ms (8 pairs, p = 0.1): "
                   "it is higher "
                   "in 6 and lower in 2 of 8 pairs.");
    c.results[SAMPLE_P50].outcome = DECIDE_UNDECIDED;
    c.results[SAMPLE_P50].reason = DECIDE_FAMILY;
    c.results[SAMPLE_P50].p = .0306;
    c.results[SAMPLE_P50].p_holm = .0788;
    check_says("undecided: family (p 0.031 alone, 0.079 among 4)");
}

static void failures_that_forbid_a_decision_are_the_headline(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = decided(DECIDE_UNDECIDED, DECIDE_MEAN);
    r->reason = DECIDE_FAILURES;
    r->failures = (struct decide_failures){ 8, 0, .083, { .083, .08, .086 }, true };
    check_sentence("t2 failed 8.3 % of its requests, m4 0.0 % (8.0 to 8.6 points, 8 pairs): their times do "
                   "not compare.");
    decided(DECIDE_HIGHER, DECIDE_MEAN);
    r->ratio = (struct decide_interval){ 1.151, 1.129, 1.173 };
    r->p = .008;
    check_sentence("t2 is slower than m4: its p99 is 15 % higher (95 % interval 13 to 17 %, 8 pairs, p = "
                   "0.008). t2 failed "
                   "8.3 % of its requests, m4 0.0 % (8.0 to 8.6 points, 8 pairs).");
    decided(DECIDE_UNDECIDED, DECIDE_MEAN)->reason = DECIDE_FAILURES;
    r->failures = (struct decide_failures){ 8, .0305, .0004, { -.0301, -.035, -.02 }, true };
    check_sentence("m4 failed 3.0 % of its requests, t2 0.04 % (2.0 to 3.5 points, 8 pairs): their times do "
                   "not compare.");
    check_says("failed");
}

static void few_pairs_are_described(void **state)
{
    (void)state;
    compare(2, 0);
    struct decide_result *r = decided(DECIDE_DESCRIPTION, DECIDE_MEAN);
    check_sentence("2 pairs are a description and no proof; 6 are the least. In these the p99 of t2 was 2.00 "
                   "times that of "
                   "m4.");
    r->ratio.value = NAN;
    r->typical_b = (struct decide_time){ ATTEMPT_FAILED, 0, 1e9 };
    check_sentence("2 pairs are a description and no proof; 6 are the least. In these the p99 of t2 was > "
                   "1.00 s, that of "
                   "m4 4.00 ms.");
    r->failures = (struct decide_failures){ .n = 2, .a = 0, .b = .083 };
    check_sentence(
        "2 pairs are a description and no proof; 6 are the least. t2 failed 8.3 % of its requests, m4 0.0 %. "
        "In these the p99 of t2 was > 1.00 s, that of m4 4.00 ms.");
    r->typical_b = (struct decide_time){ ATTEMPT_EXACT, 3e6, 0 }; /* less than m4's */
    check_sentence(
        "2 pairs are a description and no proof; 6 are the least. t2 failed 8.3 % of its requests, m4 0.0 %: "
        "their times do not compare.");
    compare(1, 0);
    decided(DECIDE_DESCRIPTION, DECIDE_MEAN);
    check_sentence(
        "One run of each is no proof; 6 of each, made in turns, would tell. The p99 of t2 was 8.00 "
        "ms, that of m4 4.00 ms: 2.00 times.");
    c.is_campaign = true;
    check_sentence("One run per cluster is no proof; `loadgen campaign` would tell. The p99 of t2 was 8.00 "
                   "ms, that of m4 4.00 ms: 2.00 times.");
}

static void one_run_claims_no_more_than_its_interval_carries(void **state)
{
    static const struct {
        struct run_interval within;
        const char *sentence;
    } cases[] = {
        { { .value = 1.31, .lo = 1.12, .hi = 1.55 },
          "In this run the p99 of t2 was 1.31 times as long as that of m4 (1.12 to 1.55)." },
        { { .value = 1.04, .lo = 1.02, .hi = 1.06 },
          "This run does not tell them apart at p99 (1.02 to 1.06)." }, /* within the margin */
        { { .value = 1.03, .lo = .77, .hi = 1.36 },
          "This run does not tell them apart at p99 (0.77 to 1.36)." },
        { { .value = 2,
            .lo = NAN,
            .hi = NAN,
            .why = "12 whole seconds are too few for an interval, which takes 30" },
          "In this run the p99 of t2 was 2.00 times that of m4; 12 whole seconds are too few for an "
          "interval, which takes 30." },
    };
    (void)state;
    compare(1, 0);
    decided(DECIDE_DESCRIPTION, DECIDE_MEAN);
    c.within_run = true;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char wanted[300];
        c.within[SAMPLE_P99] = cases[i].within;
        snprintf(wanted, sizeof wanted, "One run per cluster is no proof; `loadgen campaign` would tell. %s",
                 cases[i].sentence);
        check_sentence(wanted);
    }
}

static void runs_that_are_too_short_are_the_reason(void **state)
{
    (void)state;
    compare(8, 0);
    decided(DECIDE_DESCRIPTION, DECIDE_MEAN)->n_pairs = 0;
    check_sentence("Cannot compare p99: every pair has a run with fewer than ten requests beyond it. Send "
                   "more requests in "
                   "each run.");
    check_says("too few requests");
    c.results[SAMPLE_P99].n_tied = 8;
    check_sentence("Neither m4 nor t2 has a p99: too many of their requests failed.");
    check_says("neither has one");
    compare(1, 0);
    decided(DECIDE_DESCRIPTION, DECIDE_MEAN)->n_pairs = 0;
    check_sentence(
        "Cannot compare p99: a run has fewer than ten requests beyond it. Send more requests in each run.");
}

static void controls_alone_are_no_pair(void **state)
{
    (void)state;
    compare(0, 1);
    assert_null(comparison_first(&c));
    check_sentence("No pair of runs is complete yet.");
    check_says_not("caveats");
    compare(1, 1);
    pairs[2] = pairs[0];
    pairs[0] = pairs[1];
    pairs[1] = pairs[2];
    assert_ptr_equal(comparison_first(&c), &pairs[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_has_its_size_and_its_certainty),
        cmocka_unit_test(a_difference_without_a_size_has_its_direction),
        cmocka_unit_test(equivalence_has_its_own_interval_and_p),
        cmocka_unit_test(what_is_undecided_has_a_reason),
        cmocka_unit_test(a_reason_comes_with_its_numbers),
        cmocka_unit_test(failures_that_forbid_a_decision_are_the_headline),
        cmocka_unit_test(few_pairs_are_described),
        cmocka_unit_test(one_run_claims_no_more_than_its_interval_carries),
        cmocka_unit_test(runs_that_are_too_short_are_the_reason),
        cmocka_unit_test(controls_alone_are_no_pair),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
