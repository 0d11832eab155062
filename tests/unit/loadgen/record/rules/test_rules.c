#include "sound_run.h"

static void a_sound_run_is_ok(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 5000, 5);
    add_ok(&x, OPEN_MAIN, 5000, 5);
    judge(&x);
    for (size_t i = 0; i < x.verdict.n_checks; i++)
        if (x.verdict.checks[i].level != CHECK_OK)
            fail_msg("%s %s: %g", x.verdict.checks[i].rule, x.verdict.checks[i].scope,
                     x.verdict.checks[i].value);
    sound_fini(&x);
}

static void closed_streams_skip_what_needs_due_times(void **state)
{
    static const char *const rules[] = { "R1", "R3", "R5", "R16" };
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 5000, 5);
    judge(&x);
    for (size_t i = 0; i < N_OF(rules); i++)
        assert_false(has_check(&x, rules[i], "burst"));
    sound_fini(&x);
}

static void warm_up_is_not_judged(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, OPEN_MAIN, 2000, 5);
    add_ok(&x, OPEN_WARM, 2000, 5000);
    add(x.run, OPEN_WARM, OUTCOME_OK, METRIC_LAG, 500, NS_PER_S);
    add_failed(&x, OPEN_WARM, OUTCOME_TIMEOUT, 500);
    judge(&x);
    assert_int_equal(level_of(&x, "R3", "open"), CHECK_OK);
    assert_int_equal(level_of(&x, "R8", "open"), CHECK_OK);
    sound_fini(&x);
}

static void a_dead_target_does_not_make_a_closed_run_invalid(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 1000, 5);
    add_failed(&x, CLOSED_P1, OUTCOME_RESET, 4);
    add_failed(&x, CLOSED_P1, OUTCOME_CONNECT, 5000);
    add_ok(&x, OPEN_MAIN, 1000, 5);
    judge(&x);
    assert_int_equal(worst_level(&x), CHECK_WARN);
    sound_fini(&x);
}

static void a_limit_itself_is_not_beyond_it(void **state)
{
    static const struct {
        uint64_t n_busy;
        enum check_level want;
    } cases[] = { { 0, CHECK_OK }, { 100, CHECK_OK }, { 101, CHECK_WARN }, { 1000, CHECK_WARN } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.n_busy_seconds = cases[i].n_busy;
        judge(&x);
        assert_int_equal(level_of(&x, "R4", "run"), cases[i].want);
        assert_int_equal(worst_level(&x), cases[i].want);
        assert_int_equal(strlen(advice_of(&x, "R4", "run")) > 0, cases[i].want != CHECK_OK);
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_run_is_ok),
        cmocka_unit_test(closed_streams_skip_what_needs_due_times),
        cmocka_unit_test(warm_up_is_not_judged),
        cmocka_unit_test(a_dead_target_does_not_make_a_closed_run_invalid),
        cmocka_unit_test(a_limit_itself_is_not_beyond_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
