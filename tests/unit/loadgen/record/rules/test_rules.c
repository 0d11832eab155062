#include "sound_run.h"

static void a_sound_run_is_ok(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 5000, 5);
    add_ok(&x, OPEN_MAIN, 5000, 5);
    judge(&x);
    for (size_t i = 0; i < x.j.n_checks; i++)
        if (x.j.checks[i].level != CHECK_OK)
            fail_msg("%s %s: %g", x.j.checks[i].rule, x.j.checks[i].scope, x.j.checks[i].value);
    assert_int_equal(x.j.verdict, CHECK_OK);
    assert_true(x.j.share.is_known);
    assert_int_equal(x.j.share.p_ppm, 990000);
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
    assert_int_equal(level_of(&x, "R2", "open"), CHECK_OK);
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
    assert_int_equal(x.j.verdict, CHECK_WARN);
    sound_fini(&x);
}

/* n requests of `ms` each, of which `g_us` are the generator's. */
static void add_share(struct sound *x, uint32_t phase, uint64_t n, uint64_t ms, uint64_t g_us)
{
    const bool is_open = phase >= OPEN_WARM;
    add(x->run, phase, OUTCOME_OK, is_open ? METRIC_RESPONSE : METRIC_SERVICE, n, ms * NS_PER_MS);
    add(x->run, phase, OUTCOME_OK, is_open ? METRIC_RESPONSE_LESS_G : METRIC_SERVICE_LESS_G, n,
        ms * NS_PER_MS - g_us * NS_PER_US);
}

/* Of the worst level; of that the highest percentile up to p99; of that the largest. */
static void the_share_told_is_of_the_highest_quoted_percentile(void **state)
{
    static const struct {
        const char *why;
        struct {
            uint64_t n, ms, g_us;
        } burst[2], open[2];
        enum check_level level;
        uint32_t p_ppm;
        double pct;
    } cases[] = {
        { "p99.9 is worse, but no level",
          { { 19900, 10, 50 }, { 100, 20, 300 } },
          { { 0 } },
          CHECK_OK,
          990000,
          0.5 },
        { "p50 is worse, but no level",
          { { 8000, 10, 150 }, { 2000, 40, 40 } },
          { { 0 } },
          CHECK_OK,
          990000,
          0.1 },
        { "the first stream's is larger", { { 2000, 10, 100 } }, { { 2000, 10, 50 } }, CHECK_OK, 990000, 1 },
        { "the second stream's is larger", { { 2000, 10, 50 } }, { { 2000, 10, 100 } }, CHECK_OK, 990000, 1 },
        { "the second stream has but a median",
          { { 2000, 10, 50 } },
          { { 50, 10, 100 } },
          CHECK_OK,
          990000,
          0.5 },
        { "p50 is beyond the limit, p99 is not",
          { { 1800, 10, 300 }, { 200, 40, 40 } },
          { { 0 } },
          CHECK_WARN,
          900000,
          3 },
        { "p99.9 alone is beyond it",
          { { 19900, 10, 50 }, { 100, 20, 600 } },
          { { 0 } },
          CHECK_WARN,
          999000,
          3 },
        { "one stream warns, one is invalid",
          { { 2000, 10, 300 } },
          { { 50, 10, 2000 } },
          CHECK_INVALID,
          500000,
          20 },
        { "19 requests have no median", { { 20, 10, 50 } }, { { 19, 10, 100 } }, CHECK_OK, 500000, 0.5 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        for (size_t k = 0; k < 2; k++) {
            add_share(&x, CLOSED_P1, cases[i].burst[k].n, cases[i].burst[k].ms, cases[i].burst[k].g_us);
            add_share(&x, OPEN_MAIN, cases[i].open[k].n, cases[i].open[k].ms, cases[i].open[k].g_us);
        }
        judge(&x);
        const struct check_share *got = &x.j.share;
        if (!got->is_known || got->level != cases[i].level || got->p_ppm != cases[i].p_ppm ||
            fabs(got->pct - cases[i].pct) > 0.02 * cases[i].pct + 0.05)
            fail_msg("%s: level %d, p_ppm %u, %g %%", cases[i].why, got->level, got->p_ppm, got->pct);
        sound_fini(&x);
    }
}

static void a_limit_itself_is_not_beyond_it(void **state)
{
    static const struct {
        double utilisation;
        enum check_level want;
    } cases[] = { { 0.70, CHECK_OK }, { 0.701, CHECK_WARN }, { 0.90, CHECK_WARN }, { 0.901, CHECK_INVALID } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.ev.utilisation_max = cases[i].utilisation;
        judge(&x);
        assert_int_equal(level_of(&x, "R4", "run"), cases[i].want);
        assert_int_equal(x.j.verdict, cases[i].want);
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
        cmocka_unit_test(the_share_told_is_of_the_highest_quoted_percentile),
        cmocka_unit_test(a_limit_itself_is_not_beyond_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
