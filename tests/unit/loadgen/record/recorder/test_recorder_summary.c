/* The summary of a run in memory: what `loadgen run` prints. */
#include "recorder_summary.h"

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

static struct check small_share[] = { { "R2", "burst", CHECK_OK, 0.41, 2, 10, "%",
                                        "the generator's share of p99", "" } };

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
    x->verdict.checks = small_share;
    x->verdict.n_checks = N_OF(small_share);
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
    free(x->text);
}

static void answer(struct ended *x, uint32_t phase, const char *instance, uint64_t n, uint64_t us)
{
    struct stats_cell *cell = stats_cell(x->run, phase, OUTCOME_OK);
    const uint32_t number = names_number(&x->recorder.instances, instance, strlen(instance));
    x->run->phases[phase].n_outcomes[OUTCOME_OK] += n;
    for (uint64_t i = 0; i < n; i++) {
        stats_cell_add(cell, METRIC_SERVICE, us * NS_PER_US);
        if (number != NAMES_NONE)
            stats_cell_add_instance(cell, number, us * NS_PER_US);
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
    assert_int_equal(recorder_summary(&x->recorder, &x->ending, &x->verdict, &derived->run, out), 0);
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
                        "                requests  errors  ok rate    p50    p90     p99    p99.9     max   "
                        "ms, service time of ok answers\n"
                        "  cluster1  m4       600       0    300/s   2.31   2.31   2.31*   14.7*    14.7\n"
                        "  cluster2  t2       600       0    300/s   3.34   3.34   3.34*    3.34*    3.34\n"
                        "  * fewer than 10 samples beyond\n"
                        "\n"
                        "  instances   cluster1  300 300    no more uneven than chance makes it\n"
                        "              cluster2  600\n"
                        "  verdict     OK        the generator accounts for 0.410 % of p99\n"
                        "  results     results/2026-11-21T22-10-04Z-small     next: loadgen analysis report "
                        "results/2026-11-21T22-10-04Z-small\n");
    ended_fini(&x);
}

static void errors_stand_by_class_with_the_most_frequent_cause(void **state)
{
    struct ended x;
    (void)state;
    ended_init(&x);
    small_run(&x);
    x.run->phases[CLOSED_P1].n_outcomes[OUTCOME_CONNECT] = 12;
    x.run->phases[OPEN_MAIN].n_outcomes[OUTCOME_STATUS_5XX] = 1500;
    x.run->phases[OPEN_MAIN].n_outcomes[OUTCOME_RESET_IDLE] = 3;
    stats_add_cause(x.run, &(struct stats_cause){ CLOSED, OUTCOME_CONNECT, 0, "connection timed out", 2 });
    stats_add_cause(x.run, &(struct stats_cause){ CLOSED, OUTCOME_CONNECT, 0, "connection refused", 10 });
    stats_add_cause(x.run, &(struct stats_cause){ OPEN, OUTCOME_STATUS_5XX, 503, "status", 1500 });
    const char *text = summary_of(&x);
    assert_non_null(strstr(text, "  cluster2  t2     2 100   1 500"));
    assert_non_null(strstr(
        text, "\n  errors      1 500  open   status 5xx made by the target: status 503\n"
              "                 12  burst  connection could not be made: connection refused, and others\n"
              "\n  sent again  3 requests, whose reused connection was closed before the first byte"));
    ended_fini(&x);
}

/* Fast errors beside slow answers: neither the rate nor the times are those of the errors. */
static void errors_are_in_no_time_and_no_rate(void **state)
{
    struct ended x;
    (void)state;
    ended_init(&x);
    answer(&x, CLOSED_P1, "i-a", 100, 100000);
    x.run->phases[CLOSED_P1].n_outcomes[OUTCOME_STATUS_5XX] += 300;
    for (int i = 0; i < 300; i++)
        stats_cell_add(stats_cell(x.run, CLOSED_P1, OUTCOME_STATUS_5XX), METRIC_SERVICE, 144 * NS_PER_US);
    x.run->phases[OPEN_MAIN].n_outcomes[OUTCOME_STATUS_5XX] += 400;
    stats_cell_add(stats_cell(x.run, OPEN_MAIN, OUTCOME_STATUS_5XX), METRIC_SERVICE, 144 * NS_PER_US);
    const char *text = summary_of(&x);
    assert_non_null(
        strstr(text, "  cluster1  m4       400     300   50.0/s   100   100   100*    100*   100\n"));
    assert_non_null(strstr(text, "  cluster2  t2       400     400      0/s     -"));
    ended_fini(&x);
}

static void each_rule_says_what_to_do_once(void **state)
{
    static const char advice[] =
        "The generator could not keep its schedule. Use more threads, a quieter machine, or a lower "
        "rate, and then run it again.";
    struct check checks[] = {
        { "R2", "burst", CHECK_OK, .41, 2, 10, "%", "the generator's share of p99", "" },
        { "R3", "burst", CHECK_WARN, 2, 1, 5, "%", "requests sent late", advice },
        { "R3", "open", CHECK_INVALID, 8, 1, 5, "%", "requests sent late", advice },
        { "R12", "run", CHECK_WARN, 1.5, 1, 5, "%", "CPU time taken", "Use another machine." },
    };
    struct ended x;
    (void)state;
    ended_init(&x);
    small_run(&x);
    x.verdict.checks = checks;
    x.verdict.n_checks = N_OF(checks);
    x.verdict.level = CHECK_INVALID;
    const char *text = summary_of(&x);
    assert_non_null(
        strstr(text, "  verdict     INVALID   the generator cannot be excluded as the cause; it accounts for "
                     "0.410 % of p99\n"));
    const char *rules = strstr(text, "\n  INVALID R3");
    assert_non_null(rules);
    assert_string_equal(
        rules, "\n  INVALID R3  open: requests sent late: 8.00 %, limit 5 %; 1 more in checks.csv\n"
               "              The generator could not keep its schedule. Use more threads, a quieter "
               "machine, or a\n"
               "              lower rate, and then run it again.\n"
               "\n  WARN    R12 run: CPU time taken: 1.50 %, limit 1 %\n"
               "              Use another machine.\n");
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
    assert_non_null(strstr(summary_of(&x), "  thresholds  all 1 held\n"));
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
    assert_non_null(strstr(text, "  cluster2  t2       600       0"));
    assert_non_null(strstr(text, "  interrupted after 1 min 2 s; the results hold what there was\n"
                                 "  warm-up     50 requests, left out above\n"));
    ended_fini(&x);
}

static void a_run_without_any_answer_has_no_numbers_to_show(void **state)
{
    struct ended x;
    (void)state;
    ended_init(&x);
    x.verdict.n_checks = 0;
    const char *text = summary_of(&x);
    assert_non_null(
        strstr(text, "  cluster1  m4         0       0      0/s     -     -     -       -     -\n"));
    assert_non_null(
        strstr(text, "no rule was missed; too few requests to tell the generator's share of their times\n"));
    assert_null(strstr(text, "nan"));
    ended_fini(&x);
}

static void streams_of_different_models_stand_apart(void **state)
{
    struct ended x;
    (void)state;
    ended_init(&x);
    small_run(&x);
    x.streams[OPEN].model = PLAN_OPEN;
    const char *text = summary_of(&x);
    assert_non_null(strstr(text, "max   ms, of ok answers\n"));
    assert_non_null(strstr(text, "\n  burst"));
    assert_non_null(strstr(text, "service time\n"));
    assert_non_null(strstr(text, "response time\n"));
    ended_fini(&x);
}

/* What the line of instances says of cluster1, whose instance k answered `counts[k]`. */
static void instances_are(const uint64_t *counts, size_t n, const char *want)
{
    struct ended x;
    char id[16], line[256];
    ended_init(&x);
    for (size_t i = 0; i < n; i++) {
        snprintf(id, sizeof id, i < 2 ? "i-%c" : "x-%c", (char)('a' + (int)i));
        answer(&x, CLOSED_P1, id, counts[i], 2310);
    }
    snprintf(line, sizeof line, "  instances   cluster1  %s\n", want);
    if (!strstr(summary_of(&x), line))
        fail_msg("no '%s' in\n%s", line, x.text);
    ended_fini(&x);
}

static void up_to_twelve_instances_stand_one_by_one(void **state)
{
    const uint64_t counts[] = { 10, 12, 9, 11, 10, 8, 10, 15, 10, 10, 7, 10, 6 };
    (void)state;
    instances_are(counts, 12, "10 12 9 11 10 8 10 15 10 10 7 10    no more uneven than chance makes it");
    instances_are(counts, 13, "13 instances, 6 to 15 each    no more uneven than chance makes it");
}

static void evenness_is_that_of_chance_or_not(void **state)
{
    (void)state;
    instances_are((const uint64_t[]){ 100, 110 }, 2, "100 110    no more uneven than chance makes it");
    instances_are((const uint64_t[]){ 100, 200 }, 2, "100 200    more uneven than chance makes it");
    instances_are((const uint64_t[]){ 100, 100 }, 2, "100 100    no more uneven than chance makes it");
    instances_are((const uint64_t[]){ 500, 500, 500 }, 3, "500 500 500    as even as round robin makes it");
    instances_are((const uint64_t[]){ 100, 0 }, 2, "100 0    more uneven than chance makes it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_run_takes_a_few_lines),
        cmocka_unit_test(errors_stand_by_class_with_the_most_frequent_cause),
        cmocka_unit_test(errors_are_in_no_time_and_no_rate),
        cmocka_unit_test(each_rule_says_what_to_do_once),
        cmocka_unit_test(missed_thresholds_have_their_value),
        cmocka_unit_test(an_interrupted_run_says_so_and_warm_up_is_left_out),
        cmocka_unit_test(a_run_without_any_answer_has_no_numbers_to_show),
        cmocka_unit_test(streams_of_different_models_stand_apart),
        cmocka_unit_test(up_to_twelve_instances_stand_one_by_one),
        cmocka_unit_test(evenness_is_that_of_chance_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
