#include "attempts.h"

#include "cm.h"
#include "hist.h"
#include "units.h"

static struct hist *ms_up_to(unsigned k)
{
    struct hist *h = hist_new();
    for (unsigned i = 1; i <= k; i++)
        hist_add(h, i * NS_PER_MS);
    return h;
}

struct example {
    unsigned n_ok;
    uint64_t n_failed, n_timeout, timeout_s;
    unsigned ages_ms[2], n_ages;
    uint32_t p_ppm;
    enum attempt_state state;
    unsigned ms;
};

/* Good times of 1..n_ok ms. */
static const struct example examples[] = {
    { 10, 0, 0, 0, { 0 }, 0, 910000, ATTEMPT_EXACT, 10 },
    { 9, 1, 0, 0, { 0 }, 0, 910000, ATTEMPT_FAILED, 0 },
    { 1164, 36, 0, 0, { 0 }, 0, 500000, ATTEMPT_EXACT, 600 },
    { 1164, 36, 36, 2, { 0 }, 0, 990000, ATTEMPT_FAILED, 2000 },
    { 2751, 249, 249, 1, { 0 }, 0, 900000, ATTEMPT_EXACT, 2700 },
    { 8, 0, 0, 0, { 2, 9 }, 2, 500000, ATTEMPT_AT_LEAST, 4 },
    { 8, 0, 0, 0, { 2, 9 }, 2, 900000, ATTEMPT_AT_LEAST, 8 },
    { 8, 0, 0, 0, { 9, 9 }, 2, 800000, ATTEMPT_EXACT, 8 },
    { 8, 1, 0, 0, { 9 }, 1, 950000, ATTEMPT_FAILED, 0 },
};

static void worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *x = &examples[i];
        struct hist *ok = ms_up_to(x->n_ok);
        struct hist *ages = hist_new();
        for (unsigned k = 0; k < x->n_ages; k++)
            hist_add(ages, x->ages_ms[k] * NS_PER_MS);
        const struct attempts a = { ok, ages, x->n_ages, x->n_failed, x->n_timeout, x->timeout_s * NS_PER_S };
        const struct attempt_time t = attempts_time(&a, x->p_ppm);
        const uint64_t ns = t.state == ATTEMPT_EXACT ? t.value_ns : t.at_least_ns;
        print_message("example %zu\n", i);
        assert_int_equal(t.state, x->state);
        assert_in_range(ns, x->ms * NS_PER_MS * 999 / 1000, x->ms * NS_PER_MS * 1001 / 1000);
        assert_true(t.state == ATTEMPT_EXACT ? t.at_least_ns == 0 : t.value_ns == 0);
        hist_free(ok);
        hist_free(ages);
    }
}

static void without_attempts_there_is_no_time(void **state)
{
    (void)state;
    const struct attempts a = { 0 };
    char text[UNITS_TEXT_BYTES];
    assert_int_equal(attempts_time(&a, 500000).state, ATTEMPT_NONE);
    assert_string_equal(attempt_time_text(attempts_time(&a, 500000), text), "-");
    assert_int_equal(attempts_n_within(&a, NS_PER_S), 0);
}

static void attempts_without_an_age_lower_the_bound(void **state)
{
    (void)state;
    struct hist *ok = ms_up_to(8);
    const struct attempts a = { .ok = ok, .n_censored = 2 };
    assert_int_equal(attempts_n(&a), 10);
    assert_int_equal(attempts_time_of_rank(&a, 2).state, ATTEMPT_AT_LEAST);
    assert_int_equal(attempts_time_of_rank(&a, 2).at_least_ns, 0);
    assert_int_equal((attempts_time_of_rank(&a, 5).at_least_ns + NS_PER_MS / 2) / NS_PER_MS, 3);
    hist_free(ok);
}

static void attempts_cut_off_alone_bound_the_time(void **state)
{
    (void)state;
    struct hist *ages = ms_up_to(4);
    const struct attempts a = { .censored = ages, .n_censored = 4 };
    assert_int_equal(attempts_time(&a, 990000).state, ATTEMPT_AT_LEAST);
    assert_int_equal((attempts_time(&a, 990000).at_least_ns + NS_PER_MS / 2) / NS_PER_MS, 4);
    hist_free(ages);
}

static void texts_name_the_state(void **state)
{
    (void)state;
    char text[UNITS_TEXT_BYTES];
    assert_string_equal(attempt_time_text((struct attempt_time){ ATTEMPT_EXACT, 59800000, 0 }, text),
                        "59.8 ms");
    assert_string_equal(attempt_time_text((struct attempt_time){ ATTEMPT_AT_LEAST, 0, 41 * NS_PER_MS }, text),
                        ">= 41.0 ms");
    assert_string_equal(attempt_time_text((struct attempt_time){ ATTEMPT_FAILED, 0, NS_PER_S }, text),
                        "> 1.00 s");
    assert_string_equal(attempt_time_text((struct attempt_time){ .state = ATTEMPT_FAILED }, text), "none");
    for (enum attempt_state s = ATTEMPT_EXACT; s <= ATTEMPT_NONE; s++)
        assert_int_equal(attempt_state_find(attempt_state_name(s)), s);
    assert_int_equal(attempt_state_find("other"), ATTEMPT_NONE);
}

static void good_answers_within_a_limit_are_counted(void **state)
{
    (void)state;
    struct hist *ok = ms_up_to(100);
    const struct attempts a = { .ok = ok, .n_failed = 100, .n_timeout = 100 };
    assert_int_equal(attempts_n_within(&a, 50 * NS_PER_MS), 50);
    assert_int_equal(attempts_n_within(&a, NS_PER_S), 100);
    assert_int_equal(attempts_n_within(&a, 1), 0);
    hist_free(ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),
        cmocka_unit_test(without_attempts_there_is_no_time),
        cmocka_unit_test(attempts_without_an_age_lower_the_bound),
        cmocka_unit_test(attempts_cut_off_alone_bound_the_time),
        cmocka_unit_test(texts_name_the_state),
        cmocka_unit_test(good_answers_within_a_limit_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
