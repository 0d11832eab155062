/* Intervals from the seconds of a dataset that is made up in memory: two clusters, 40 s at 100 requests/s. */
#include "within.h"

#include "arms.h"
#include "attempts.h"
#include "claims.h"
#include "dataset.h"
#include "random.h"

#include "cm.h"

#include "close.h"

enum { SECONDS = 40, EACH = 100 };
#define MS 1000000.0

struct made {
    struct dataset data;
    struct arm arms[2];
    struct run_phase phases[2];
    struct hist *by_step[2 * SECONDS], *latency[2];
    struct counts_cell cells[2 * SECONDS], measured[2];
    struct attempts attempts[2];
    struct claim_row rows[2];
    struct claims claims;
};

/* The first has times of about 10 ms, the second of `factor` times as long and so many failures a second. */
/* Of the second arm to the first. */
static struct run_interval ratio(const struct dataset *data, uint32_t p_ppm)
{
    const struct run_interval a = within_percentile(data, 0, p_ppm), b = within_percentile(data, 1, p_ppm);
    return run_interval_ratio(&b, &a);
}

static struct run_interval ratio_of_rates(const struct dataset *data)
{
    const struct run_interval a = within_rate(data, 0), b = within_rate(data, 1);
    return run_interval_ratio(&b, &a);
}

static void make(struct made *m, double factor, unsigned n_failed)
{
    struct random random;
    random_init(&random, 8, 0);
    *m = (struct made){ .arms = { { .cluster = "a" }, { .cluster = "b" } } };
    for (size_t arm = 0; arm < 2; arm++) {
        const unsigned n_bad = arm == 1 ? n_failed : 0;
        m->phases[arm] =
            (struct run_phase){ .cluster = m->arms[arm].cluster, .kind = "rate", .end_s = SECONDS };
        m->latency[arm] = hist_new();
        for (size_t s = 0; s < SECONDS; s++) {
            struct hist *h = m->by_step[arm * SECONDS + s] = hist_new();
            for (unsigned i = 0; i < EACH - n_bad; i++)
                hist_add(h, (uint64_t)((arm == 1 ? factor : 1) * MS * (5 + 10 * random_uniform(&random))));
            hist_merge(m->latency[arm], h);
            m->cells[arm * SECONDS + s] =
                (struct counts_cell){ .covered_s = 1, .ok_n = EACH - n_bad, .timed_bad_n = n_bad };
        }
        m->attempts[arm] = (struct attempts){ .ok = m->latency[arm], .n_failed = (uint64_t)n_bad * SECONDS };
    }
    for (size_t arm = 0; arm < 2; arm++) {
        m->rows[arm].cluster = m->arms[arm].cluster;
        m->rows[arm].claims[CLAIM_RATE].rate_per_s = EACH - (arm == 1 ? n_failed : 0);
    }
    m->claims = (struct claims){ .rows = m->rows, .n_rows = 2 };
    m->data =
        (struct dataset){ .claims = &m->claims,
                          .arms = m->arms,
                          .n_arms = 2,
                          .run = { .phases = m->phases, .n_phases = 2 },
                          .latency = m->latency,
                          .attempts = m->attempts,
                          .by_step = m->by_step,
                          .less_g_by_step = m->by_step,
                          .axis = { .step_s = 1, .n_steps = SECONDS },
                          .counts = { .n_steps = SECONDS, .cells = m->cells, .measured = m->measured } };
}

static void unmake(struct made *m)
{
    for (size_t i = 0; i < 2 * SECONDS; i++)
        hist_free(m->by_step[i]);
    hist_free(m->latency[0]);
    hist_free(m->latency[1]);
}

static void percentile_and_rate_have_intervals(void **state)
{
    struct made m;
    (void)state;
    make(&m, 1, 0);
    const struct run_interval p50 = within_percentile(&m.data, 0, 500000);
    assert_string_equal(p50.why, "");
    assert_true(p50.lo < 10 * MS && 10 * MS < p50.hi && p50.hi - p50.lo < 3 * MS);
    const struct run_interval rate = within_rate(&m.data, 0);
    assert_close(rate.value, EACH, 1e-9);
    assert_true(rate.lo <= EACH && EACH <= rate.hi);
    assert_string_equal(within_percentile_less_g(&m.data, 0, 500000).why, "the generator's share is unknown");
    unmake(&m);
}

static void a_ratio_tells_what_is_twice_as_long(void **state)
{
    struct made m;
    (void)state;
    make(&m, 2, 0);
    const struct run_interval twice = ratio(&m.data, 500000);
    assert_close(twice.value, 2, .1);
    assert_int_equal(run_interval_direction(&twice, .05), 1);
    const struct run_interval rates = ratio_of_rates(&m.data);
    assert_int_equal(run_interval_direction(&rates, .05), 0);
    unmake(&m);
    make(&m, 1, 0);
    const struct run_interval alike = ratio(&m.data, 500000);
    assert_int_equal(run_interval_direction(&alike, .05), 0);
    unmake(&m);
}

/* Its successes are half as long, and every tenth attempt fails: at p99 it is the slower one. */
static void who_fails_is_never_faster(void **state)
{
    struct made m;
    (void)state;
    make(&m, .5, 10);
    const struct run_interval p99 = ratio(&m.data, 990000);
    assert_true(isinf(p99.value));
    assert_int_equal(run_interval_direction(&p99, .05), 1);
    unmake(&m);
}

static void partial_seconds_and_warmup_carry_nothing(void **state)
{
    struct made m;
    (void)state;
    make(&m, 1, 0);
    for (size_t s = 0; s < 10; s++)
        m.cells[s].partial = true;
    m.cells[20].covered_s = .9;
    assert_string_equal(within_percentile(&m.data, 0, 500000).why,
                        "29 whole seconds are too few for an interval, which takes 30");
    assert_string_equal(within_rate(&m.data, 0).why,
                        "29 whole seconds are too few for an interval, which takes 30");
    assert_string_equal(ratio(&m.data, 500000).why,
                        "29 whole seconds are too few for an interval, which takes 30");
    assert_string_equal(within_percentile(&m.data, 1, 500000).why, "");
    m.data.counts.cells = NULL;
    assert_string_equal(within_percentile(&m.data, 1, 500000).why, "intervals.csv is missing or broken");
    assert_string_equal(within_rate(&m.data, 1).why, "intervals.csv is missing or broken");
    m.data.counts.cells = m.cells;
    m.phases[1].warmup = true;
    assert_string_equal(within_percentile(&m.data, 1, 500000).why,
                        "there was no whole second in which every stream sent; an interval takes 30");
    unmake(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentile_and_rate_have_intervals),
        cmocka_unit_test(a_ratio_tells_what_is_twice_as_long),
        cmocka_unit_test(who_fails_is_never_faster),
        cmocka_unit_test(partial_seconds_and_warmup_carry_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
