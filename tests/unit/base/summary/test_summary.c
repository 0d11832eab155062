/* A description in, text out. */
#include "summary.h"

#include "cm.h"

#include "err.h"
#include "hist.h"
#include "summary_checks.h"
#include "tag_set.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const m4_ids[] = { "i-2", "i-1" };

/* Two clusters, a closed and an open stream on the first, a closed one without instances on the second. */
struct described {
    struct derived_cluster clusters[3];
    struct derived_stream streams[3];
    struct derived_phase phases[6];
    struct derived_check checks[8];
    struct tag_set tags;
    struct derived_run run;
    struct summary_counts counts[3];
    struct summary_cause causes[4];
    struct threshold_result thresholds[3];
    struct summary summary;
    char *text;
};

static void described_init(struct described *x)
{
    *x = (struct described){
        .clusters = { { "cluster1", m4_ids, 2, "m4" }, { "idle", NULL, 0, NULL }, { "web", NULL, 0, "web" } },
        .streams = { { "steady", "cluster1", METRIC_SERVICE, true },
                     { "load", "cluster1", METRIC_RESPONSE, true },
                     { "plain", "web", METRIC_SERVICE, false } },
        .phases = { { "steady", "cluster1", "warm", "duration", true, 0, NS_PER_S, DERIVED_NONE, NAN, NAN },
                    { "steady", "cluster1", "p1", "requests", false, NS_PER_S, 3 * NS_PER_S, 100, NAN, NAN },
                    { "steady", "cluster1", "p2", "pause", false, 3 * NS_PER_S, 9 * NS_PER_S, DERIVED_NONE,
                      NAN, NAN },
                    { "load", "cluster1", "p1", "rate", false, 2 * NS_PER_S, 6 * NS_PER_S, 100, 9, NAN },
                    { "load", "cluster1", "p2", "rate", false, DERIVED_NONE, DERIVED_NONE, 100, 9, NAN },
                    { "plain", "web", "p1", "requests", false, 0, 5 * NS_PER_S, 100, NAN, NAN } },
        .run = { .clusters = x->clusters,
                 .n_clusters = 3,
                 .streams = x->streams,
                 .n_streams = 3,
                 .phases = x->phases,
                 .n_phases = 6,
                 .checks = x->checks,
                 .tags = &x->tags },
        .summary = { .run = &x->run,
                     .counts = x->counts,
                     .causes = x->causes,
                     .thresholds = x->thresholds,
                     .verdict = "OK",
                     .end = "done",
                     .duration_ns = 62 * NS_PER_S,
                     .folder = "results/a" },
    };
}

static void described_fini(struct described *x)
{
    tag_set_fini(&x->tags);
    free(x->text);
}

static void times(struct described *x, const char *tag, uint64_t n, uint64_t us)
{
    struct err e;
    const size_t row = tag_set_row(&x->tags, tag, &e);
    assert_int_not_equal(row, TAG_SET_NONE);
    for (uint64_t i = 0; i < n; i++)
        hist_add(x->tags.rows[row].hist, us * NS_PER_US);
}

static const char *text_of(struct described *x)
{
    size_t length;
    free(x->text);
    FILE *out = open_memstream(&x->text, &length);
    assert_non_null(out);
    assert_int_equal(summary_print(&x->summary, out), 0);
    assert_int_equal(fclose(out), 0);
    return x->text;
}

static void has(struct described *x, const char *wanted)
{
    if (!strstr(text_of(x), wanted))
        fail_msg("no '%s' in\n%s", wanted, x->text);
}

static void has_not(struct described *x, const char *unwanted)
{
    if (strstr(text_of(x), unwanted))
        fail_msg("'%s' in\n%s", unwanted, x->text);
}

static void some_answers(struct described *x)
{
    times(x, "service.steady.cluster1.warm.ok.all", 50, 9000);
    times(x, "service.steady.cluster1.p1.ok.all", 600, 2310);
    times(x, "service.steady.cluster1.p1.timeout.all", 5, 90000);
    times(x, "response.load.cluster1.p1.ok.all", 400, 4000);
    times(x, "service.load.cluster1.p1.ok.all", 400, 3000);
    times(x, "service.plain.web.p1.ok.all", 20000, 1000);
    x->counts[0] = (struct summary_counts){ 605, 600, 50, { [OUTCOME_TIMEOUT] = 5 } };
    x->counts[1] = (struct summary_counts){ .n_done = 400, .n_ok = 400 };
    x->counts[2] = (struct summary_counts){ .n_done = 20000, .n_ok = 20000 };
}

static void streams_of_different_models_stand_apart_each_with_its_own_headline(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    some_answers(&x);
    assert_string_equal(
        text_of(&x),
        "            requests  errors  ok rate    p50    p90     p99   p99.9    max   ms, of ok answers\n"
        "  steady         605       5    300/s   2.31   2.31   2.31*   2.31*   2.31   service time\n"
        "  load           400       0    100/s   4.00   4.00   4.00*   4.00*   4.00   response time\n"
        "  plain       20 000       0  4 000/s   1.00   1.00   1.00    1.00    1.00   service time\n"
        "  * fewer than 10 samples beyond\n"
        "\n"
        "  warm-up     50 requests, left out above\n"
        "  instances   cluster1  0 0\n"
        "  verdict     OK        no rule was missed; too few requests to tell the generator's share of their "
        "times\n"
        "  results     results/a     next: loadgen analysis report results/a\n"
        "\n"
        "  errors      5  steady  no complete response within the timeout\n");
    described_fini(&x);
}

static void clusters_of_one_model_merge_their_streams_and_count_shared_time_once(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.streams[1].headline = METRIC_SERVICE;
    some_answers(&x);
    /* 1000 answers from second 1 to 6; the cluster that no stream uses has no row */
    has(&x, "\n  cluster1  m4     1 005       5    200/s   2.31   3.00   3.00   3.00*   3.00\n"
            "  web             20 000       0  4 000/s   1.00");
    has(&x, "max   ms, service time of ok answers\n");
    has_not(&x, "idle");
    x.run.n_streams = 1; /* one cluster alone: its streams */
    has(&x, "\n  steady         605       5    300/s");
    described_fini(&x);
}

static void the_unit_suits_the_largest_median(void **state)
{
    static const struct {
        uint64_t us;
        const char *want;
    } cases[] = {
        { 999, "us, of ok" }, { 1000, "ms, of ok" }, { 9999000, "ms, of ok" }, { 10100000, "s, of ok" }
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct described x;
        described_init(&x);
        times(&x, "service.steady.cluster1.p1.ok.all", 1, 5);
        times(&x, "service.plain.web.p1.ok.all", 1, cases[i].us);
        has(&x, cases[i].want);
        described_fini(&x);
    }
}

static void without_an_answer_there_is_no_number(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.counts[2] = (struct summary_counts){ .n_done = 7 };
    has(&x, "\n  plain            7       7      0/s     -     -     -       -     -   service time\n");
    x.phases[5].end_ns = 0;
    x.counts[2].n_ok = 7;
    has(&x, "\n  plain            7       0        -     -");
    has_not(&x, "nan");
    described_fini(&x);
}

static void errors_stand_by_class_with_the_most_frequent_cause(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.counts[0].n_outcomes[OUTCOME_CONNECT] = 12;
    x.counts[1].n_outcomes[OUTCOME_STATUS_5XX] = 1500;
    x.counts[1].n_outcomes[OUTCOME_RESET_IDLE] = 3;
    x.counts[2].n_outcomes[OUTCOME_EXPECT] = 12;
    x.causes[0] = (struct summary_cause){ 0, OUTCOME_CONNECT, 0, "connection timed out", 2 };
    x.causes[1] = (struct summary_cause){ 0, OUTCOME_CONNECT, 0, "connection refused", 10 };
    x.causes[2] = (struct summary_cause){ 1, OUTCOME_STATUS_5XX, 503, "status", 1500 };
    x.causes[3] = (struct summary_cause){ 2, OUTCOME_OK, 0, "bytes behind the response", 1 };
    x.summary.n_causes = 4;
    has(&x, "\n\n  errors      1 500  load    status 5xx made by the target: status 503\n"
            "                 12  steady  connection could not be made: connection refused, and others\n"
            "                 12  plain   body or header not as expected\n"
            "\n  sent again  3 requests, whose reused connection was closed before the first byte of the "
            "response\n"
            "\n  noted  1 time in plain: bytes behind the response\n");
    x.causes[2].cause = "location";
    has(&x, "made by the target: location, status 503\n");
    for (int o = OUTCOME_STATUS; o < N_OUTCOMES; o++)
        x.counts[2].n_outcomes[o] = 1;
    has(&x, "\n              and 6 more kinds: see errors.csv\n");
    described_fini(&x);
}

/* Round robin counts exactly; chance does not. */
static void instances_stand_with_how_even_they_are(void **state)
{
    static const struct {
        unsigned n[3];
        const char *want;
    } cases[] = {
        { { 100, 100, 0 }, "  instances   cluster1  100 100    as even as round robin makes it\n" },
        { { 100, 110, 0 }, "  instances   cluster1  100 110    as even as chance makes it\n" },
        { { 100, 200, 0 }, "  instances   cluster1  100 200    more uneven than chance would make it\n" },
        { { 0, 0, 0 }, "  instances   cluster1  0 0\n" },
        { { 2, 1, 3 }, "  instances   cluster1  2 1 3    as even as chance makes it\n" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct described x;
        described_init(&x);
        times(&x, "service.steady.cluster1.p1.ok.i-1", cases[i].n[1], 1); /* in the deployment's order */
        times(&x, "response.load.cluster1.p1.ok.i-2", cases[i].n[0], 1);
        if (cases[i].n[2] > 0)
            times(&x, "service.steady.cluster1.warm.expect.x", cases[i].n[2], 1);
        has(&x, cases[i].want);
        has_not(&x, "web  ");
        described_fini(&x);
    }
}

static void many_instances_are_summed_up(void **state)
{
    static const unsigned counts[] = { 10, 12, 9, 11, 10, 8, 10, 15, 10, 10, 7, 10, 6 };
    struct described x;
    (void)state;
    described_init(&x);
    x.clusters[0].n_instances = 0;
    has(&x, "  instances   cluster1  no answer named one\n");
    for (size_t i = 0; i < N_OF(counts); i++) {
        char tag[64];
        if (i == 12)
            has(&x, "cluster1  10 12 9 11 10 8 10 15 10 10 7 10    as even as chance makes it\n");
        snprintf(tag, sizeof tag, "service.steady.cluster1.p1.ok.x-%c", (char)('a' + (int)i));
        times(&x, tag, counts[i], 1);
    }
    has(&x, "cluster1  13 instances, 6 to 15 each    as even as chance makes it\n");
    described_fini(&x);
}

static void of_more_ids_than_are_kept_no_evenness_is_claimed(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.clusters[0].n_instances = 0;
    for (int i = 0; i < TAGS_INSTANCES_MOST; i++) {
        char tag[64];
        snprintf(tag, sizeof tag, "service.steady.cluster1.p1.ok.x-%d", i);
        times(&x, tag, 1, 1);
    }
    times(&x, "service.steady.cluster1.p1.ok.all", TAGS_INSTANCES_MOST + 1200, 1);
    has(&x,
        "  instances   cluster1  4096 instances, 1 to 1 each    1 200 more answers are in none: there are "
        "more ids than are kept\n");
    has_not(&x, "as even as");
    described_fini(&x);
}

static void each_cause_of_doubt_says_what_to_do_once(void **state)
{
    static const char advice[] = "The generator could not keep its schedule. Use more threads, a quieter "
                                 "machine, or a lower rate, and then run it again.";
    struct described x;
    (void)state;
    described_init(&x);
    x.checks[0] =
        (struct derived_check){ "R2", "steady", "OK", "%", SUMMARY_SHARE_WHAT "99", "", .41, 2, 10 };
    x.checks[1] = (struct derived_check){ "R3", "load", "WARN", "%", "requests sent late", advice, 2, 1, 5 };
    x.checks[2] =
        (struct derived_check){ "R3", "plain", "INVALID", "%", "requests sent late", advice, 8, 1, 5 };
    x.checks[3] = (struct derived_check){ "R12", "run", "WARN", "%", "CPU time taken", "Wait.", 1.5, 1, NAN };
    x.checks[4] =
        (struct derived_check){ "R14", "web", "NOT JUDGED", "", "credits", "No data.", NAN, 1, NAN };
    x.run.n_checks = 5;
    x.summary.verdict = "INVALID";
    has(&x,
        "  verdict     INVALID   the generator cannot be excluded as the cause; it accounts for 0.410 % of "
        "p99\n");
    assert_string_equal(
        strstr(x.text, "\n  INVALID"),
        "\n  INVALID R3  plain: requests sent late: 8.00 %, limit 5 %; 1 more in checks.csv\n"
        "              The generator could not keep its schedule. Use more threads, a quieter "
        "machine, or a\n"
        "              lower rate, and then run it again.\n"
        "\n  WARN    R12 run: CPU time taken: 1.50 %, limit 1 %\n"
        "              Wait.\n"
        "\n  NOTE    R14 web: credits: not judged\n"
        "              No data.\n");
    x.checks[2].level = "WARN";
    x.summary.verdict = "WARN";
    has(&x, "  verdict     WARN      the generator accounts for 0.410 % of p99\n");
    x.checks[0].what = "lag";
    has(&x, "  verdict     WARN      too few requests to tell the generator's share of their times\n");
    described_fini(&x);
}

/* Advice stands in lines of at most 86 columns. */
static void advice_is_wrapped(void **state)
{
    static const struct {
        int n_first, n_second;
        bool breaks;
    } cases[] = { { 40, 45, false }, { 40, 46, true }, { 86, 5, true }, { 100, 0, true } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct described x;
        char advice[256] = "", wanted[512];
        described_init(&x);
        memset(advice, 'a', (size_t)cases[i].n_first);
        if (cases[i].n_second > 0) {
            advice[cases[i].n_first] = ' ';
            memset(advice + cases[i].n_first + 1, 'b', (size_t)cases[i].n_second);
        }
        x.checks[0] = (struct derived_check){ "R1", "all", "WARN", "%", "w", advice, 3, 2, 10 };
        x.run.n_checks = 1;
        const int n_line = cases[i].n_first > 86 ? 86 : cases[i].n_first;
        if (cases[i].breaks)
            snprintf(wanted, sizeof wanted, "\n%14s%.*s\n%14s%s\n", "", n_line, advice, "",
                     advice + n_line + (advice[n_line] == ' '));
        else
            snprintf(wanted, sizeof wanted, "\n%14s%s\n", "", advice);
        has(&x, wanted);
        described_fini(&x);
    }
}

static void missed_thresholds_have_their_value(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.thresholds[0] = (struct threshold_result){ "p99 < 250ms", "all", "s", .0147, true };
    x.thresholds[1] = (struct threshold_result){ "errors < 0.1%", "all", "share", .125, false };
    x.thresholds[2] = (struct threshold_result){ "rate > 1M/s", "all", "per_s", NAN, false };
    has_not(&x, "threshold");
    x.summary.n_thresholds = 1;
    has(&x, "  thresholds  all 1 held\n");
    x.summary.n_thresholds = 3;
    has(&x, "  threshold   missed: errors < 0.1%; it was 12.5 %\n"
            "  threshold   missed: rate > 1M/s; it was nothing to judge\n");
    has_not(&x, "250ms");
    described_fini(&x);
}

static void how_it_ended_stands_first(void **state)
{
    static const struct {
        const char *end, *want, *verdict;
    } cases[] = {
        { "interrupted", "\n  interrupted after 1 min 2 s; the results hold what there was\n",
          "OK        no rule" },
        { "aborted", "\n  ended early, after 1 min 2 s: a threshold with `abort` was missed\n",
          "OK        no rule" },
        { "failed", "\n  failed after 1 min 2 s; the results hold what there was\n",
          "INVALID   the run failed: part of its results is lost" },
        { "running", "\n  goes on, or was killed; these are its results after 1 min 2 s\n",
          "INVALID   the run has not ended, and is not judged\n" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct described x;
        described_init(&x);
        x.summary.end = cases[i].end;
        x.summary.verdict = strncmp(cases[i].verdict, "OK", 2) == 0 ? "OK" : "INVALID";
        has(&x, cases[i].want);
        has(&x, cases[i].verdict);
        described_fini(&x);
    }
}

static void what_the_log_lacks_is_named(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.summary.n_log_rows = 9000;
    has_not(&x, "requests.csv");
    x.summary.n_log_dropped = 600;
    x.summary.n_log_unwritten = 400;
    has(&x, "  log         600 of 10 000 requests are missing from requests.csv: the disk could not keep up\n"
            "  log         400 of 10 000 requests are missing from requests.csv: it could not be written any "
            "more\n");
    described_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_different_models_stand_apart_each_with_its_own_headline),
        cmocka_unit_test(clusters_of_one_model_merge_their_streams_and_count_shared_time_once),
        cmocka_unit_test(the_unit_suits_the_largest_median),
        cmocka_unit_test(without_an_answer_there_is_no_number),
        cmocka_unit_test(errors_stand_by_class_with_the_most_frequent_cause),
        cmocka_unit_test(instances_stand_with_how_even_they_are),
        cmocka_unit_test(many_instances_are_summed_up),
        cmocka_unit_test(of_more_ids_than_are_kept_no_evenness_is_claimed),
        cmocka_unit_test(each_cause_of_doubt_says_what_to_do_once),
        cmocka_unit_test(advice_is_wrapped),
        cmocka_unit_test(missed_thresholds_have_their_value),
        cmocka_unit_test(how_it_ended_stands_first),
        cmocka_unit_test(what_the_log_lacks_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
