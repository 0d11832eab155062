/* What answers make of a course: failed steps, `until`, redirects. */
#include "small_session.h"

#include <string.h>

static const char request[] = "POST /orders HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 0\r\n\r\n";

static void a_failed_step_ends_the_pass_and_the_next_one_waits(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 2, 0);
    s.steps[0].think.low_ns = 5 * S;
    begins(&s, 0, 0);
    fails(&s, 0, 0, 404);
    const struct course_result r = is_over(&s, 0);
    assert_int_equal(r.outcome, OUTCOME_STATUS_4XX);
    assert_string_equal(r.cause, "refused");
    assert_int_equal(r.failed_step, 0);
    begins(&s, 1, S); /* its fail_pause, not its think */
}

static void a_failed_pause_and_a_pace_pass_together(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.session.pace_ns = 3 * S;
    begins(&s, 0, 0);
    fails(&s, 0, 0, 404);
    is_over(&s, 0);
    begins(&s, 1, 3 * S);
}

static void a_user_may_go_on_after_a_failure_which_still_fails_the_pass(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 3, 0);
    s.steps[0].on_fail = s.steps[1].on_fail = SESSION_GO_ON;
    s.steps[1].fail_pause_ns = 0;
    s.steps[1].think.low_ns = 2 * S;
    begins(&s, 0, 0);
    fails(&s, 0, 0, 404);
    fails(&s, 1, S, 404);
    passes(&s, 2, 3 * S, S);
    const struct course_result r = is_over(&s, 4 * S);
    assert_int_equal(r.outcome, OUTCOME_STATUS_4XX);
    assert_int_equal(r.failed_step, 0);
    assert_int_equal(r.busy_ns, S);
}

static void a_failure_may_end_the_user_behind_its_end(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 1);
    s.steps[0].on_fail = SESSION_END_USER;
    begins(&s, 0, 0);
    fails(&s, 0, 0, 404);
    is_over(&s, 0);
    passes(&s, 1, 0, S);
    user_is_over(&s, S);
}

static void a_failure_may_stop_the_run(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 1);
    s.steps[0].on_fail = SESSION_STOP_RUN;
    begins(&s, 0, 0);
    fails(&s, 0, 0, 404);
    is_over(&s, 0);
    assert_int_equal(ask(&s, 0).action, COURSE_STOP_RUN);
    course_cut(&s.course, NULL, 0);
    user_is_over(&s, 0);
}

static void a_failed_begin_fails_the_pass_and_is_tried_in_the_next(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 2, 1, 1);
    begins(&s, 0, 0);
    passes(&s, 0, 0, 0);
    fails(&s, 1, 0, 401);
    assert_int_equal(is_over(&s, 0).failed_step, 1);
    begins(&s, 1, S);
    passes(&s, 0, S, 0);
    passes(&s, 1, S, 0);
    passes(&s, 2, S, 0);
    is_over(&s, S);
}

static void end_does_not_run_when_begin_has_failed(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 1, 1, 1);
    s.steps[0].on_fail = SESSION_END_USER;
    begins(&s, 0, 0);
    fails(&s, 0, 0, 401);
    is_over(&s, 0);
    user_is_over(&s, 0);
}

static void a_failed_step_of_end_ends_the_user(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 0, 1, 3);
    s.steps[1].on_fail = SESSION_GO_ON;
    begins(&s, 0, 0);
    passes(&s, 0, 0, 0);
    assert_int_equal(is_over(&s, 0).outcome, OUTCOME_OK);
    course_finish(&s.course, &s.shared, 0);
    fails(&s, 1, 0, 500);
    fails(&s, 2, S, 500);
    user_is_over(&s, S);
}

static void users_that_are_refused_log_in_once_per_pause(void **state)
{
    struct small_session s;
    uint64_t now_ns = 0;
    (void)state;
    small_session_init(&s, 1, 3, 0);
    for (uint64_t pass = 0; pass < 60; pass++, now_ns += S) {
        begins(&s, pass, now_ns);
        fails(&s, 0, now_ns, 401);
        is_over(&s, now_ns);
    }
    assert_int_equal(now_ns, 60 * S);
}

static void until_tries_again_and_only_the_last_try_fails(void **state)
{
    struct small_session s;
    struct course_answer a = { .outcome = OUTCOME_OK, .status = 200, .until_cause = "not ready" };
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.steps[0].until = (struct session_until){ .every_ns = 2 * S, .n_most = 3 };
    begins(&s, 0, 0);
    for (uint64_t n = 0; n < 3; n++) {
        sends(&s, 0, a.done_ns = n * 2 * S);
        const struct course_verdict v = takes(&s, &a);
        assert_int_equal(v.outcome, n < 2 ? OUTCOME_OK : OUTCOME_EXPECT);
    }
    const struct course_result r = is_over(&s, 4 * S);
    assert_int_equal(r.outcome, OUTCOME_EXPECT);
    assert_string_equal(r.cause, "not ready");
    assert_int_equal(r.busy_ns, 4 * S); /* the service made the user wait */
}

static void until_ends_when_it_holds_and_starts_anew_in_a_repetition(void **state)
{
    struct small_session s;
    struct course_answer a = { .outcome = OUTCOME_OK, .status = 200, .until_cause = "not ready" };
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.steps[0].until = (struct session_until){ .every_ns = S, .n_most = 2 };
    s.steps[0].n_times = 2;
    begins(&s, 0, 0);
    for (uint64_t repeat = 0; repeat < 2; repeat++) {
        sends(&s, 0, a.done_ns = repeat * S);
        takes(&s, &a);
        passes(&s, 0, (repeat + 1) * S, 0);
    }
    assert_int_equal(is_over(&s, 2 * S).outcome, OUTCOME_OK);
}

static struct course_answer redirect_to(const char *location, uint64_t done_ns)
{
    return (struct course_answer){ .outcome = OUTCOME_STATUS,
                                   .cause = "303",
                                   .status = 303,
                                   .location = location,
                                   .location_bytes = strlen(location),
                                   .request = request,
                                   .request_bytes = sizeof request - 1,
                                   .done_ns = done_ns };
}

static void a_redirect_is_a_request_of_its_own_row(void **state)
{
    struct small_session s;
    struct course_answer a = redirect_to("/orders/17", S);
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.steps[0].n_follow = 1;
    begins(&s, 0, 0);
    sends(&s, 0, 0);
    assert_int_equal(course_row(&s.course, &s.shared), 0);
    assert_int_equal(takes(&s, &a).outcome, OUTCOME_OK);
    assert_true(course_is_hop(&s.course));
    assert_int_equal(course_row(&s.course, &s.shared), 1);
    assert_memory_equal(s.course.hop.target, "/orders/17", s.course.hop.target_bytes);
    passes(&s, 0, S, S);
    assert_int_equal(is_over(&s, 2 * S).outcome, OUTCOME_OK);
    begins(&s, 1, 2 * S);
    assert_false(course_is_hop(&s.course));
    course_fini(&s.course);
}

static void a_redirect_beyond_follow_is_judged_as_the_last_answer(void **state)
{
    struct small_session s;
    struct course_answer a = redirect_to("/orders", 0); /* to itself */
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.steps[0].n_follow = 10;
    begins(&s, 0, 0);
    for (int n = 0; n < 10; n++) {
        sends(&s, 0, 0);
        assert_int_equal(takes(&s, &a).outcome, OUTCOME_OK);
    }
    sends(&s, 0, 0);
    const struct course_verdict v = takes(&s, &a);
    assert_int_equal(v.outcome, OUTCOME_STATUS);
    assert_string_equal(v.cause, "more redirects than 'follow' allows");
    assert_int_equal(is_over(&s, 0).outcome, OUTCOME_STATUS);
    course_fini(&s.course);
}

static void a_refused_redirect_fails_the_step_by_name(void **state)
{
    struct small_session s;
    struct course_answer a = redirect_to("//evil/", 0);
    (void)state;
    small_session_init(&s, 0, 1, 0);
    s.steps[0].n_follow = 10;
    begins(&s, 0, 0);
    sends(&s, 0, 0);
    const struct course_verdict v = takes(&s, &a);
    assert_int_equal(v.outcome, OUTCOME_EXPECT);
    assert_string_equal(v.cause, "the redirect leads to another host");
    assert_string_equal(is_over(&s, 0).cause, v.cause);
}

static void a_redirect_is_not_followed_unless_asked_for(void **state)
{
    struct small_session s;
    struct course_answer a = redirect_to("/a", 0);
    (void)state;
    small_session_init(&s, 0, 1, 0);
    begins(&s, 0, 0);
    sends(&s, 0, 0);
    assert_int_equal(takes(&s, &a).outcome, OUTCOME_STATUS);
    is_over(&s, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_step_ends_the_pass_and_the_next_one_waits),
        cmocka_unit_test(a_failed_pause_and_a_pace_pass_together),
        cmocka_unit_test(a_user_may_go_on_after_a_failure_which_still_fails_the_pass),
        cmocka_unit_test(a_failure_may_end_the_user_behind_its_end),
        cmocka_unit_test(a_failure_may_stop_the_run),
        cmocka_unit_test(a_failed_begin_fails_the_pass_and_is_tried_in_the_next),
        cmocka_unit_test(end_does_not_run_when_begin_has_failed),
        cmocka_unit_test(a_failed_step_of_end_ends_the_user),
        cmocka_unit_test(users_that_are_refused_log_in_once_per_pause),
        cmocka_unit_test(until_tries_again_and_only_the_last_try_fails),
        cmocka_unit_test(until_ends_when_it_holds_and_starts_anew_in_a_repetition),
        cmocka_unit_test(a_redirect_is_a_request_of_its_own_row),
        cmocka_unit_test(a_redirect_beyond_follow_is_judged_as_the_last_answer),
        cmocka_unit_test(a_refused_redirect_fails_the_step_by_name),
        cmocka_unit_test(a_redirect_is_not_followed_unless_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
