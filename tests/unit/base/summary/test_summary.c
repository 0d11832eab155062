/* A description in, text out. */
#include "described.h"

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

/* Two equal counts are no proof of round robin. */
static void instances_stand_with_how_even_they_are(void **state)
{
    static const struct {
        unsigned n[3];
        const char *want;
    } cases[] = {
        { { 1000, 1000, 1000 },
          "  instances   cluster1  1000 1000 1000    as even as round robin makes it\n" },
        { { 100, 100, 0 }, "  instances   cluster1  100 100    no more uneven than chance makes it\n" },
        { { 100, 110, 0 }, "  instances   cluster1  100 110    no more uneven than chance makes it\n" },
        { { 100, 200, 0 }, "  instances   cluster1  100 200    more uneven than chance makes it\n" },
        { { 0, 0, 0 }, "  instances   cluster1  0 0\n" },
        { { 2, 1, 3 }, "  instances   cluster1  2 1 3\n" },
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
            has(&x, "cluster1  10 12 9 11 10 8 10 15 10 10 7 10    no more uneven than chance makes it\n");
        snprintf(tag, sizeof tag, "service.steady.cluster1.p1.ok.x-%c", (char)('a' + (int)i));
        times(&x, tag, counts[i], 1);
    }
    has(&x, "cluster1  13 instances, 6 to 15 each    no more uneven than chance makes it\n");
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
