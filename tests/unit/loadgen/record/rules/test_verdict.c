#include "recorded.h"

#include "cm.h"

#include <fcntl.h>
#include <unistd.h>

static int make(void **state)
{
    static struct recorded x;
    recorded_init(&x);
    *state = &x;
    return 0;
}

static int drop(void **state)
{
    recorded_fini(*state);
    return 0;
}

static struct threshold thresholds[] = {
    { .text = (char[]){ "p95 < 3ms" },
      .metric = THRESHOLD_PERCENTILE,
      .p_ppm = 950000,
      .at_most = true,
      .limit = 0.003 },
    { .text = (char[]){ "cluster2.errors <= 10%" },
      .scope = "cluster2",
      .metric = THRESHOLD_ERRORS,
      .at_most = true,
      .or_equal = true,
      .limit = 0.1 },
    { .text = (char[]){ "burst.rate > 5/s" }, .scope = "burst", .metric = THRESHOLD_RATE, .limit = 5 },
};

/* Gives the plan of the run these thresholds. */
static void with_thresholds(struct recorded *x, struct plan *plan, size_t n)
{
    *plan = small_plan;
    plan->thresholds = thresholds;
    plan->n_thresholds = n;
    x->params.plan = plan;
    for (size_t i = 0; i < N_OF(thresholds); i++)
        thresholds[i].aborts = false;
}

/* One second of 50 requests of `us` to the closed stream and 20 to the open one. */
static void one_second(struct recorded *x, uint64_t us)
{
    phase_lasts(x, CLOSED_P1, 0, 1000);
    phase_lasts(x, OPEN_MAIN, 0, 1000);
    closed_ok(x, 0, CLOSED_P1, "i-a", 50, us);
    open_ok(x, OPEN_MAIN, 20, 5, us);
}

static int end(struct recorded *x, enum recorder_end how)
{
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    return recorder_finish(x->recorder, how, at_ms(1000), &x->e);
}

static void thresholds_that_hold_end_with_0(void **state)
{
    struct recorded *x = *state;
    static struct plan plan;
    with_thresholds(x, &plan, 3);
    recorded_start(x);
    one_second(x, 2000);
    for (int i = 0; i < 2; i++) {
        failed(x, OPEN, OPEN_MAIN, OUTCOME_TIMEOUT, "no answer");
        stats_times_add(stats_times(x->stats, OPEN_MAIN, OUTCOME_TIMEOUT), METRIC_SERVICE, 2000000);
        stats_times_add(stats_times(x->stats, OPEN_MAIN, OUTCOME_TIMEOUT), METRIC_CONN_WAIT, 0);
        x->stats->streams[OPEN].n_sent++;
    }
    assert_int_equal(end(x, RECORDER_DONE), 0);
    json_t *run = run_json(x), *first = json_array_get(json_object_get(run, "thresholds"), 0);
    json_t *rate = json_array_get(json_object_get(run, "thresholds"), 2);
    assert_true(json_is_true(json_object_get(first, "held")));
    assert_string_equal(json_string_value(json_object_get(first, "scope")), "all");
    assert_float_equal(json_number_value(json_object_get(first, "value")), 0.002, 1e-5);
    assert_float_equal(json_number_value(json_object_get(rate, "value")), 50, 1e-9);
    json_decref(run);
}

static void a_missed_threshold_ends_with_3(void **state)
{
    struct recorded *x = *state;
    static struct plan plan;
    with_thresholds(x, &plan, 1);
    recorded_start(x);
    one_second(x, 3500);
    assert_int_equal(end(x, RECORDER_DONE), 3);
}

static void a_threshold_without_anything_to_judge_is_missed(void **state)
{
    struct recorded *x = *state;
    static struct plan plan;
    with_thresholds(x, &plan, 1);
    recorded_start(x);
    assert_int_equal(end(x, RECORDER_DONE), 1); /* before 3 */
    json_t *run = run_json(x), *first = json_array_get(json_object_get(run, "thresholds"), 0);
    assert_true(json_is_null(json_object_get(first, "value")));
    json_decref(run);
}

static uint64_t n_missed(json_t *run)
{
    uint64_t n = 0;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(run, "thresholds"), i, one) n +=
        json_is_false(json_object_get(one, "held"));
    return n;
}

/* One ok answer of 100 ms among 49 errors of 0.1 ms: neither fast nor many. */
static void fast_errors_hold_neither_a_time_nor_a_rate(void **state)
{
    struct recorded *x = *state;
    static struct plan plan;
    with_thresholds(x, &plan, 3);
    recorded_start(x);
    phase_lasts(x, CLOSED_P1, 0, 1000);
    closed_ok(x, 0, CLOSED_P1, "i-a", 1, 100000);
    for (int i = 0; i < 49; i++) {
        failed(x, CLOSED, CLOSED_P1, OUTCOME_STATUS_5XX, "status");
        stats_times_add(stats_times(x->stats, CLOSED_P1, OUTCOME_STATUS_5XX), METRIC_SERVICE, 100000);
        x->stats->streams[CLOSED].n_sent++;
    }
    assert_int_equal(end(x, RECORDER_DONE), 3);
    json_t *run = run_json(x);
    json_t *p95 = json_array_get(json_object_get(run, "thresholds"), 0);
    json_t *rate = json_array_get(json_object_get(run, "thresholds"), 2);
    assert_true(json_is_null(json_object_get(p95, "value")));
    assert_string_equal(json_string_value(json_object_get(p95, "state")), "failed");
    assert_float_equal(json_number_value(json_object_get(rate, "value")), 1, 1e-9);
    assert_int_equal(n_missed(run), 3);
    json_decref(run);
}

static void a_time_is_missed_where_nothing_was_answered_well(void **state)
{
    struct recorded *x = *state;
    static struct plan plan;
    with_thresholds(x, &plan, 1);
    thresholds[0].aborts = true;
    recorded_start(x);
    atomic_store(&x->phases[CLOSED_P1].start_ns, at_ms(0));
    for (uint64_t s = 0; s < 2; s++) {
        if (s == 1) { /* second 0 has no end at all, as in a pause */
            failed(x, CLOSED, CLOSED_P1, OUTCOME_STATUS_5XX, "status");
            stats_times_add(stats_times(x->stats, CLOSED_P1, OUTCOME_STATUS_5XX), METRIC_SERVICE, 100000);
            x->stats->streams[CLOSED].n_sent++;
        }
        hand_over(x, 0, 1000 * s, 1000 * s + 1000);
        hand_over(x, 1, 1000 * s, 1000 * s + 1000);
        assert_int_equal(recorder_tick(x->recorder, at_ms(1000 * s + 1000)),
                         s == 1 ? RECORDER_ABORTED : RECORDER_RUNNING);
    }
    assert_int_equal(recorder_finish(x->recorder, RECORDER_DONE, at_ms(2000), &x->e), 1); /* before 3 */
    json_t *run = run_json(x);
    assert_int_equal(n_missed(run), 1);
    json_decref(run);
}

static void a_second_that_misses_a_threshold_with_abort_ends_the_run(void **state)
{
    struct recorded *x = *state;
    static struct plan plan;
    with_thresholds(x, &plan, 3);
    thresholds[0].aborts = thresholds[2].aborts = true;
    recorded_start(x);
    atomic_store(&x->phases[CLOSED_P1].start_ns, at_ms(0));
    for (uint64_t s = 0; s < 3; s++) {
        if (s < 2)
            closed_ok(x, 0, CLOSED_P1, "i-a", 50, s == 0 ? 2000 : 3500);
        hand_over(x, 0, 1000 * s, 1000 * s + 1000);
        hand_over(x, 1, 1000 * s, 1000 * s + 1000);
        assert_int_equal(recorder_tick(x->recorder, at_ms(1000 * s + 1000)),
                         s > 0 ? RECORDER_ABORTED : RECORDER_RUNNING); /* second 2: no request, so no rate */
    }
    assert_int_equal(recorder_finish(x->recorder, RECORDER_ABORTED, at_ms(3000), &x->e), 3);
}

static void a_threshold_on_an_invalid_claim_ends_with_4_even_if_missed(void **state)
{
    struct recorded *x = *state;
    static struct plan plan;
    with_thresholds(x, &plan, 1);
    recorded_start(x);
    one_second(x, 3500);
    failed(x, CLOSED, CLOSED_P1, OUTCOME_PORTS, "no port");
    assert_int_equal(end(x, RECORDER_DONE), 4);
    json_t *run = run_json(x), *claim;
    size_t i, n_invalid = 0;
    json_array_foreach(json_object_get(run, "claims"), i, claim) n_invalid +=
        strcmp(json_string_value(json_object_get(claim, "level")), "invalid") == 0;
    assert_true(n_invalid >= 5); /* all of the stream */
    json_decref(run);
}

static void an_interrupted_run_ends_with_130_whatever_it_was(void **state)
{
    struct recorded *x = *state;
    x->params.is_strict = true;
    recorded_start(x);
    one_second(x, 3500);
    failed(x, CLOSED, CLOSED_P1, OUTCOME_PORTS, "no port");
    assert_int_equal(end(x, RECORDER_INTERRUPTED), 130);
}

/* Points a file of the run folder at a disk that is always full. */
static void fill_disk(struct recorded *x, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", x->folder, name);
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    for (int fd = 3; fd < 64; fd++) { /* the descriptor that the recorder has open for it */
        char link[64], target[256] = "";
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, target, sizeof target - 1) > 0 && strcmp(target, path) == 0)
            assert_int_equal(dup2(full, fd), fd);
    }
    close(full);
}

static void a_full_disk_ends_the_run_and_the_rest_is_kept(void **state)
{
    struct recorded *x = *state;
    recorded_start(x);
    fill_disk(x, "intervals.csv");
    phase_lasts(x, CLOSED_P1, 0, 2000);
    closed_ok(x, 0, CLOSED_P1, "i-a", 50, 2000);
    hand_over(x, 0, 0, 1000);
    hand_over(x, 1, 0, 1000);
    assert_int_equal(recorder_tick(x->recorder, at_ms(1000)), RECORDER_FAILED);
    closed_ok(x, 0, CLOSED_P1, "i-a", 50, 2000);
    hand_over_last(x, 0, 1000, 2000);
    hand_over_last(x, 1, 1000, 2000);
    assert_int_equal(recorder_finish(x->recorder, RECORDER_DONE, at_ms(2000), &x->e), -1);
    assert_int_equal(x->e.kind, ERR_FAILED);
    assert_non_null(strstr(x->e.text, "is lost: cannot write"));
    assert_non_null(strstr(x->e.text, "intervals.csv: No space left on device"));
    json_t *run = run_json(x);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(run, "totals"), "ok_n")), 100);
    json_decref(run);
    char *percentiles = file_text(x, "percentiles.csv");
    assert_non_null(strstr(percentiles, "cluster1,burst,,p1,ok,service,500000"));
    free(percentiles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(thresholds_that_hold_end_with_0, make, drop),
        cmocka_unit_test_setup_teardown(a_missed_threshold_ends_with_3, make, drop),
        cmocka_unit_test_setup_teardown(a_threshold_without_anything_to_judge_is_missed, make, drop),
        cmocka_unit_test_setup_teardown(fast_errors_hold_neither_a_time_nor_a_rate, make, drop),
        cmocka_unit_test_setup_teardown(a_time_is_missed_where_nothing_was_answered_well, make, drop),
        cmocka_unit_test_setup_teardown(a_second_that_misses_a_threshold_with_abort_ends_the_run, make, drop),
        cmocka_unit_test_setup_teardown(a_threshold_on_an_invalid_claim_ends_with_4_even_if_missed, make,
                                        drop),
        cmocka_unit_test_setup_teardown(an_interrupted_run_ends_with_130_whatever_it_was, make, drop),
        cmocka_unit_test_setup_teardown(a_full_disk_ends_the_run_and_the_rest_is_kept, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
