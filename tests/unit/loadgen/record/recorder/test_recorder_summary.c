/* The summary of a run in memory: what `loadgen run` prints. */
#include "recorder_summary.h"
#include "summary.h"

#include "claims.h"
#include "cm.h"
#include "err.h"
#include "names.h"
#include "phase_clock.h"
#include "recorder_derived.h"
#include "recorder_state.h"
#include "small_plan.h"
#include "stats.h"
#include "units.h"
#include "verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A run of two clusters, one closed stream each: 600 + 600 requests in 2 s. */
struct ended {
    struct plan plan;
    struct plan_stream streams[2];
    struct phase_clock phases[N_PHASES_IN_SMALL_PLAN];
    struct recorder recorder;
    struct stats *run;
    struct verdict verdict;
    struct recorder_ending ending;
    char *text;
    size_t length;
};

static void ended_init(struct ended *x)
{
    *x = (struct ended){ .plan = small_plan };
    x->streams[CLOSED] = small_plan_streams[CLOSED];
    x->streams[OPEN] = small_plan_streams[OPEN];
    x->streams[OPEN].model = PLAN_CLOSED;
    x->streams[OPEN].expect.has_instance = true;
    x->plan.streams = x->streams;
    x->run = stats_new(&x->plan);
    assert_non_null(x->run);
    assert_int_equal(names_init(&x->recorder.instances, 16), 0);
    atomic_store(&x->phases[CLOSED_P1].start_ns, NS_PER_S);
    atomic_store(&x->phases[CLOSED_P1].end_ns, 3 * NS_PER_S);
    atomic_store(&x->phases[CLOSED_PAUSE].start_ns, 3 * NS_PER_S);
    atomic_store(&x->phases[CLOSED_PAUSE].end_ns, 63 * NS_PER_S);
    atomic_store(&x->phases[OPEN_MAIN].start_ns, NS_PER_S);
    atomic_store(&x->phases[OPEN_MAIN].end_ns, 3 * NS_PER_S);
    x->recorder.params.plan = &x->plan;
    x->recorder.params.phases = x->phases;
    x->recorder.run = x->run;
    x->recorder.t0_monotonic_ns = NS_PER_S;
    strcpy(x->recorder.folder.path, "results/2026-11-21T22-10-04Z-small");
    x->ending = (struct recorder_ending){ RECORDER_DONE, 63 * NS_PER_S };
}

static void ended_fini(struct ended *x)
{
    stats_free(x->run);
    names_fini(&x->recorder.instances);
    claims_free(x->verdict.claims);
    free(x->text);
}

static void answer(struct ended *x, uint32_t phase, const char *instance, uint64_t n, uint64_t us)
{
    struct stats_times *cell = stats_times(x->run, phase, OUTCOME_OK);
    const uint32_t number = names_number(&x->recorder.instances, instance, strlen(instance));
    x->run->cells[phase].n_outcomes[OUTCOME_OK] += n;
    for (uint64_t i = 0; i < n; i++) {
        stats_times_add(cell, METRIC_SERVICE, us * NS_PER_US);
        stats_times_add(cell, METRIC_SERVICE_LESS_G, us * NS_PER_US);
        stats_times_add(cell, METRIC_RX_AGE, 0);
        if (number != NAMES_NONE)
            stats_times_add_instance(cell, number, us * NS_PER_US);
    }
}

static void small_run(struct ended *x)
{
    answer(x, CLOSED_P1, "i-a", 300, 2310);
    answer(x, CLOSED_P1, "i-b", 299, 2310);
    answer(x, CLOSED_P1, "i-b", 1, 14720);
    answer(x, OPEN_MAIN, "i-c", 600, 3340);
}

static const char *summary_of(struct ended *x)
{
    struct err e;
    FILE *out = open_memstream(&x->text, &x->length);
    struct recorder_derived *derived = recorder_derived_new(&x->recorder, &x->ending, &x->verdict, &e);
    assert_non_null(out);
    assert_non_null(derived);
    claims_free(x->verdict.claims);
    x->verdict.claims = claims_new(&derived->run, &e);
    assert_int_equal(
        recorder_summary(&x->recorder, &x->ending, &x->verdict, &derived->run, summary_print, out), 0);
    recorder_derived_free(derived);
    assert_int_equal(fclose(out), 0);
    return x->text;
}

static void a_good_run_takes_a_few_lines(void **state)
{
    struct ended x;
    (void)state;
    ended_init(&x);
    small_run(&x);
    assert_string_equal(summary_of(&x),
                        "http://127.0.0.1:1    2 cluster1, 1 cluster2\n"
                        "    2 streams, 10 connections, closed, 1 min 2 s\n"
                        "\n"
                        "               requests  failed  good/s      p50      p90      p99     p99.9\n"
                        "  m4 cluster1       600       0     300  2.31 ms  2.31 ms  2.31 ms*  14.7 ms*\n"
                        "  t2 cluster2       600       0     300  3.34 ms  3.34 ms  3.34 ms*  3.34 ms*\n"
                        "\n"
                        "  This run does not say which is faster: fewer than 10 requests beyond p99. The\n"
                        "  p99 was 3.34 ms* for t2 and 2.31 ms* for m4. The medians were 3.34 ms and\n"
                        "  2.31 ms. One run per cluster is not proof; `loadgen campaign` would tell.\n"
                        "  m4   max 14.7 ms   mean 2.33 ms\n"
                        "  t2   max 3.34 ms   mean 3.34 ms\n"
                        "  instances   m4  300 300   no more uneven than chance makes it\n"
                        "              t2  600\n"
                        "  *           rests on fewer than 10 requests\n"
                        "  loadgen     took no visible part of m4 p90\n"
                        "  next: loadgen analysis report results/2026-11-21T22-10-04Z-small\n");
    ended_fini(&x);
}

static void errors_stand_by_class_with_the_most_frequent_cause(void **state)
{
    struct ended x;
    (void)state;
    ended_init(&x);
    small_run(&x);
    x.run->cells[CLOSED_P1].n_outcomes[OUTCOME_CONNECT] = 12;
    x.run->cells[OPEN_MAIN].n_outcomes[OUTCOME_STATUS_5XX] = 1500;
    x.run->cells[OPEN_MAIN].n_outcomes[OUTCOME_RESET_IDLE] = 3;
    stats_add_cause(
        x.run, &(struct stats_cause){ CLOSED, CLOSED_P1, OUTCOME_CONNECT, 0, "connection timed out", 2 });
    stats_add_cause(x.run,
                    &(struct stats_cause){ CLOSED, CLOSED_P1, OUTCOME_CONNECT, 0, "connection refused", 10 });
    stats_add_cause(x.run, &(struct stats_cause){ OPEN, OPEN_MAIN, OUTCOME_STATUS_5XX, 503, "status", 1500 });
    const char *text = summary_of(&x);
    assert_non_null(strstr(text, "2 100   71.4 %"));
    assert_non_null(strstr(text, "\n  failed      1 500  open   status_5xx: status 503\n"
                                 "                 12  burst  connect: connection refused, and others\n"
                                 "  sent again  3 requests: their"));
    ended_fini(&x);
}

static void missed_thresholds_have_their_value(void **state)
{
    struct threshold_result results[] = {
        { "p99 < 250ms", "all", "s", 0.0147, THRESHOLD_HELD, ATTEMPT_EXACT, NAN },
        { "cluster1.p50 < 2ms", "cluster1", "s", 0.00231, THRESHOLD_MISSED, ATTEMPT_EXACT, NAN },
        { "errors < 0.1%", "all", "share", 0.125, THRESHOLD_MISSED, ATTEMPT_EXACT, NAN }
    };
    struct ended x;
    (void)state;
    ended_init(&x);
    small_run(&x);
    x.verdict.thresholds = results;
    x.verdict.n_thresholds = 3;
    x.verdict.n_missed = 2;
    const char *text = summary_of(&x);
    assert_non_null(strstr(text, "  threshold   missed: cluster1.p50 < 2ms; it was 2.31 ms\n"
                                 "  threshold   missed: errors < 0.1%; it was 12.5 %\n"));
    free(x.text);
    x.verdict.n_thresholds = 1;
    x.verdict.n_missed = 0;
    assert_non_null(strstr(summary_of(&x), "  threshold   held\n"));
    ended_fini(&x);
}

static void an_interrupted_run_says_so_and_warm_up_is_left_out(void **state)
{
    struct ended x;
    (void)state;
    ended_init(&x);
    small_run(&x);
    answer(&x, OPEN_WARM, "i-c", 50, 9000);
    x.ending.end = RECORDER_INTERRUPTED;
    const char *text = summary_of(&x);
    assert_non_null(strstr(text, "  t2 cluster2       600       0"));
    assert_non_null(strstr(text, "  warm-up     50 requests, left out above\n"));
    assert_non_null(strstr(text, "  interrupted after 1 min 2 s; the results cover that time\n"));
    ended_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_run_takes_a_few_lines),
        cmocka_unit_test(errors_stand_by_class_with_the_most_frequent_cause),
        cmocka_unit_test(missed_thresholds_have_their_value),
        cmocka_unit_test(an_interrupted_run_says_so_and_warm_up_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
