/* A campaign's folder: its runs in pairs, what is missing or broken, and its report. */
#include "cm.h"

#include "close.h"
#include "made_run.h"
#include "made_text.h"

#include "comparison_read.h"
#include "figure_set.h"
#include "report.h"

static struct comparison c;
static struct err e;

static int teardown(void **state)
{
    (void)state;
    comparison_fini(&c);
    return 0;
}

#define PAIR(number, kind, order, a, b, arm_a, arm_b)                                                        \
    "{\"pair\": " number ", \"kind\": \"" kind "\", \"order\": \"" order "\", \"runs\": {\"a\": \"" a        \
    "\", \"b\": \"" b "\"}, \"arm_a\": \"" arm_a "\", \"arm_b\": \"" arm_b "\"}"
#define AB(number, order, a, b) PAIR(number, "ab", order, a, b, "cluster1", "cluster2")
#define CAMPAIGN(primary, margin, pairs)                                                                     \
    "{\"schema_version\": 1, \"primary\": \"" primary "\", \"margin\": " margin ", \"pairs\": [" pairs "]}"

/* Makes the scratch folder a campaign of these pairs. */
static int campaign(const char *json)
{
    comparison_fini(&c);
    made_file(scratch_folder, "campaign.json", json);
    return comparison_of_campaign(&c, scratch_folder, &e);
}

static void the_urls_of_its_arms_are_read_as_one_line_each(void **state)
{
    (void)state;
    made_run("r1");
    made_run("r2");
    campaign("{\"schema_version\": 1, \"primary\": \"p99\", \"margin\": 0.05, \"urls\": "
             "[\"http://h/\\u001b[31m\", 7], "
             "\"pairs\": [" AB("1", "AB", "r1", "r2") "]}");
    assert_string_equal(c.urls[0], "http://h/?[31m");
    assert_string_equal(c.urls[1], "");
    campaign(CAMPAIGN("p99", "0.05", AB("1", "AB", "r1", "r2")));
    assert_string_equal(c.urls[0], "");
}

static void pairs_and_controls_are_read_in_their_order(void **state)
{
    (void)state;
    made_run("r1");
    made_run("r2");
    assert_int_equal(
        campaign(CAMPAIGN("p90", "0.1",
                          AB("7", "BA", "r1", "r2") "," PAIR("9", "aa", "AA", "r1", "r2", "cluster1",
                                                             "cluster1") "," AB("8", "AB", "r2", "r1"))),
        0);
    assert_int_equal(c.n_pairs, 2);
    assert_int_equal(c.n_controls, 1);
    assert_int_equal(c.n_missing + c.n_broken, 0);
    assert_int_equal(c.primary, SAMPLE_P90);
    assert_close(c.margin, 0.1, 0);
    assert_int_equal(c.pairs[0].number, 7);
    assert_string_equal(c.pairs[0].order, "BA");
    assert_true(c.pairs[1].is_control);
    assert_false(c.pairs[2].is_control);
    assert_string_equal(c.pairs[0].a.label, "m4");
    assert_string_equal(c.pairs[0].b.label, "t2");
    assert_string_equal(c.pairs[1].b.label, "m4");
    assert_ptr_equal(comparison_first(&c), &c.pairs[0]);
    const struct decide_result *r = &c.results[SAMPLE_P99];
    assert_int_equal(r->n_pairs, 2);
    assert_close(r->ratio.value, 4, 1e-5);
    assert_int_equal(r->control.n, 1);
    assert_close(r->control.ratio.value, 1, 1e-9);
    assert_int_equal(r->order.n_b_first, 1);
    assert_int_equal(r->order.n_a_first, 1);
    assert_close(c.results[SAMPLE_P90].typical_a.value, (double)MADE_MS2, 1e-3);
}

static void what_nobody_declared_has_its_usual_value(void **state)
{
    static const struct {
        const char *json;
        enum sample_value primary;
        double margin;
    } cases[] = { { CAMPAIGN("p99.9", "null", ""), SAMPLE_P999, 0.05 },
                  { CAMPAIGN("p50", "0.2", ""), SAMPLE_P50, 0.2 },
                  { CAMPAIGN("p90", "0", ""), SAMPLE_P90, 0.05 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_int_equal(campaign(cases[i].json), 0);
        assert_int_equal(c.primary, cases[i].primary);
        assert_close(c.margin, cases[i].margin, 0);
        assert_int_equal(c.n_pairs, 0);
    }
}

static void pairs_that_are_not_whole_are_counted(void **state)
{
    (void)state;
    made_run("r1");
    made_run("r2");
    made_edit(made_run("early"), "run.json", "\"end\": \"done\"", "\"end\": \"interrupted\"");
    made_edit(made_run("broken"), "run.json", "\"run_id\"", "\"id\"");
    made_edit(made_run("worse"), "run.json", "\"seed\": 42", "\"seed\": true");
    assert_int_equal(
        campaign(CAMPAIGN(
            "p99", "0.05",
            AB("1", "AB", "r1", "early") "," AB("2", "AB", "early", "r2") "," AB(
                "3", "AB", "r1", "later") "," AB("4", "AB", "broken",
                                                 "r1") "," AB("5", "AB", "r1", "worse") "," AB("6", "BA",
                                                                                               "r1", "r2"))),
        0);
    assert_int_equal(c.n_pairs, 1);
    assert_int_equal(c.n_missing, 3);
    assert_int_equal(c.n_broken, 2);
    assert_says(c.why_broken, "'run_id'"); /* the first of them */
    assert_int_equal(comparison_first(&c)->number, 6);
}

static void a_broken_campaign_is_refused(void **state)
{
    static const char *const broken[][2] = {
        { "{\"schema_version\": 2, \"primary\": \"p99\", \"margin\": 0.05, \"pairs\": []}",
          "schema version" },
        { "{\"primary\": \"p99\", \"margin\": 0.05, \"pairs\": []}", "'schema_version'" },
        { "{\"schema_version\": 1, \"margin\": 0.05, \"pairs\": []}", "'primary'" },
        { "{\"schema_version\": 1, \"primary\": \"p99\"}", "'pairs'" },
        { "{", "campaign.json:1:" },
        { CAMPAIGN("rate", "0.2", ""), "'primary' must be p50, p90, p99 or p99.9, not 'rate'" },
        { CAMPAIGN("p42", "0.2", ""), "not 'p42'" },
        { CAMPAIGN("p99", "0.05", "{\"pair\": 1}"), "" },
        { CAMPAIGN("p99", "0.05", AB("true", "AB", "r1", "r2")), "'pairs[0].pair'" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(broken); i++) {
        assert_int_equal(campaign(broken[i][0]), -1);
        assert_says(e.text, broken[i][1]);
    }
}

static void runs_are_paired_in_their_order(void **state)
{
    const char *r1 = made_run("r1"), *r2 = made_run("r2");
    const char *const a[] = { r1, r2 }, *const b[] = { r2, r1 };
    (void)state;
    made_edit(r2, "run.json", "22-10-04Z-duo", "22-10-09Z-second");
    made_edit(r2, "run.json", "1795299004000000000", "1795299004400000000");
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, a, b, 2, "cluster1", "cluster2", &e), 0);
    assert_int_equal(c.n_pairs, 2);
    assert_int_equal(c.pairs[1].number, 2);
    assert_string_equal(c.pairs[0].order, "AB"); /* by when they began */
    assert_string_equal(c.pairs[1].order, "BA");
    assert_string_equal(c.pairs[1].b.label, "t2");
    assert_false(c.within_run);
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, a, b, 2, NULL, NULL, &e), -1);
    assert_says(e.text, "has 2 clusters; say with --clusters A,B which to compare");
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, a, b, 2, "cluster1", "cluster9", &e), -1);
    assert_says(e.text, "sent nothing to cluster 'cluster9'");
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, a, b, 2, "cluster8", "cluster1", &e), -1);
    assert_says(e.text, "sent nothing to cluster 'cluster8'");
}

static void a_run_of_one_cluster_needs_no_name(void **state)
{
    static const struct made_times times[] = { { 1, 3, "response.load1.cluster1.main.ok.all", MADE_MS1,
                                                 30 } };
    (void)state;
    const char *one = made_run_of("one", times, 1);
    made_edit(one, "run.json", "\"load2\", \"cluster\": \"cluster2\"",
              "\"load2\", \"cluster\": \"cluster1\"");
    made_edit(one, "intervals.csv", "load2,cluster2", "load2,cluster1");
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, &one, &one, 1, NULL, NULL, &e), 0);
    assert_string_equal(c.pairs[0].b.label, "m4");
    struct dataset data;
    made_open_dataset(&data, one);
    comparison_fini(&c);
    assert_int_equal(comparison_of_run(&c, &data, &e), -1);
    assert_says(e.text, "one cluster only");
    dataset_fini(&data);
    /* and one with times of users cannot be compared with it */
    const char *closed = made_run_of("closed", times, 0);
    made_edit(closed, "run.json", "\"model\": \"open\"", "\"model\": \"closed\"");
    made_edit(closed, "run.json", "\"headline\": \"response\"", "\"headline\": \"service\"");
    made_edit(closed, "run.json", "\"load2\", \"cluster\": \"cluster2\"",
              "\"load2\", \"cluster\": \"cluster1\"");
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, &one, &closed, 1, NULL, NULL, &e), -1);
    assert_says(e.text, "measured response times and");
}

/* Percentiles and rate are one family without the number declared in advance; the other results are no
 * members. */
static void the_numbers_of_a_cluster_are_one_family(void **state)
{
    static const struct made_times fast[] = {
        { 1, 3, "response.load1.cluster1.main.ok.all", MADE_MS2, 4000 },
        { 1, 3, "response_less_g.load1.cluster1.main.ok.all", MADE_MS1, 4000 },
    };
    char r1[200], r2[200];
    (void)state;
    snprintf(r1, sizeof r1, "%s", made_run("r1"));
    snprintf(r2, sizeof r2, "%s", made_run_of("r2", fast, N_OF(fast)));
    const char *const a[] = { r1, r2, r1, r2, r1, r2 }, *const b[] = { r1, r1, r1, r1, r1, r1 };
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, a, b, N_OF(a), "cluster1", "cluster2", &e), 0);
    const struct decide_result *r = c.results;
    assert_close(r[SAMPLE_P99].p_holm, r[SAMPLE_P99].p, 0);
    assert_true(r[SAMPLE_RATE].p > 0 && r[SAMPLE_RATE].p_holm > r[SAMPLE_RATE].p);
    assert_true(isnan(r[SAMPLE_LESS_P50].p) && isnan(r[SAMPLE_LESS_P50].p_holm));
    assert_int_equal(r[SAMPLE_LESS_P50].outcome, DECIDE_DESCRIPTION);
}

/* Looking repeatedly at the width of the interval takes wider quantiles. */
static void a_campaign_that_its_width_ended_has_other_quantiles(void **state)
{
    (void)state;
    assert_int_equal(
        campaign("{\"schema_version\": 1, \"primary\": \"p99\", \"margin\": 0.05, \"stopping\": {\"rule\": "
                 "\"until_width\", \"width\": 0.1, \"looks_n\": 3, \"quantile\": 0.97}, \"pairs\": []}"),
        0);
    assert_int_equal(c.n_looks, 3);
    assert_close(c.width, .1, 0);
    assert_close(c.confidence, .97, 0);
    assert_int_equal(
        campaign("{\"schema_version\": 1, \"primary\": \"p99\", \"margin\": 0.05, \"stopping\": {\"rule\": "
                 "\"fixed\"}, \"pairs\": []}"),
        0);
    assert_int_equal(c.n_looks, 0);
    assert_close(c.confidence, .95, 0);
}

/* Two folders whose clusters have one name. */
static void check_names(const char *const *a, const char *const *b, size_t n, const char *name_a,
                        const char *name_b)
{
    static struct comparison_pair pair;
    pair = (struct comparison_pair){ .number = 1 };
    snprintf(pair.a.label, sizeof pair.a.label, "target");
    snprintf(pair.b.label, sizeof pair.b.label, "target");
    struct comparison named = { .pairs = &pair, .n_pairs = 1 };
    comparison_name_runs(&named, a, b, n);
    assert_string_equal(pair.a.label, name_a);
    assert_string_equal(pair.b.label, name_b);
    assert_string_equal(pair.b.series, name_b);
}

/* Each is the only arm of its run, where it has the first style. */
static void arms_of_different_runs_do_not_look_the_same(void **state)
{
    struct comparison_pair pairs[] = {
        { .number = 1, .a = { .label = "http1", .style = 1 }, .b = { .label = "http2", .style = 1 } },
        { .number = 2,
          .a = { .label = "http1", .style = 1 },
          .b = { .label = "http1", .style = 1 },
          .is_control = true },
    };
    struct comparison named = { .pairs = pairs, .n_pairs = 1, .n_controls = 1 };
    (void)state;
    comparison_name_clusters(&named);
    assert_int_equal(pairs[0].a.style, 1);
    assert_int_equal(pairs[0].b.style, 2);
    assert_int_equal(pairs[1].b.style, 1);
}

static void runs_of_one_target_are_named_by_their_folders(void **state)
{
    (void)state;
    check_names((const char *[]){ "results/base/" }, (const char *[]){ "new" }, 1, "base", "new");
    check_names((const char *[]){ "w-1", "w-2" }, (const char *[]){ "x/test-01", "x/test-02" }, 2, "w",
                "test");
    check_names((const char *[]){ "one", "two" }, (const char *[]){ "new1", "new2" }, 2, "one", "new");
    check_names((const char *[]){ "x/run" }, (const char *[]){ "y/run" }, 1, "x/run", "y/run");
    check_names((const char *[]){ "v1" }, (const char *[]){ "v2" }, 1, "v1", "v2");
}

static void more_pairs_than_fit_at_first_are_kept(void **state)
{
    const char *const folder = made_run("r1");
    const char *runs[17];
    (void)state;
    for (size_t i = 0; i < N_OF(runs); i++)
        runs[i] = folder;
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, runs, runs, N_OF(runs), "cluster1", "cluster2", &e), 0);
    assert_int_equal(c.n_pairs, 17);
    for (size_t i = 0; i < N_OF(runs); i++)
        assert_int_equal(c.pairs[i].number, i + 1);
}

/* --- its report --- */

static void the_report_lists_the_runs_as_they_ran(void **state)
{
    (void)state;
    made_run("2026-11-21T22-10-04Z-duo"); /* a run's folder has its id as its name */
    made_edit(made_run("r2"), "run.json", "22-10-04Z-duo", "22-10-09Z-second");
    assert_int_equal(campaign(CAMPAIGN("p99", "0.05",
                                       AB("1", "AB", "2026-11-21T22-10-04Z-duo", "r2") "," AB(
                                           "2", "BA", "2026-11-21T22-10-04Z-duo",
                                           "r2") "," PAIR("3", "aa", "AA", "2026-11-21T22-10-04Z-duo", "r2",
                                                          "cluster1", "cluster1"))),
                     0);
    struct report_drawn drawn = { 0 };
    size_t n = 0;
    FILE *say = open_memstream(&drawn.left_out, &n);
    assert_int_equal(figure_set_write(scratch_folder, say, &e), 0);
    fclose(say);
    assert_int_equal(report_write_campaign(scratch_folder, &drawn, &e), 0);
    free(drawn.left_out);
    char *text = scratch_read(scratch_path("report.html"), NULL);
#define ROW(pair, order, run, cluster, rest)                                                                 \
    "<tr><td>" pair "</td><td>" order "</td><td>" run "</td><td>" cluster "</td>" rest
#define FIRST "<a href=\"2026-11-21T22-10-04Z-duo/run.json\">2026-11-21T22-10-04Z-duo</a>"
#define M4                                                                                                   \
    "<td>2026-11-21T22:10:04Z</td><td class=\"n\">11 028</td><td class=\"n\">0.254 %</td><td "               \
    "class=\"n\">1.05 ms?</td><td class=\"n\">4.19 "                                                         \
    "ms?</td><td class=\"n\">1 058</td>"
#define T2                                                                                                   \
    "<td>2026-11-21T22:10:04Z</td><td class=\"n\">6 004</td><td class=\"n\">0.0666 %</td><td "               \
    "class=\"n\">4.19 ms?</td><td class=\"n\">16.8 "                                                         \
    "ms?</td><td class=\"n\">526</td>"
    assert_says(text, ROW("1", "AB", FIRST, "m4", M4));
    assert_says(text, ROW("1", "AB", "2026-11-21T22-10-09Z-second", "t2", T2));
    assert_says(text, ROW("2", "BA", "2026-11-21T22-10-09Z-second", "t2", T2));
    assert_says(text, ROW("control 3", "AA", FIRST, "m4", M4));
    assert_says(text, "<dt>caveats</dt><dd>");
    assert_says(text, "Each pair is one run of m4 and one of t2 with the same schedule, one after the other");
    assert_says(text, "2 pairs and 1 control pair");
    assert_says(text, "First of the runs: 2026-11-21T22-10-04Z-duo, begun 2026-11-21T22:10:04Z");
    assert_says(text, "<td class=\"prose\">p99, without the generator&#39;s share</td>");
    free(text);
    text = scratch_read(scratch_path("report.tex"), NULL);
    assert_line(text, "    1 & AB & m4 & 0.254 \\% & 1.05 ms? & 4.19 ms? & 1 058 \\\\");
    assert_line(text, "    control 3 & AA & m4 & 0.254 \\% & 1.05 ms? & 4.19 ms? & 1 058 \\\\");
    assert_says(text, "    p50 & 1.05 ms & 4.19 ms & 4.00 & -- & ");
    assert_says(text, "    good/s & 1 058 & 526 & ");
    assert_says(text, "\\begin{itemize}\n  \\item caveats: ");
    assert_says(text, "Times are response times, from when a request was due");
    assert_says(text, "Measured by loadgen 0.1.0.");
    assert_says(text, "The runs, over all attempts.");
    free(text);
    text = scratch_read(scratch_path("report.txt"), NULL);
    assert_says(text, "same cluster twice 1.00, 1 control pair");
    free(text);
}

static void a_campaign_without_runs_has_a_report(void **state)
{
    const struct report_drawn drawn = { 0 };
    (void)state;
    assert_int_equal(campaign(CAMPAIGN("p99", "0.05", "")), 0);
    assert_int_equal(report_write_campaign(scratch_folder, &drawn, &e), 0);
    char *text = scratch_read(scratch_path("report.txt"), NULL);
    assert_string_equal(text, "No pair of runs is complete yet.\n");
    free(text);
    made_file(scratch_folder, "campaign.json", "{");
    assert_int_equal(report_write_campaign(scratch_folder, &drawn, &e), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_urls_of_its_arms_are_read_as_one_line_each, teardown),
        cmocka_unit_test_teardown(pairs_and_controls_are_read_in_their_order, teardown),
        cmocka_unit_test_teardown(what_nobody_declared_has_its_usual_value, teardown),
        cmocka_unit_test_teardown(pairs_that_are_not_whole_are_counted, teardown),
        cmocka_unit_test_teardown(a_broken_campaign_is_refused, teardown),
        cmocka_unit_test_teardown(runs_are_paired_in_their_order, teardown),
        cmocka_unit_test_teardown(a_run_of_one_cluster_needs_no_name, teardown),
        cmocka_unit_test_teardown(the_numbers_of_a_cluster_are_one_family, teardown),
        cmocka_unit_test_teardown(a_campaign_that_its_width_ended_has_other_quantiles, teardown),
        cmocka_unit_test(runs_of_one_target_are_named_by_their_folders),
        cmocka_unit_test(arms_of_different_runs_do_not_look_the_same),
        cmocka_unit_test_teardown(more_pairs_than_fit_at_first_are_kept, teardown),
        cmocka_unit_test_teardown(the_report_lists_the_runs_as_they_ran, teardown),
        cmocka_unit_test_teardown(a_campaign_without_runs_has_a_report, teardown),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
