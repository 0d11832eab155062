/* A description in, text out. */
#include "described.h"

static void some_answers(struct described *x)
{
    answers(x, 0, "service.steady.cluster1.warm.ok.all", 50, 9000);
    x->phases[0].all.n_outcomes[OUTCOME_TIMEOUT] = 2;
    answers(x, 1, "service.steady.cluster1.p1.ok.all", 600, 2310);
    times(x, "service.steady.cluster1.p1.timeout.all", 5, 90000);
    x->phases[1].all.n_outcomes[OUTCOME_TIMEOUT] = 5;
    answers(x, 3, "response.load.cluster1.p1.ok.all", 400, 4000);
    times(x, "service.load.cluster1.p1.ok.all", 400, 3000);
    times(x, "service_less_g.load.cluster1.p1.ok.all", 400, 3000);
    answers(x, 5, "service.plain.web.p1.ok.all", 20000, 1000);
}

static void streams_of_different_models_stand_apart_each_with_its_own_headline(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    some_answers(&x);
    assert_string_equal(text_of(&x),
                        "mixed    http://a:80/    2 m4.large\n"
                        "    3 streams, 6 connections, 1 thread, open and closed, 1 min 2 s\n"
                        "\n"
                        "                 requests   failed  good/s      p50      p90      p99     p99.9\n"
                        "  steady closed       605  0.826 %     300  2.31 ms  2.31 ms  2.31 ms*     none\n"
                        "  load   open         400        0     100  4.00 ms  4.00 ms  4.00 ms*  4.00 ms*\n"
                        "  plain  closed    20 000        0   4 000  1.00 ms  1.00 ms  1.00 ms   1.00 ms\n"
                        "\n"
                        "  steady   max 2.31 ms   mean 2.31 ms of good answers\n"
                        "  load     max 4.00 ms   mean 4.00 ms\n"
                        "  plain    max 1.00 ms   mean 1.00 ms\n"
                        "  failed      5  steady  timeout: no complete response within the timeout\n"
                        "  instances   m4  0 0\n"
                        "  warm-up     52 requests, left out above; 2 of them failed\n"
                        "  *           rests on fewer than 10 requests\n"
                        "  loadgen     took no visible part of plain p99\n"
                        "  next: loadgen analysis report results/a\n");
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
    has(&x, "\n  m4  cluster1     1 005");
    has(&x, "\n  web             20 000");
    has_not(&x, "idle");
    x.run.n_clusters = 1; /* one cluster alone: its streams */
    has(&x, "\n  steady");
    described_fini(&x);
}

static void failures_rank_above_every_success(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.run.n_clusters = 3;
    answers(&x, 5, "service.plain.web.p1.ok.all", 970, 2000);
    x.phases[5].all.n_outcomes[OUTCOME_TIMEOUT] = 30;
    x.streams[2].timeout_ns = NS_PER_S;
    has(&x, "2.00 ms");
    has(&x, " >1.00 s");
    has(&x, "3.00 %");
    x.phases[5].all.n_outcomes[OUTCOME_RESET] = 1;
    has(&x, "none");
    described_fini(&x);
}

static void what_was_cut_off_or_late_is_said(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    answers(&x, 3, "response.load.cluster1.p1.ok.all", 400, 4000);
    times(&x, "response.load.cluster1.p1.censored.all", 1, 4000000);
    x.phases[3].all.n_outcomes[OUTCOME_CENSORED] = 1;
    x.phases[3].all.n_late = 300;
    has(&x, "\n  cut off     1 request by the end of the run: neither good nor failed\n");
    has(&x, "\n  late        300 good answers came after the planned end and count in no rate\n");
    x.phases[3].all.n_late = 4;
    has_not(&x, "late  ");
    described_fini(&x);
}

static void without_an_answer_there_is_no_number(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.phases[5].all.n_outcomes[OUTCOME_CONNECT] = 7;
    has(&x, "plain  closed          7    100 %");
    has_not(&x, "nan");
    described_fini(&x);
}

static void errors_stand_by_class_with_the_most_frequent_cause(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.phases[1].all.n_outcomes[OUTCOME_CONNECT] = 12;
    x.phases[0].all.n_outcomes[OUTCOME_CONNECT] = 100; /* warm-up */
    x.phases[3].all.n_outcomes[OUTCOME_STATUS_5XX] = 1500;
    x.phases[3].all.n_outcomes[OUTCOME_RESET_IDLE] = 3;
    x.phases[5].all.n_outcomes[OUTCOME_EXPECT] = 12;
    x.causes[0] = (struct summary_cause){ 0, NULL, OUTCOME_CONNECT, 0, "connection timed out", 2 };
    x.causes[1] = (struct summary_cause){ 0, NULL, OUTCOME_CONNECT, 0, "connection refused", 10 };
    x.causes[2] = (struct summary_cause){ 1, NULL, OUTCOME_STATUS_5XX, 503, "status", 1500 };
    x.causes[3] = (struct summary_cause){ 2, NULL, OUTCOME_OK, 0, "bytes behind the response", 1 };
    x.summary.n_causes = 4;
    has(&x, "\n  failed      1 500  load    status_5xx: status 503\n"
            "                 12  steady  connect: connection refused, and others\n"
            "                 12  plain   expect: body or header not as expected\n"
            "  sent again  3 requests: their reused connection closed before an answer\n"
            "  noted       1 time in plain: bytes behind the response\n");
    x.causes[2].cause = "location";
    has(&x, "status_5xx: location, status 503\n");
    for (int o = OUTCOME_STATUS; o < N_OUTCOMES; o++)
        x.phases[5].all.n_outcomes[o] = 1;
    has(&x, "\n              and 5 more kinds: see errors.csv\n");
    described_fini(&x);
}

/* Two equal counts are no proof of round robin. */
static void instances_stand_with_how_even_they_are(void **state)
{
    static const struct {
        unsigned n[3];
        const char *want;
    } cases[] = {
        { { 1000, 1000, 1000 }, "  instances   m4  1000 1000 1000   as even as round robin makes it\n" },
        { { 100, 100, 0 }, "  instances   m4  100 100   no more uneven than chance makes it\n" },
        { { 100, 110, 0 }, "  instances   m4  100 110   no more uneven than chance makes it\n" },
        { { 100, 200, 0 }, "  instances   m4  100 200   more uneven than chance makes it\n" },
        { { 0, 0, 0 }, "  instances   m4  0 0\n" },
        { { 2, 1, 3 }, "  instances   m4  2 1 3\n" },
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
        has_not(&x, "\n              web  ");
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
    has(&x, "  instances   m4  no answer named one\n");
    for (size_t i = 0; i < N_OF(counts); i++) {
        char tag[64];
        if (i == 12)
            has(&x, "m4  10 12 9 11 10 8 10 15 10 10 7 10   no more uneven than chance\n");
        snprintf(tag, sizeof tag, "service.steady.cluster1.p1.ok.x-%c", (char)('a' + (int)i));
        times(&x, tag, counts[i], 1);
    }
    has(&x, "m4  13 instances, 6 to 15 each   no more uneven than chance makes\n");
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
    has(&x, "  instances   m4  4096 instances, 1 to 1 each   1 200 more answers are in none:\n"
            "              there are more ids than are kept\n");
    has_not(&x, "as even as");
    described_fini(&x);
}

static void a_burst_has_no_rate_and_the_line_says_why(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    answers(&x, 5, "service.plain.web.p1.ok.all", 970, 2000);
    has_not(&x, "burst");
    x.phases[5].kind = "burst";
    x.phases[5].end_ns = x.phases[5].start_ns;
    has(&x, "\n  good/s -    a burst is sent at once: it has no length, and so no rate\n");
    described_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_different_models_stand_apart_each_with_its_own_headline),
        cmocka_unit_test(clusters_of_one_model_merge_their_streams_and_count_shared_time_once),
        cmocka_unit_test(failures_rank_above_every_success),
        cmocka_unit_test(what_was_cut_off_or_late_is_said),
        cmocka_unit_test(without_an_answer_there_is_no_number),
        cmocka_unit_test(errors_stand_by_class_with_the_most_frequent_cause),
        cmocka_unit_test(instances_stand_with_how_even_they_are),
        cmocka_unit_test(many_instances_are_summed_up),
        cmocka_unit_test(a_burst_has_no_rate_and_the_line_says_why),
        cmocka_unit_test(of_more_ids_than_are_kept_no_evenness_is_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
