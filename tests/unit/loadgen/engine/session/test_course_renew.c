/* Sessions whose login expires: `begin` runs again in time, or once after a status. */
#include "small_session.h"

#include <string.h>

/* s0 is `begin`, s1 and s2 are steps, s3 is `end`. */
static void init(struct small_session *s)
{
    static struct plan_piece seconds;
    small_session_init(s, 1, 2, 1);
    s->session.renew = (struct session_renew){ .is_given = true, .seconds = &seconds, .n_seconds = 1 };
    s->session.renew.statuses[(401 - 100) / 8] = 1 << ((401 - 100) % 8);
    begins(s, 0, 0);
}

/* `begin` is sent at `now_ns` and answered `took_ns` later with a token that lives for `life` seconds. */
static struct course_verdict logs_in(struct small_session *s, const char *life, uint64_t now_ns,
                                     uint64_t took_ns)
{
    const struct course_answer a = { .outcome = OUTCOME_OK,
                                     .status = 200,
                                     .life = life,
                                     .life_bytes = strlen(life),
                                     .done_ns = now_ns + took_ns };
    sends(s, 0, now_ns);
    assert_true(course_wants_life(&s->course, &s->shared));
    return takes(s, &a);
}

static void a_token_is_renewed_before_it_expires(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    s.session.renew.early_ns = S;
    s.steps[1].think.low_ns = 3 * S;
    logs_in(&s, "5", 0, S);
    passes(&s, 1, S, 0); /* at 4 s it has 1 s left: its life counts from when it was asked for */
    logs_in(&s, "5", 4 * S, S);
    passes(&s, 2, 5 * S, S);
    assert_int_equal(is_over(&s, 6 * S).busy_ns, 3 * S);
    begins(&s, 1, 6 * S);
    passes(&s, 1, 6 * S, 0);
}

static void a_token_that_is_fresh_enough_is_kept(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    s.session.renew.early_ns = S;
    logs_in(&s, "5", 0, 0);
    passes(&s, 1, 0, 4 * S - 1);
    passes(&s, 2, 4 * S - 1, 0);
    is_over(&s, 4 * S - 1);
}

static void a_token_that_lives_shorter_than_early_is_used_for_half_its_life(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    s.session.renew.early_ns = 30 * S;
    logs_in(&s, "2.0", 0, 0);
    passes(&s, 1, 0, S - 1);
    passes(&s, 2, S - 1, 1);
    is_over(&s, S);
    begins(&s, 1, S);
    logs_in(&s, "2", S, 0);
    passes(&s, 1, S, 0);
}

static void a_token_that_is_dead_on_arrival_does_not_renew_for_ever(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "0", 0, S);
    logs_in(&s, "0", S, S);
    passes(&s, 1, 2 * S, 0);
    logs_in(&s, "0", 2 * S, S);
    passes(&s, 2, 3 * S, 0);
}

static void seconds_that_are_no_number_fail_begin(void **state)
{
    static const char *const bad[] = {
        "", "soon", "-1", "0x10", "inf", "1e", "1 ", " 1", "nan", "1234567890123456789012345678901234567890"
    };
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        struct small_session s;
        init(&s);
        const struct course_verdict v = logs_in(&s, bad[i], 0, 0);
        assert_int_equal(v.outcome, OUTCOME_EXPECT);
        assert_non_null(strstr(v.cause, "renew"));
        assert_int_equal(is_over(&s, 0).failed_step, 0);
    }
}

static void a_life_beyond_reason_never_ends(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "1e300", 0, 0);
    passes(&s, 1, 0, 1000000 * S);
    passes(&s, 2, 1000000 * S, 0);
    is_over(&s, 1000000 * S);
}

static void a_stolen_token_is_renewed_once_and_the_step_repeated(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "3600", 0, 0);
    passes(&s, 1, 0, 0);
    fails(&s, 2, 0, 401); /* which counts as an error of the step */
    logs_in(&s, "3600", 0, S);
    passes(&s, 2, S, S);
    assert_int_equal(is_over(&s, 2 * S).outcome, OUTCOME_OK);
}

static void a_second_refusal_fails_the_step(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "3600", 0, 0);
    fails(&s, 1, 0, 401);
    logs_in(&s, "3600", 0, 0);
    fails(&s, 1, 0, 401);
    assert_int_equal(is_over(&s, 0).failed_step, 1);
    begins(&s, 1, S);
    fails(&s, 1, S, 401);
    logs_in(&s, "3600", S, 0); /* another step: once more */
}

static void a_token_renewed_by_time_and_stolen_is_renewed_by_status(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "1", 0, S);
    logs_in(&s, "3600", S, 0);
    fails(&s, 1, S, 401);
    logs_in(&s, "3600", S, 0);
    passes(&s, 1, S, 0);
}

static void other_statuses_do_not_renew(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "3600", 0, 0);
    fails(&s, 1, 0, 403);
    is_over(&s, 0);
}

static void begin_itself_is_not_renewed(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    fails(&s, 0, 0, 401);
    is_over(&s, 0);
}

static void a_renewal_that_fails_ends_the_pass_and_begin_runs_in_the_next(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "1", 0, S);
    fails(&s, 0, S, 403);
    assert_int_equal(is_over(&s, S).failed_step, 0);
    begins(&s, 1, 2 * S);
    logs_in(&s, "3600", 2 * S, 0);
    passes(&s, 1, 2 * S, 0);
}

static void a_renewal_keeps_the_count_of_repetitions(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    s.steps[1].n_times = 3;
    s.steps[1].think.low_ns = 2 * S;
    logs_in(&s, "3", 0, 0);
    passes(&s, 1, 0, 0);
    passes(&s, 1, 2 * S, 0);
    logs_in(&s, "3600", 4 * S, 0);
    assert_int_equal(s.course.n_repeats, 2);
    passes(&s, 1, 4 * S, 0);
    passes(&s, 2, 6 * S, 0);
    is_over(&s, 6 * S);
}

static void a_token_is_renewed_for_end_too(void **state)
{
    struct small_session s;
    (void)state;
    init(&s);
    logs_in(&s, "5", 0, 0);
    passes(&s, 1, 0, 0);
    passes(&s, 2, 0, 0);
    is_over(&s, 0);
    course_finish(&s.course, &s.shared, 9 * S);
    logs_in(&s, "5", 9 * S, 0);
    passes(&s, 3, 9 * S, 0);
    user_is_over(&s, 9 * S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_renewed_before_it_expires),
        cmocka_unit_test(a_token_that_is_fresh_enough_is_kept),
        cmocka_unit_test(a_token_that_lives_shorter_than_early_is_used_for_half_its_life),
        cmocka_unit_test(a_token_that_is_dead_on_arrival_does_not_renew_for_ever),
        cmocka_unit_test(seconds_that_are_no_number_fail_begin),
        cmocka_unit_test(a_life_beyond_reason_never_ends),
        cmocka_unit_test(a_stolen_token_is_renewed_once_and_the_step_repeated),
        cmocka_unit_test(a_second_refusal_fails_the_step),
        cmocka_unit_test(a_token_renewed_by_time_and_stolen_is_renewed_by_status),
        cmocka_unit_test(other_statuses_do_not_renew),
        cmocka_unit_test(begin_itself_is_not_renewed),
        cmocka_unit_test(a_renewal_that_fails_ends_the_pass_and_begin_runs_in_the_next),
        cmocka_unit_test(a_renewal_keeps_the_count_of_repetitions),
        cmocka_unit_test(a_token_is_renewed_for_end_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
