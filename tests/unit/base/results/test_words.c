/* The names in tags and CSV cells are a contract with results/README.md: the two lists are held equal to what
 * it says. */
#include "metric.h"
#include "outcome.h"
#include "sweep_result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void outcomes_have_the_names_of_the_contract(void **state)
{
    static const char *const names[] = { "ok",           "status", "status_4xx", "status_5xx",
                                         "balancer_5xx", "expect", "timeout",    "connect",
                                         "dns",          "tls",    "reset",      "reset_idle",
                                         "protocol",     "ports",  "dropped",    "censored" };
    (void)state;
    assert_int_equal(N_OUTCOMES, sizeof names / sizeof *names);
    for (size_t i = 0; i < N_OUTCOMES; i++) {
        assert_string_equal(outcome_name((enum outcome)i), names[i]);
        assert_int_equal(outcome_find(names[i]), i);
        assert_true(*outcome_words((enum outcome)i));
    }
    assert_int_equal(outcome_find("OK"), N_OUTCOMES);
    assert_int_equal(outcome_find(""), N_OUTCOMES);
}

static void metrics_have_the_names_of_the_contract(void **state)
{
    static const char *const names[] = {
        "response",       "service", "lag",   "conn_wait",     "rx_age",
        "first_byte",     "connect", "tls",   "service_first", "response_less_g",
        "service_less_g", "busy",    "total", "recorded"
    };
    (void)state;
    assert_int_equal(N_METRICS, sizeof names / sizeof *names);
    for (size_t i = 0; i < N_METRICS; i++) {
        assert_string_equal(metric_name((enum metric)i), names[i]);
        assert_int_equal(metric_find(names[i]), i);
    }
    assert_int_equal(metric_find("latency"), N_METRICS);
}

static void results_of_sweeps_have_the_names_of_the_contract(void **state)
{
    static const char *const names[] = { "held", "threshold", "saturated", "queue", "generator" };
    (void)state;
    assert_int_equal(N_SWEEP_RESULTS, sizeof names / sizeof *names);
    for (size_t i = 0; i < N_SWEEP_RESULTS; i++) {
        assert_string_equal(sweep_result_name((enum sweep_result)i), names[i]);
        assert_int_equal(sweep_result_find(names[i]), i);
        assert_true(*sweep_result_words((enum sweep_result)i));
    }
    assert_int_equal(sweep_result_find("Held"), N_SWEEP_RESULTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_have_the_names_of_the_contract),
        cmocka_unit_test(metrics_have_the_names_of_the_contract),
        cmocka_unit_test(results_of_sweeps_have_the_names_of_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
