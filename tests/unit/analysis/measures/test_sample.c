/* What a comparison keeps of a run, worked out by hand from made_run.h. */
#include "made_duo.h"

#include "close.h"
#include "made_text.h"

#include "arms.h"
#include "sample.h"

static void a_sample_holds_the_numbers_that_are_compared(void **state)
{
    struct sample a, b;
    (void)state;
    sample_take(&duo, 0, &a);
    sample_take(&duo, 1, &b);
    assert_close(a.value[SAMPLE_P50], (double)MADE_MS1, 0);
    assert_close(a.value[SAMPLE_P90], (double)MADE_MS2, 0);
    assert_close(a.value[SAMPLE_P99], (double)MADE_MS4, 0); /* rank 10 918 of 11 028 attempts */
    assert_true(isnan(a.value[SAMPLE_P999]));               /* rank 11 017: among the 28 failures */
    assert_int_equal(a.state[SAMPLE_P999], ATTEMPT_FAILED);
    assert_int_equal(a.attempts_n, 11028);
    assert_int_equal(a.failed_n, 28);
    assert_close(sample_failed_share(&a), 28. / 11028, 1e-12);
    assert_close(a.value[SAMPLE_RATE], 11000 / 10.4, 1e-9);
    assert_close(a.value[SAMPLE_LESS_P50], (double)MADE_MS0, 0);
    assert_close(a.value[SAMPLE_LESS_P99], (double)MADE_MS1, 0);
    assert_close(a.value[SAMPLE_EACH_P50], (double)MADE_MS1, 1e-6);
    assert_close(a.value[SAMPLE_EACH_P99], sqrt((double)MADE_MS1 * (double)MADE_MS4), 1e-6);
    assert_close(b.value[SAMPLE_P99], (double)MADE_MS16, 0); /* rank 5944 of 6004 */
    assert_true(isnan(b.value[SAMPLE_P999]));                /* 6 */
    assert_close(b.value[SAMPLE_EACH_P50], (double)MADE_MS2, 1e-6);
    assert_int_equal(a.ok_n, 11000);
    assert_int_equal(a.n_instances, 2);
    assert_int_equal(b.n_instances, 1);
    assert_int_equal(a.style, 1);
    assert_true(a.emulated);
    assert_false(a.is_burstable);
    assert_true(b.is_burstable);
    assert_false(a.credits.is_known);
    assert_true(b.credits.is_known);
    assert_close(b.credits.first, 60, 0);
    assert_close(b.credits.last, 50, 0);
    assert_string_equal(b.no_credits, "");
    assert_int_equal(a.steadiness.kind, STEADINESS_UNKNOWN);
    assert_string_equal(a.load,
                        "poisson, 64 connections: warm-up 100/s, 1 000/s, pause, 1 000/s; closed, 2 users, 2 "
                        "connections: 40 requests, pause");
    assert_close(a.timed_s, 4 + 6.4, 1e-9);
    assert_string_equal(a.label, "m4");
    assert_string_equal(b.series, "t2 (cluster2)");
    assert_string_equal(b.cluster, "cluster2");
    assert_string_equal(b.run_id, "2026-11-21T22-10-04Z-duo");
    assert_int_equal(a.level[SAMPLE_P99], CLAIM_NOT_JUDGED); /* without receive timestamps */
    assert_true(isnan(a.generator_share[SAMPLE_P99]) && isnan(a.generator_share[SAMPLE_RATE]));
    assert_true(isnan(a.goodput.limit_s) == isnan(a.goodput.share));
}

/* 10 of 1000 attempts lie beyond the p99, 9 of 999. 28 failed, so that they are its last. */
static void a_percentile_counts_with_ten_beyond_it(void **state)
{
    struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1, 971 },
                                  { 1, 1, "response_less_g.load1.cluster1.main.ok.all", MADE_MS0, 5000 },
                                  { 1, 1, "response.load1.cluster1.main.ok.i-a", MADE_MS0, 1 },
                                  { 1, 1, "response.load1.cluster1.main.timeout.i-a", MADE_MS8, 1 },
                                  { 0, 0, "response.load1.cluster1.warm.ok.i-b", MADE_MS8, 1 } };
    struct dataset data;
    struct sample s;
    (void)state;
    for (unsigned n = 971; n <= 972; n++) {
        times[0].n = n;
        made_open_dataset(&data, made_run_of("ten", times, N_OF(times)));
        sample_take(&data, 0, &s);
        assert_int_equal(s.attempts_n, n + 28);
        assert_int_equal(s.state[SAMPLE_P99], n == 972 ? ATTEMPT_FAILED : ATTEMPT_NONE);
        assert_close(s.value[SAMPLE_P50], (double)MADE_MS1, 0);
        assert_close(s.value[SAMPLE_LESS_P99], (double)MADE_MS0, 0);
        assert_close(s.value[SAMPLE_EACH_P99], (double)MADE_MS0,
                     1e-6); /* of those that answered outside of warm-up */
        sample_take(&data, 1, &s);
        assert_true(isnan(s.value[SAMPLE_EACH_P99]));
        assert_true(isnan(s.value[SAMPLE_LESS_P99]));
        dataset_fini(&data);
    }
}

static void too_many_instances_have_no_typical_one(void **state)
{
    static const char *names[201];
    struct run_cluster *const def = (struct run_cluster *)duo.arms[0].def;
    const struct run_cluster old = *def;
    struct sample s;
    (void)state;
    for (size_t i = 0; i < N_OF(names); i++)
        names[i] = "i-a";
    def->instances = names;
    for (size_t n = 200; n <= 201; n++) {
        def->n_instances = n;
        sample_take(&duo, 0, &s);
        assert_int_equal(isfinite(s.value[SAMPLE_EACH_P50]), n == 200);
    }
    *def = old;
    duo.arms[0].def = NULL;
    sample_take(&duo, 0, &s);
    assert_true(isnan(s.value[SAMPLE_EACH_P50]));
    assert_int_equal(s.n_instances, 0);
    duo.arms[0].def = def;
}

static void credits_that_cannot_be_read_are_told(void **state)
{
    struct dataset data;
    struct sample s;
    (void)state;
    const char *folder = made_run("poor");
    made_edit(folder, "cloudwatch.csv", "ts_utc", "time");
    made_open_dataset(&data, folder);
    sample_take(&data, 1, &s);
    assert_false(s.credits.is_known);
    assert_says(s.no_credits, "'ts_utc'");
    dataset_fini(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_holds_the_numbers_that_are_compared),
        cmocka_unit_test(a_percentile_counts_with_ten_beyond_it),
        cmocka_unit_test(too_many_instances_have_no_typical_one),
        cmocka_unit_test(credits_that_cannot_be_read_are_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
