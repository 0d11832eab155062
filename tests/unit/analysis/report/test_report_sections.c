/* The facts in the sections of a run's report, worked out by hand from made_run.h. */
#include "made_report.h"

#include "arms.h"

#include <math.h>

static void each_instance_has_its_row(void **state)
{
    static const char *const wanted[] = {
        "The answers are more uneven than chance makes it: chi-square is 426 with 1 degrees of freedom. "
        "Chance makes them at least so uneven with p = ",
        "instance|requests|failed|even share|expected by chance|p50 of successes, ms|p99 of successes, ms|",
        "\ni-a|6 107|7|5 068|4951 to 5184|1.05|16.8|\n",
        "\ni-b|4 028|28|5 068|4951 to 5184|1.05|4.19|\n",
        "The answers are as even as round robin makes it: chi-square is 0.01 with 1 degrees of freedom. "
        "By chance the counts would be so even in fewer than one run in a thousand",
        "\nnot named by the answer|4|4|3 002|2900 to 3104|||\n",
        "holds all counts of a cluster at once",
        "No figure \"violin\": too many.",
    };
    (void)state;
    check_section(report_section_instances, wanted, N_OF(wanted));
}

static void a_hundred_instances_are_shown(void **state)
{
    struct instance_row rows[102];
    char names[102][8];
    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++) {
        snprintf(names[i], sizeof names[i], "i%zu", i);
        rows[i] = (struct instance_row){ .instance = names[i],
                                         .requests_n = 1,
                                         .expected_n = NAN,
                                         .band_lo_n = NAN,
                                         .band_hi_n = 3,
                                         .p50_us = NAN,
                                         .p99_us = NAN,
                                         .p_uneven = NAN };
    }
    for (size_t n = 100; n <= 102; n++) {
        const struct report many = {
            .data = &duo, .drawn = &drawn, .has_instances = true, .instances = { rows, n }
        };
        char *text = plain(section_of(report_section_instances, &many));
        assert_int_equal(made_lines(text, "i"), 100 + 1); /* and the head */
        assert_says(text, "\ni99|1|0|| |||\n");
        assert_says_not(text, "chi-square");
        if (n == 100)
            assert_says_not(text, "more instances");
        else
            assert_says(text, n == 101 ? "1 more instances are in" : "2 more instances are in");
        free(text);
    }
    const struct report none = {
        .data = &duo, .drawn = &drawn, .has_instances = false, .instances = { rows, 1 }
    };
    char *text = section_of(report_section_instances, &none);
    assert_says(text, "The answers name no instance");
    free(text);
}

static void the_setup_tells_load_phases_and_target(void **state)
{
    static const char *const wanted[] = {
        "Load: 1 stream of poisson arrivals, 1 000 per second;",
        "in one run of 19.4 s, begun 2026-11-21T22:10:04Z, with seed 42. The target was "
        "http://127.0.0.1:8080.",
        "\nload1|cluster1|warm (warm-up)|100 per second|0.00|1.00|\n",
        "\nload1|cluster1|rest|pause|5.00|13.0|\n",
        "\nusers1|cluster1|walk|40 requests|0.00|5.00|\n",
        "its machines are unknown",
    };
    (void)state;
    check_section(report_section_setup, wanted, N_OF(wanted));
    struct run_phase phases[] = { { .stream = "s",
                                    .cluster = "c",
                                    .phase = "p",
                                    .kind = "ramp",
                                    .rate_per_s = 100,
                                    .rate_end_per_s = 300,
                                    .start_s = NAN,
                                    .end_s = NAN },
                                  { .stream = "s",
                                    .cluster = "c",
                                    .phase = "q",
                                    .kind = "rate",
                                    .rate_per_s = 100,
                                    .rate_end_per_s = 100,
                                    .start_s = 1,
                                    .end_s = NAN } };
    struct dataset data = duo;
    data.run.phases = phases;
    data.run.n_phases = 2;
    const struct report of_ramp = { .data = &data, .drawn = &drawn };
    char *text = plain(section_of(report_section_setup, &of_ramp));
    assert_says(text, "\ns|c|p|ramp, 100 to 300 per second|never|never|\n");
    assert_says(text, "\ns|c|q|100 per second|1.00|never|\n");
    free(text);
}

static void a_deployment_is_noted_with_its_price(void **state)
{
    struct deployment_cluster clusters[] = {
        { .name = "c1",
          .count = 2,
          .instance_type = "m4.large",
          .zone = "z",
          .specification = "2 vCPU",
          .price_usd_per_hour = 0.1 },
        { .name = "c2", .count = 5, .price_usd_per_hour = NAN },
    };
    struct report of_aws = { .data = &duo,
                             .drawn = &drawn,
                             .has_deployment = true,
                             .no_diagram = "it is a test",
                             .deployment = { .provider = "aws",
                                             .topology = "m4",
                                             .region = "us-east-1",
                                             .app = "flask",
                                             .clusters = clusters,
                                             .n_clusters = 2,
                                             .price_usd_per_hour = 0.25,
                                             .prices_as_of = "2026" } };
    (void)state;
    char *text = plain(section_of(report_setup_deployment, &of_aws));
    assert_says(text, "\nc1|2|m4.large|z|2 vCPU|0.1|\n");
    assert_says(text, "\nc2|5|unknown|unknown|unknown|unknown|\n");
    assert_says(text, "Topology m4, region us-east-1; provider: aws, application: flask.");
    assert_says(text, "All together cost 0.25 USD per hour, prices of 2026.");
    assert_says(text, "No diagram: it is a test.");
    free(text);
    of_aws.deployment.price_usd_per_hour = 0;
    of_aws.deployment.emulated = true;
    text = section_of(report_setup_deployment, &of_aws);
    assert_says(text, "Every instance is emulated");
    assert_says(text, "this deployment costs nothing.");
    free(text);
    of_aws.deployment.price_usd_per_hour = NAN;
    *of_aws.no_diagram = '\0';
    text = section_of(report_setup_deployment, &of_aws);
    assert_says_not(text, "this deployment costs nothing.");
    assert_says(text, "figures/diagram.svg cannot be read");
    free(text);
}

/* A run whose only stream counted so over HTTP/2; `causes` are counts of enum again. */
static char *http2_of(uint64_t goaways, const uint64_t causes[static N_AGAIN])
{
    struct run_stream stream = { .name = "api" };
    struct run_total total = { .stream = "api", .has_again = true, .has_http2 = true };
    struct dataset data = { .run = { .streams = &stream, .n_streams = 1, .totals = &total, .n_totals = 1 } };
    total.http2 = (struct http2_counts){ .n_goaways = goaways, .n_open_most = 16 };
    memcpy(total.again.n, causes, sizeof total.again.n);
    return section_of(report_http2, &(struct report){ .data = &data });
}

static void what_was_sent_again_over_http2_is_told_with_its_reasons(void **state)
{
    static const struct {
        uint64_t causes[N_AGAIN];
        const char *wanted;
    } cases[] = {
        { { 28, 1 }, " 29 requests were sent again that the peer had not processed; the time of each" },
        { { 28, 1, 2, 3, 4, 0 },
          " 38 requests were sent again that the peer had not processed, or whose connection had ended; "
          "the" },
        { { 0, 0, 0, 1 }, " 1 request was sent again whose connection had ended; the time of each includes" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char *text = http2_of(2, cases[i].causes);
        assert_says(text, "at most 16 streams were open at once on a connection (allowed: unknown).");
        assert_says(text, " The peer ended 2 connections (GOAWAY).");
        assert_says(text, cases[i].wanted);
        free(text);
    }
    char *text = http2_of(0, (const uint64_t[N_AGAIN]){ 0 });
    assert_says_not(text, "sent again");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_instance_has_its_row),
        cmocka_unit_test(a_hundred_instances_are_shown),
        cmocka_unit_test(the_setup_tells_load_phases_and_target),
        cmocka_unit_test(a_deployment_is_noted_with_its_price),
        cmocka_unit_test(what_was_sent_again_over_http2_is_told_with_its_reasons),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
