#include "sound_run.h"

#include <math.h>
#include <unistd.h>

/* Of two processors for 100 s. */
static void share_processors(struct sound *x, double others_pct, double own_pct)
{
    const double ticks = 200.0 * (double)sysconf(_SC_CLK_TCK);
    x->in.host_loaded.cpu_ticks = (uint64_t)ticks;
    x->in.host_loaded.busy_ticks = (uint64_t)((others_pct + own_pct) / 100 * ticks);
    x->in.host_loaded.own_ns = (uint64_t)(own_pct / 100 * 200e9);
}

static void stop_threads(struct sound *x, double pct)
{
    x->in.stopped_ns = (uint64_t)(pct / 100 * (double)x->in.thread_ns);
    x->in.iteration_max_ns = 3 * NS_PER_S;
}

static void other_programs_are_named_with_what_loadgen_had_itself(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    share_processors(&x, 71, 2);
    stop_threads(&x, 14);
    judge(&x);
    const struct check *c = check_of(&x, "R23", "run");
    assert_int_equal(c->level, CHECK_WARN);
    assert_true(fabs(c->value - 71) < .01);
    assert_string_equal(c->advice, "loadgen: 2.00 %. Run it alone.");
    assert_string_equal(advice_of(&x, "R21", "run"), "");
    sound_fini(&x);
}

static void other_programs_are_no_cause_where_loadgen_ran(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    share_processors(&x, 71, 2);
    judge(&x);
    assert_int_equal(level_of(&x, "R23", "run"), CHECK_OK);
    assert_string_equal(advice_of(&x, "R23", "run"), "");
    sound_fini(&x);
}

static void other_programs_delay_a_loadgen_that_sleeps_most_of_the_time(void **state)
{
    (void)state;
    for (uint64_t n_late = 9; n_late <= 11; n_late += 2) {
        struct sound x;
        sound_init(&x);
        share_processors(&x, 71, 2);
        add_ok(&x, CLOSED_P1, 1000 - n_late, 5);
        add_ok(&x, CLOSED_P1, n_late, 2000);
        judge(&x);
        assert_int_equal(level_of(&x, "R23", "run"), n_late > 10 ? CHECK_WARN : CHECK_OK);
        sound_fini(&x);
    }
}

static void a_stop_without_a_cause_says_so(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    share_processors(&x, 1, 2);
    stop_threads(&x, 45);
    judge(&x);
    assert_int_equal(level_of(&x, "R23", "run"), CHECK_OK);
    assert_non_null(strstr(advice_of(&x, "R21", "run"), "debugger, a signal"));
    sound_fini(&x);
}

static void a_quota_that_is_used_up_is_named_alone(void **state)
{
    static const struct {
        uint64_t n_periods, n_stopped;
        bool has_check, is_named;
    } cases[] = {
        { 0, 0, false, false }, { 100, 0, true, false }, { 100, 1, true, false }, { 100, 31, true, true }
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        stop_threads(&x, 31);
        x.in.n_busy_seconds = x.in.n_seconds;
        x.in.host_loaded.quota = (struct host_quota){ cases[i].n_periods, cases[i].n_stopped };
        judge(&x);
        assert_int_equal(has_check(&x, "R24", "run"), cases[i].has_check);
        if (cases[i].has_check)
            assert_int_equal(*advice_of(&x, "R24", "run") != '\0', cases[i].is_named);
        assert_int_equal(*advice_of(&x, "R4", "run") == '\0',
                         cases[i].is_named); /* more threads would not help */
        assert_string_equal(advice_of(&x, "R21", "run"), "");
        sound_fini(&x);
    }
}

static void the_hypervisor_is_named(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    stop_threads(&x, 7);
    x.in.host_end.steal_ticks = 700;
    judge(&x);
    assert_int_equal(level_of(&x, "R12", "run"), CHECK_INVALID);
    assert_string_equal(advice_of(&x, "R21", "run"), "");
    sound_fini(&x);
}

/* In a closed loop at full speed nothing else is said. */
static void a_loop_at_full_speed_has_one_advice(void **state)
{
    static const uint32_t n_threads[] = { 1, 4096 };
    (void)state;
    for (size_t i = 0; i < N_OF(n_threads); i++) {
        struct sound x;
        size_t n_advices = 0;
        sound_init(&x);
        x.plan.n_threads = n_threads[i];
        add_ok(&x, CLOSED_P1, 50000, 5000);
        x.in.n_busy_seconds = x.in.n_seconds;
        x.in.iteration_max_ns = 5 * NS_PER_S;
        share_processors(&x, 40, 60);
        judge(&x);
        for (size_t k = 0; k < x.verdict.n_checks; k++)
            n_advices += *x.verdict.checks[k].advice != '\0';
        assert_int_equal(n_advices, 1);
        const char *advice = advice_of(&x, "R4", "run");
        assert_non_null(strstr(advice, "full speed"));
        assert_int_equal(strstr(advice, "threads") != NULL,
                         (long)n_threads[i] < sysconf(_SC_NPROCESSORS_ONLN));
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_programs_are_named_with_what_loadgen_had_itself),
        cmocka_unit_test(other_programs_are_no_cause_where_loadgen_ran),
        cmocka_unit_test(other_programs_delay_a_loadgen_that_sleeps_most_of_the_time),
        cmocka_unit_test(a_stop_without_a_cause_says_so),
        cmocka_unit_test(a_quota_that_is_used_up_is_named_alone),
        cmocka_unit_test(the_hypervisor_is_named),
        cmocka_unit_test(a_loop_at_full_speed_has_one_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
