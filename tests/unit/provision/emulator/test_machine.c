#include "machine.h"

#include "units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* t2.large: 36 credits an hour, a baseline of 30 % for each of 2 vCPUs. */
static const struct cpu_credits_terms t2_large = {
    .limited = true, .earned_per_hour = 36, .most = 864, .baseline_ratio = 0.3, .clock_factor = 1
};
static const struct cpu_credits_terms m4_large = { .limited = false };

static void assert_close(double got, double right, double tolerance)
{
    if (fabs(got - right) > tolerance)
        fail_msg("got %.9g, right is %.9g", got, right);
}

static void init(struct machine *m, unsigned vcpus, uint64_t service_ns,
                 const struct cpu_credits_terms *terms, double balance)
{
    struct cpu_credits c;
    cpu_credits_init(&c, terms, balance, 0);
    machine_init(m, vcpus, service_ns, 0, &c, 1);
}

static void requests_are_served_first_come_first_served_by_each_vcpu(void **state)
{
    struct machine m;
    (void)state;
    static const struct {
        uint64_t arrives_ms, done_ms;
    } cases[] = { { 0, 10 }, { 0, 10 }, { 1, 20 }, { 1, 20 }, { 2, 30 }, { 25, 35 }, { 100, 110 } };
    init(&m, 2, 10 * NS_PER_MS, &m4_large, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct machine_job job = machine_take(&m, cases[i].arrives_ms * NS_PER_MS, 0);
        assert_int_equal(job.done_ns, cases[i].done_ms * NS_PER_MS);
        assert_int_equal(job.cpu_ns, 10 * NS_PER_MS);
    }
}

static void without_credit_terms_speed_is_constant(void **state)
{
    struct machine m;
    (void)state;
    init(&m, 1, NS_PER_S, &m4_large, 0);
    for (uint64_t i = 1; i <= 100000; i++)
        assert_int_equal(machine_take(&m, 0, 0).done_ns, i * NS_PER_S);
}

/* Full load on both vCPUs spends 2 a minute and earns 0.6: 60 launch credits last 60 / 1.4 = 42.86 min. */
static void launch_credits_last_as_long_as_the_arithmetic_says(void **state)
{
    struct machine m;
    (void)state;
    init(&m, 2, NS_PER_S, &t2_large, 60);
    struct machine_job job;
    do {
        job = machine_take(&m, 0, 0);
    } while (job.done_ns - job.start_ns == NS_PER_S);
    assert_close((double)job.start_ns / 60e9, 60 / 1.4, 0.05);
}

static void without_credits_a_full_load_runs_at_the_baseline(void **state)
{
    struct machine m;
    struct machine_job job = { 0 };
    (void)state;
    init(&m, 2, NS_PER_MS, &t2_large, 0);
    for (int i = 0; i < 100000; i++)
        job = machine_take(&m, 0, 0);
    /* 100 000 ms of work by 2 vCPUs at 30 % each. */
    assert_close((double)job.done_ns / 1e9, 100.0 / 0.6, 0.5);
    assert_close(cpu_credits_balance(&m.credits, job.done_ns), 0, 0.001);
}

static void without_credits_one_busy_vcpu_may_use_what_both_earn(void **state)
{
    struct machine m;
    uint64_t now_ns = 0;
    (void)state;
    init(&m, 2, NS_PER_MS, &t2_large, 0);
    for (int i = 0; i < 100000; i++)
        now_ns = machine_take(&m, now_ns, 0).done_ns;
    assert_close((double)now_ns / 1e9, 100.0 / 0.6, 0.5);
}

static void a_clock_factor_spends_and_earns_that_much_faster(void **state)
{
    struct machine m;
    struct cpu_credits_terms fast = t2_large;
    (void)state;
    fast.clock_factor = 600;
    init(&m, 2, NS_PER_MS, &fast, 60);
    struct machine_job job;
    do {
        job = machine_take(&m, 0, 0);
    } while (job.done_ns - job.start_ns == NS_PER_MS);
    assert_close((double)job.start_ns / 60e9, 60 / 1.4 / 600, 0.001);
}

static void idle_time_earns_credits_up_to_the_most(void **state)
{
    struct cpu_credits c;
    (void)state;
    cpu_credits_init(&c, &t2_large, 0, 0);
    assert_close(cpu_credits_balance(&c, 3600 * NS_PER_S), 36, 1e-9);
    assert_close(cpu_credits_balance(&c, 1000 * 3600 * NS_PER_S), 864, 1e-9);
    cpu_credits_init(&c, &t2_large, 900, 0);
    assert_close(cpu_credits_balance(&c, 3600 * NS_PER_S), 900, 1e-9);
    cpu_credits_init(&c, &m4_large, 60, 0);
    assert_close(cpu_credits_balance(&c, 0), 0, 1e-9);
}

static void variation_keeps_the_mean_and_the_spread_asked_for(void **state)
{
    enum { N = 200000 };
    struct machine m;
    struct cpu_credits c;
    double sum = 0;
    double squares = 0;
    (void)state;
    cpu_credits_init(&c, &m4_large, 0, 0);
    machine_init(&m, 1, 2 * NS_PER_MS, 0.25, &c, 7);
    for (int i = 0; i < N; i++) {
        const double ms = (double)machine_take(&m, 0, 0).cpu_ns / 1e6;
        sum += ms;
        squares += ms * ms;
    }
    const double mean = sum / N;
    /* Standard errors: 0.25 * 2 / sqrt(N) = 0.0011 of the mean. */
    assert_close(mean, 2, 0.006);
    assert_close(sqrt(squares / N - mean * mean) / mean, 0.25, 0.004);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_served_first_come_first_served_by_each_vcpu),
        cmocka_unit_test(without_credit_terms_speed_is_constant),
        cmocka_unit_test(launch_credits_last_as_long_as_the_arithmetic_says),
        cmocka_unit_test(without_credits_a_full_load_runs_at_the_baseline),
        cmocka_unit_test(without_credits_one_busy_vcpu_may_use_what_both_earn),
        cmocka_unit_test(a_clock_factor_spends_and_earns_that_much_faster),
        cmocka_unit_test(idle_time_earns_credits_up_to_the_most),
        cmocka_unit_test(variation_keeps_the_mean_and_the_spread_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
