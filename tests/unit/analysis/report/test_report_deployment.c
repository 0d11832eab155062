/* Deployment files become setup tables and diagrams; broken ones give messages. */
#include "cm.h"

#include "diagram.h"
#include "err.h"
#include "report_compare.h"
#include "run_deployment.h"
#include "scratch.h"

#include <math.h>

static const char deployment[] =
    "{ \"provider\": \"local\", \"emulated\": true, \"topology\": \"m4x1-t2x2\", \"url\": \"http://x\", "
    "\"price_usd_per_hour\": 0.0,"
    "\"load_balancer\": { \"kind\": \"haproxy\", \"algorithm\": \"round_robin\", "
    "\"listener\": { \"protocol\": \"HTTP\", \"port\": 8080, "
    "\"default\": [ { \"cluster\": \"a\", \"weight\": 1 }, { \"cluster\": \"b\", \"weight\": 3 } ], "
    "\"rules\": [ { \"priority\": 7, \"paths\": [ \"/a&<b>\", \"/a/*\" ], \"cluster\": \"b\" } ] }, "
    "\"health_check\": { \"path\": \"/\", \"expect_status\": 204 } },"
    "\"clusters\": [ { \"name\": \"a\", \"path\": \"/a\", \"count\": 1, \"instance_type\": \"m4.large\" }, "
    "{ \"name\": \"b\", \"path\": \"/b\", \"count\": 2, \"zone\": null } ],"
    "\"instances\": [ { \"id\": \"i-1\", \"cluster\": \"a\" }, { \"id\": \"i-2\", \"cluster\": \"b\" }, "
    "{ \"id\": \"i-3\", \"cluster\": \"b\" } ] }";

static struct deployment read_text(const char *text, int expected, struct err *e)
{
    struct deployment d;
    scratch_write("deployment.json", text, strlen(text));
    assert_int_equal(run_deployment_read(&d, scratch_folder, e), expected);
    return d;
}

static void a_deployment_is_read_and_what_is_missing_is_unknown(void **state)
{
    (void)state;
    struct err e;
    struct deployment d = read_text(deployment, 1, &e);
    assert_true(d.emulated);
    assert_int_equal(d.n_clusters, 2);
    assert_string_equal(d.clusters[0].instance_type, "m4.large");
    assert_null(d.clusters[1].zone);
    assert_true(isnan(d.clusters[1].price_usd_per_hour));
    assert_int_equal(d.n_instances, 3);
    assert_int_equal(d.n_shares, 2);
    assert_int_equal(d.shares[1].weight, 3);
    assert_int_equal(d.rules[0].priority, 7);
    assert_int_equal(d.health_status, 204);
    run_deployment_fini(&d);
}

static void no_deployment_file_is_no_error(void **state)
{
    (void)state;
    struct err e;
    struct deployment d;
    assert_int_equal(run_deployment_read(&d, scratch_path("nowhere"), &e), 0);
    run_deployment_fini(&d);
}

static void a_broken_deployment_is_a_sentence_that_names_the_key(void **state)
{
    (void)state;
    struct err e;
    struct deployment d = read_text("{ \"emulated\": true, \"provider\": 5 }", -1, &e);
    assert_non_null(strstr(e.text, "deployment.json"));
    assert_non_null(strstr(e.text, "provider"));
    run_deployment_fini(&d);
}

static char *diagram_of(const struct deployment *d)
{
    char *text;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    diagram_write(out, d);
    fclose(out);
    return text;
}

static void the_diagram_has_listener_rules_groups_and_instances(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "listener HTTP:8080",
        "HAProxy",
        "rule 7",
        "/a&amp;&lt;b&gt;",
        "rule0 -> group1",
        "default0 -> group0 [label=\"weight 1\"]",
        "default0 -> group1 [label=\"weight 3\"]",
        "1 x m4.large",
        "healthy: / gives 204",
        "i-1",
        "i-3",
        "group1 -> instances1",
    };
    struct err e;
    struct deployment d = read_text(deployment, 1, &e);
    char *text = diagram_of(&d);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(text, wanted[i]))
            fail_msg("the diagram lacks '%s':\n%s", wanted[i], text);
    free(text);
    run_deployment_fini(&d);
}

static void a_diagram_of_many_instances_shows_a_few_and_counts_the_rest(void **state)
{
    (void)state;
    struct deployment_cluster cluster = { .name = "a", .path = "/a", .count = 10000 };
    struct deployment d = { .clusters = &cluster, .n_clusters = 1, .n_instances = 10000 };
    d.instances = calloc(d.n_instances, sizeof *d.instances);
    assert_non_null(d.instances);
    for (size_t i = 0; i < d.n_instances; i++)
        d.instances[i] = (struct deployment_instance){ "i-x", "a" };
    char *text = diagram_of(&d);
    assert_non_null(strstr(text, "and 9 988 more"));
    assert_true(strlen(text) < 5000);
    free(text);
    free(d.instances);
}

static void a_comparison_is_read_and_empty_cells_are_unknown(void **state)
{
    (void)state;
    static const char text[] = "metric,p_ppm,n_pairs,ratio,lo,hi,diff_us,decision\n"
                               "p99,990000,8,1.15,1.13,1.17,740.5,slower\n"
                               "errors,,8,,,,,undecided\n";
    struct report_compare compare;
    struct err e;
    scratch_write("compare.csv", text, strlen(text));
    assert_int_equal(report_compare_read(&compare, scratch_folder, &e), 0);
    assert_int_equal(compare.n, 2);
    assert_int_equal(compare.rows[0].p_ppm, 990000);
    assert_float_equal(compare.rows[0].hi, 1.17, 1e-12);
    assert_string_equal(compare.rows[0].decision, "slower");
    assert_true(isnan(compare.rows[0].p_value));
    assert_string_equal(compare.rows[1].metric, "errors");
    assert_true(isnan(compare.rows[1].ratio));
    report_compare_fini(&compare);
}

static void a_row_of_a_comparison_is_noted_in_words(void **state)
{
    (void)state;
    static struct {
        char metric[32], decision[16], reason[16], state[16];
        uint64_t p_ppm, n_pairs, pairs_more_n;
        const char *what, *said;
    } cases[] = {
        { "service", "higher", "", "", 990000, 8, 0, "p99", "slower" },
        { "service_less_g", "description", "", "", 999000, 8, 0, "p99.9, without the generator's share", "" },
        { "rate", "higher", "", "", 0, 8, 0, "good/s", "higher" },
        { "response", "undecided", "interval", "", 500000, 8, 9, "p50",
          "undecided: interval (about 9 more pairs)" },
        { "response", "undecided", "failures", "", 500000, 8, 0, "p50", "undecided: failures" },
        { "service", "description", "", "", 999000, 0, 0, "p99.9", "too few requests" },
        { "service", "description", "", "failed", 999000, 0, 0, "p99.9", "neither has one" },
        { "rate", "description", "", "", 0, 0, 0, "good/s", "no good answers" },
    };
    char text[100];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct report_compare_row row = { .metric = cases[i].metric,
                                                .decision = cases[i].decision,
                                                .reason = cases[i].reason,
                                                .a_state = cases[i].state,
                                                .b_state = cases[i].state,
                                                .p_ppm = cases[i].p_ppm,
                                                .n_pairs = cases[i].n_pairs,
                                                .pairs_more_n = cases[i].pairs_more_n };
        assert_string_equal(report_compare_words(&row, text, sizeof text), cases[i].what);
        assert_string_equal(report_compare_decision(&row, text, sizeof text), cases[i].said);
    }
}

/* A cluster whose runs failed too often has a bound or nothing, and so has the ratio. */
static void numbers_of_a_comparison_may_be_bounds(void **state)
{
    (void)state;
    static const char text[] = "metric,p_ppm,n_pairs,ratio,lo,hi,beyond,a,a_state,a_least,b,b_state,b_least\n"
                               "service,990000,8,,,,7.7,130000,exact,,,failed,1000000\n"
                               "service,999000,8,,,,,,failed,,,at_least,41000\n"
                               "service,500000,1,1.5,.9,,,1000,exact,,1500,exact,\n"
                               "rate,,8,.87,.86,.88,,425,exact,,368,exact,\n"
                               "service,900000,0,,,,,,,,,,\n";
    static const char *const wanted[][4] = { { "130 ms", "> 1.00 s", "> 7.70", "" },
                                             { "none", ">= 41.0 ms", "", "" },
                                             { "1.00 ms", "1.50 ms", "1.50", "0.900 or more" },
                                             { "425", "368", "0.870", "0.860 to 0.880" },
                                             { "", "", "", "" } };
    struct report_compare compare;
    struct err e;
    char number[100];
    scratch_write("compare.csv", text, strlen(text));
    assert_int_equal(report_compare_read(&compare, scratch_folder, &e), 0);
    assert_int_equal(compare.n, N_OF(wanted));
    for (size_t i = 0; i < N_OF(wanted); i++) {
        const struct report_compare_row *row = &compare.rows[i];
        assert_string_equal(report_compare_typical(row, false, number), wanted[i][0]);
        assert_string_equal(report_compare_typical(row, true, number), wanted[i][1]);
        assert_string_equal(report_compare_ratio(row, number, sizeof number), wanted[i][2]);
        assert_string_equal(report_compare_interval(row, number, sizeof number), wanted[i][3]);
    }
    report_compare_fini(&compare);
}

static void a_comparison_with_other_columns_is_a_sentence(void **state)
{
    (void)state;
    static const char text[] = "metric,p_ppm\np99,990000\n";
    struct report_compare compare;
    struct err e;
    scratch_write("compare.csv", text, strlen(text));
    assert_int_equal(report_compare_read(&compare, scratch_folder, &e), -1);
    assert_non_null(strstr(e.text, "ratio"));
    report_compare_fini(&compare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deployment_is_read_and_what_is_missing_is_unknown),
        cmocka_unit_test(no_deployment_file_is_no_error),
        cmocka_unit_test(a_broken_deployment_is_a_sentence_that_names_the_key),
        cmocka_unit_test(the_diagram_has_listener_rules_groups_and_instances),
        cmocka_unit_test(a_diagram_of_many_instances_shows_a_few_and_counts_the_rest),
        cmocka_unit_test(a_comparison_is_read_and_empty_cells_are_unknown),
        cmocka_unit_test(a_row_of_a_comparison_is_noted_in_words),
        cmocka_unit_test(numbers_of_a_comparison_may_be_bounds),
        cmocka_unit_test(a_comparison_with_other_columns_is_a_sentence),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
