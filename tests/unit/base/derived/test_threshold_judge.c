#include "threshold_judge.h"

#include "err.h"
#include "hist.h"
#include "units.h"

#include "cm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Good answers of 1, 2, ... `n_ok` ms, attempts cut off after 9 ms, and failures. */
struct measured_case {
    const char *text;
    uint64_t n_ok, n_censored, n_failed, n_timeout;
    enum attempt_state state;
    enum threshold_held held;
    const char *says;
};

static const struct measured_case cases[] = {
    { "p50 < 6ms", 10, 0, 0, 0, ATTEMPT_EXACT, THRESHOLD_HELD, "5.00 ms" },
    { "p50 < 5ms", 10, 0, 0, 0, ATTEMPT_EXACT, THRESHOLD_MISSED, "5.00 ms" },
    { "p90 < 1m", 9, 0, 1, 0, ATTEMPT_EXACT, THRESHOLD_HELD, "9.00 ms" },
    { "p91 < 1m", 9, 0, 1, 0, ATTEMPT_FAILED, THRESHOLD_MISSED, "none" },
    { "p91 < 1m", 9, 0, 1, 1, ATTEMPT_FAILED, THRESHOLD_MISSED, "> 2.00 s" },
    { "p91 > 1m", 9, 0, 1, 1, ATTEMPT_FAILED, THRESHOLD_HELD, "> 2.00 s" },
    { "p100 < 1m", 8, 1, 0, 0, ATTEMPT_AT_LEAST, THRESHOLD_UNDECIDED, ">= 8.99 ms" },
    { "p100 < 8ms", 8, 1, 0, 0, ATTEMPT_AT_LEAST, THRESHOLD_MISSED, ">= 8.99 ms" },
    { "p100 > 8ms", 8, 1, 0, 0, ATTEMPT_AT_LEAST, THRESHOLD_HELD, ">= 8.99 ms" },
    { "p100 > 10ms", 8, 1, 0, 0, ATTEMPT_AT_LEAST, THRESHOLD_UNDECIDED, ">= 8.99 ms" },
    { "mean < 3ms", 3, 5, 5, 0, ATTEMPT_EXACT, THRESHOLD_HELD, "2.00 ms" },
    { "max <= 3ms", 3, 5, 5, 0, ATTEMPT_EXACT, THRESHOLD_HELD, "3.00 ms" },
    { "max < 3ms", 0, 0, 5, 0, ATTEMPT_NONE, THRESHOLD_MISSED, "nothing to judge" },
    { "errors < 20%", 9, 1, 1, 0, ATTEMPT_EXACT, THRESHOLD_HELD, "9.09 %" },
    { "errors < 5%", 9, 1, 1, 0, ATTEMPT_EXACT, THRESHOLD_MISSED, "9.09 %" },
    { "errors < 10%", 9, 1, 1, 0, ATTEMPT_AT_LEAST, THRESHOLD_UNDECIDED, ">= 9.09 %" },
    { "errors <= 0", 9, 4, 0, 0, ATTEMPT_AT_LEAST, THRESHOLD_UNDECIDED, ">= 0.00 %" },
    { "errors <= 0", 9, 0, 0, 0, ATTEMPT_EXACT, THRESHOLD_HELD, "0.00 %" },
    { "errors <= 0", 0, 0, 0, 0, ATTEMPT_NONE, THRESHOLD_MISSED, "nothing to judge" },
    { "rate > 2/s", 9, 0, 0, 0, ATTEMPT_EXACT, THRESHOLD_HELD, "3.50/s" },
};

static void a_threshold_counts_all_attempts(void **state)
{
    struct hist *ok = hist_new(), *ages = hist_new();
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct measured_case *x = &cases[i];
        struct threshold t;
        struct err e;
        char text[UNITS_TEXT_BYTES];
        hist_clear(ok);
        hist_clear(ages);
        for (uint64_t ms = 1; ms <= x->n_ok; ms++)
            hist_add(ok, ms * NS_PER_MS);
        for (uint64_t k = 0; k < x->n_censored; k++)
            hist_add(ages, 9 * NS_PER_MS);
        const struct threshold_measured m = { .attempts = { .ok = ok,
                                                            .censored = ages,
                                                            .n_censored = x->n_censored,
                                                            .n_failed = x->n_failed,
                                                            .n_timeout = x->n_timeout,
                                                            .timeout_ns = 2 * NS_PER_S },
                                              .sum_ns = ok->sum_ns,
                                              .max_ns = ok->max_ns,
                                              .n_in_time = 7,
                                              .active_ns = 2 * NS_PER_S };
        assert_int_equal(threshold_parse(&t, x->text, &e), 0);
        const struct threshold_result result = threshold_judge(&t, &m);
        threshold_result_text(&result, text);
        if (result.state != x->state || result.held != x->held || strcmp(text, x->says) != 0)
            fail_msg("%zu, %s: state %d, %s, %s", i, x->text, (int)result.state,
                     threshold_held_words(result.held), text);
        assert_true(isfinite(result.value) == (x->state == ATTEMPT_EXACT));
        free(t.text);
    }
    hist_free(ok);
    hist_free(ages);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_threshold_counts_all_attempts) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
