/* The course of one user whose answers are as expected: the order of its steps, and their times. */
#include "small_session.h"

static void begin_runs_once_then_passes_then_end(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 1, 2, 1);
    begins(&s, 0, 0);
    passes(&s, 0, 0, S);
    passes(&s, 1, 1 * S, S);
    passes(&s, 2, 2 * S, S);
    is_over(&s, 3 * S);
    begins(&s, 1, 3 * S);
    passes(&s, 1, 3 * S, S);
    passes(&s, 2, 4 * S, S);
    is_over(&s, 5 * S);
    course_finish(&s.course, &s.shared, 6 * S);
    passes(&s, 3, 6 * S, S);
    user_is_over(&s, 7 * S);
}

static void end_does_not_run_for_a_user_that_never_began(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 1, 1, 1);
    course_finish(&s.course, &s.shared, 0);
    user_is_over(&s, 0);
}

static void a_session_without_begin_and_end_has_passes_only(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 0);
    begins(&s, 7, 0);
    passes(&s, 0, 0, S);
    assert_int_equal(is_over(&s, S).pass, 7);
    course_finish(&s.course, &s.shared, S);
    user_is_over(&s, S);
}

static void a_step_is_due_when_the_think_of_the_one_before_is_over(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 2, 0);
    s.steps[0].think.low_ns = 3 * S;
    begins(&s, 0, 0);
    passes(&s, 0, 0, S);
    waits(&s, S, 4 * S);
    waits(&s, 4 * S - 1, 4 * S);
    const struct course_next late = ask(&s, 5 * S);
    assert_int_equal(late.action, COURSE_SEND);
    assert_int_equal(late.due_ns, 4 * S);
}

static void busy_leaves_thinks_out_and_total_does_not(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 1, 2, 0);
    for (int i = 0; i < 3; i++)
        s.steps[i].think.low_ns = 10 * S;
    begins(&s, 0, 0);
    passes(&s, 0, 0, 1 * S);
    passes(&s, 1, 11 * S, 2 * S);
    passes(&s, 2, 23 * S, 3 * S);
    const struct course_result r = is_over(&s, 26 * S);
    assert_int_equal(r.total_ns, 26 * S);
    assert_int_equal(r.busy_ns, 6 * S);
    assert_int_equal(r.outcome, OUTCOME_OK);
    begins(&s, 1, 36 * S); /* the last step's think */
}

static void a_step_is_repeated_with_its_think_in_between(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 2, 0);
    s.steps[0].n_times = 3;
    s.steps[0].think.low_ns = S;
    begins(&s, 0, 0);
    passes(&s, 0, 0, S);
    assert_int_equal(s.course.n_repeats, 1);
    passes(&s, 0, 2 * S, S);
    passes(&s, 0, 4 * S, S);
    passes(&s, 1, 6 * S, S);
    assert_int_equal(is_over(&s, 7 * S).busy_ns, 4 * S);
}

static void chance_leaves_steps_out_and_their_thinks(void **state)
{
    struct small_session s;
    uint32_t n_sent = 0;
    (void)state;
    small_session_init(&s, 0, 2, 0);
    s.steps[0].chance = 0.3;
    s.steps[0].think.low_ns = S;
    for (uint64_t pass = 0; pass < 10000; pass++) {
        begins(&s, pass, s.course.due_ns);
        const uint64_t due_ns = s.course.due_ns;
        const bool is_sent = s.course.step == 0;
        n_sent += is_sent;
        if (is_sent)
            passes(&s, 0, due_ns, 0);
        passes(&s, 1, due_ns + (is_sent ? S : 0), 1);
        is_over(&s, s.course.over_ns);
    }
    assert_in_range(n_sent, 2850, 3150);
}

static void an_empty_pass_is_over_at_once_and_the_next_is_due_later(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.steps[0].chance = 0;
    course_start(&s.course, 0, S);
    begins(&s, 0, S);
    assert_int_equal(is_over(&s, S).total_ns, 0);
    waits(&s, S, S + S / 1000);
}

static void passes_keep_their_pace_and_late_ones_are_noticed(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.session.pace_ns = 10 * S;
    begins(&s, 0, 0);
    passes(&s, 0, 0, S);
    assert_false(is_over(&s, S).is_late);
    waits(&s, S, 10 * S);
    begins(&s, 1, 10 * S);
    passes(&s, 0, 10 * S, 12 * S);
    assert_true(is_over(&s, 22 * S).is_late);
    begins(&s, 2, 22 * S);
    passes(&s, 0, 22 * S, S);
    assert_false(is_over(&s, 23 * S).is_late);
    begins(&s, 3, 32 * S); /* no pass is made up for */
}

static void a_ramp_spreads_the_first_passes(void **state)
{
    (void)state;
    assert_int_equal(course_ramp_ns(5 * S, 60 * S, 0, 500), 5 * S);
    assert_int_equal(course_ramp_ns(5 * S, 60 * S, 250, 500), 35 * S);
    assert_int_equal(course_ramp_ns(5 * S, 0, 499, 500), 5 * S);
}

static void a_pass_under_way_can_be_cut_in_a_think(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 1, 2, 1);
    s.steps[1].think.low_ns = 10 * S;
    begins(&s, 0, 0);
    passes(&s, 0, 0, S);
    passes(&s, 1, S, S);
    course_cut(&s.course, NULL, 5 * S);
    const struct course_result r = is_over(&s, 5 * S);
    assert_int_equal(r.outcome, OUTCOME_CENSORED);
    assert_int_equal(r.total_ns, 5 * S);
    assert_int_equal(r.busy_ns, 2 * S);
    user_is_over(&s, 5 * S);
}

static void an_answer_cut_off_cuts_the_pass(void **state)
{
    struct small_session s;
    const struct course_answer a = { .outcome = OUTCOME_CENSORED, .cause = "the run ended", .done_ns = S };
    (void)state;
    small_session_init(&s, 0, 1, 1);
    begins(&s, 0, 0);
    sends(&s, 0, 0);
    assert_int_equal(takes(&s, &a).outcome, OUTCOME_CENSORED);
    assert_int_equal(is_over(&s, S).outcome, OUTCOME_CENSORED);
    user_is_over(&s, S);
}

static void a_user_between_passes_has_nothing_to_cut(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 1);
    course_cut(&s.course, NULL, 0);
    user_is_over(&s, 0);
}

static void a_pass_that_is_over_is_not_cut(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 1);
    begins(&s, 0, 0);
    passes(&s, 0, 0, S);
    course_cut(&s.course, NULL, 2 * S);
    assert_int_equal(is_over(&s, 2 * S).outcome, OUTCOME_OK);
    user_is_over(&s, 2 * S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begin_runs_once_then_passes_then_end),
        cmocka_unit_test(end_does_not_run_for_a_user_that_never_began),
        cmocka_unit_test(a_session_without_begin_and_end_has_passes_only),
        cmocka_unit_test(a_step_is_due_when_the_think_of_the_one_before_is_over),
        cmocka_unit_test(busy_leaves_thinks_out_and_total_does_not),
        cmocka_unit_test(a_step_is_repeated_with_its_think_in_between),
        cmocka_unit_test(chance_leaves_steps_out_and_their_thinks),
        cmocka_unit_test(an_empty_pass_is_over_at_once_and_the_next_is_due_later),
        cmocka_unit_test(passes_keep_their_pace_and_late_ones_are_noticed),
        cmocka_unit_test(a_ramp_spreads_the_first_passes),
        cmocka_unit_test(a_pass_under_way_can_be_cut_in_a_think),
        cmocka_unit_test(an_answer_cut_off_cuts_the_pass),
        cmocka_unit_test(a_user_between_passes_has_nothing_to_cut),
        cmocka_unit_test(a_pass_that_is_over_is_not_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
