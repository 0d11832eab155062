/* A run's numbers for other tools, worked out by hand from made_run.h. */
#include "cm.h"

#include "close.h"
#include "made_duo.h"
#include "made_text.h"

#include "again.h"
#include "claims.h"
#include "export.h"
#include "text_out.h"

#include <jansson.h>
#include <math.h>

static char *csv_of(const struct dataset *data)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    export_csv(text.file, data);
    return text_out_end(&text);
}

static char *hgrm_of(const struct dataset *data, size_t arm)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    export_hgrm(text.file, data, arm);
    return text_out_end(&text);
}

static char *metrics_of(const struct dataset *data)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    export_openmetrics(text.file, data);
    return text_out_end(&text);
}

static json_t *json_of(const struct dataset *data)
{
    struct text_out text;
    struct err e;
    json_error_t where;
    assert_true(text_out_begin(&text));
    assert_int_equal(export_json(text.file, data, &e), 0);
    char *got = text_out_end(&text);
    json_t *root = json_loads(got, 0, &where);
    assert_non_null(root);
    free(got);
    return root;
}

/* A run without failures in which cluster1 answered `n` times, after k * 100 ns for k = 1, ... n, and
 * cluster2 never. */
static void few_answers(struct dataset *data, unsigned n, bool has_counts)
{
    static struct made_times times[16];
    for (unsigned i = 0; i < n; i++)
        times[i] = (struct made_times){ 1, 1, "response.load1.cluster1.main.ok.all", 100 * (i + 1), 1 };
    const char *folder = made_run_of("few", times, n);
    if (!has_counts)
        made_remove(folder, "intervals.csv");
    made_open_dataset(data, folder);
    data->attempts[0].n_failed = data->attempts[1].n_failed = 0;
}

static void csv_has_every_bin_that_holds_something(void **state)
{
    (void)state;
    char *text = csv_of(&duo);
    assert_string_equal(text, "cluster,class,lo_us,hi_us,count_n\n"
                              "cluster1,ok,1048.064,1048.575,9000\n"
                              "cluster1,ok,2096.128,2097.151,1900\n"
                              "cluster1,ok,4192.256,4194.303,100\n"
                              "cluster1,failed,,,28\n"
                              "cluster2,ok,2096.128,2097.151,3000\n"
                              "cluster2,ok,4192.256,4194.303,2400\n"
                              "cluster2,ok,8384.512,8388.607,540\n"
                              "cluster2,ok,16769.024,16777.215,60\n"
                              "cluster2,failed,,,4\n");
    free(text);
    struct dataset data;
    few_answers(&data, 2, true);
    text = csv_of(&data);
    assert_string_equal(
        text, "cluster,class,lo_us,hi_us,count_n\ncluster1,ok,0.100,0.100,1\ncluster1,ok,0.200,0.200,1\n");
    free(text);
    dataset_fini(&data);
}

/* Five ticks per halving of the rest, as HdrHistogram prints for the same four values. */
static void hgrm_is_what_hdrhistogram_prints(void **state)
{
    struct dataset data;
    (void)state;
    few_answers(&data, 4, true);
    char *text = hgrm_of(&data, 0);
    static const char *const lines[] = {
        "       Value     Percentile TotalCount 1/(1-Percentile)",
        "    0.000100 0.000000000000          1           1.00",
        "    0.000100 0.100000000000          1           1.11",
        "    0.000100 0.200000000000          1           1.25",
        "    0.000200 0.300000000000          2           1.43",
        "    0.000200 0.500000000000          2           2.00",
        "    0.000300 0.550000000000          3           2.22",
        "    0.000300 0.750000000000          3           4.00",
        "    0.000400 1.000000000000          4",
        "#[Mean    =     0.000250, StdDeviation   =     0.000112]",
        "#[Max     =     0.000400, Total count    =            4]",
        "#[Buckets =           32, SubBuckets     =         2048]",
    };
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, "    0.000100"), 3);
    assert_int_equal(made_lines(text, "    0.000200"), 3);
    assert_int_equal(made_lines(text, "    0.000300"), 5);
    assert_int_equal(made_lines(text, "    0.000400"), 1);
    free(text);
    text = hgrm_of(&data, 1);
    assert_line(text, "#[Mean    =     0.000000, StdDeviation   =     0.000000]");
    assert_line(text, "#[Max     =     0.000000, Total count    =            0]");
    assert_int_equal(made_lines(text, "    0."), 0);
    free(text);
    dataset_fini(&data);
}

static const json_t *percentile(const json_t *cluster, const char *name)
{
    return json_object_get(json_object_get(cluster, "percentiles"), name);
}

static void json_has_counts_rates_and_percentiles_by_name(void **state)
{
    (void)state;
    json_t *root = json_of(&duo);
    const json_t *a = json_array_get(json_object_get(root, "clusters"), 0);
    const json_t *p99 = percentile(a, "p99"), *last = percentile(a, "p99.999");
    assert_string_equal(json_string_value(json_object_get(root, "schema")), "loadgen-run/1");
    assert_int_equal(json_array_size(json_object_get(root, "clusters")), 2);
    assert_string_equal(json_string_value(json_object_get(a, "name")), "cluster1");
    assert_string_equal(json_string_value(json_object_get(a, "label")), "m4");
    assert_int_equal(json_integer_value(json_object_get(a, "ok_n")), 11000);
    assert_int_equal(json_integer_value(json_object_get(a, "failed_n")), 28);
    assert_int_equal(json_integer_value(json_object_get(a, "attempts_n")), 11028);
    assert_close(json_number_value(json_object_get(a, "failed_ratio")), 28.0 / 11028, 1e-12);
    assert_close(json_number_value(json_object_get(a, "good_per_s")), 11000 / 10.4, 1e-9);
    assert_string_equal(json_string_value(json_object_get(a, "metric")), "response");
    assert_int_equal(json_object_size(json_object_get(a, "percentiles")), 8);
    assert_close(json_number_value(json_object_get(p99, "value_us")), 4194.303, 1e-9);
    assert_int_equal(json_integer_value(json_object_get(p99, "beyond_n")), 110);
    assert_string_equal(json_string_value(json_object_get(p99, "state")), "exact");
    assert_true(json_is_null(json_object_get(last, "value_us")));
    assert_string_equal(json_string_value(json_object_get(last, "state")), "failed");
    assert_close(json_number_value(json_object_get(json_object_get(a, "ok_percentiles_us"), "p99.999")),
                 4194.303, 1e-9);
    assert_true(json_is_true(json_object_get(json_object_get(root, "deployment"), "emulated")));
    assert_close(json_number_value(json_object_get(root, "duration_s")), 19.4, 1e-9);
    json_decref(root);
}

static void json_has_null_for_what_is_unknown(void **state)
{
    struct dataset data;
    (void)state;
    few_answers(&data, 1, false);
    data.claims->rows[0].claims[CLAIM_RATE].rate_per_s = NAN;
    json_t *root = json_of(&data);
    const json_t *a = json_array_get(json_object_get(root, "clusters"), 0);
    const json_t *b = json_array_get(json_object_get(root, "clusters"), 1);
    assert_true(json_is_null(json_object_get(a, "good_per_s")));
    assert_int_equal(json_object_size(json_object_get(a, "percentiles")), 8);
    assert_true(json_is_null(json_object_get(b, "mean_us")));
    json_decref(root);
    dataset_fini(&data);
}

static void openmetrics_are_a_summary_and_counters(void **state)
{
#define RUN "{run=\"2026-11-21T22-10-04Z-duo\",cluster=\"cluster"
    static const char *const lines[] = {
        "# TYPE loadgen_time_seconds summary",
        "loadgen_time_seconds" RUN "1\",quantile=\"0.5\"} 0.001048575",
        "loadgen_time_seconds" RUN "2\",quantile=\"0.9\"} 0.008388607",
        "loadgen_time_seconds" RUN "1\",quantile=\"0.999\"} +Inf",
        "loadgen_time_seconds" RUN "2\",quantile=\"1\"} +Inf",
        "loadgen_time_seconds_count" RUN "1\"} 11028",
        "loadgen_requests_total" RUN "1\",result=\"ok\"} 11000",
        "loadgen_requests_total" RUN "1\",result=\"failed\"} 28",
        "loadgen_requests_total" RUN "2\",result=\"failed\"} 4",
    };
    struct dataset data;
    (void)state;
    char *text = metrics_of(&duo);
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, "loadgen_time_seconds{"), 16);
    assert_string_equal(text + strlen(text) - 6, "# EOF\n");
    free(text);
    few_answers(&data, 1, false);
    text = metrics_of(&data);
    assert_int_equal(made_lines(text, "loadgen_time_seconds{"), 8); /* none of cluster2 */
    assert_line(text, "loadgen_time_seconds_count" RUN "2\"} 0");
    free(text);
    dataset_fini(&data);
}

#define OF_LOAD1 "{run=\"2026-11-21T22-10-04Z-duo\",stream=\"load1\",cluster=\"cluster1\""

static const json_t *again_of(const json_t *root)
{
    return json_object_get(json_array_get(json_object_get(root, "streams"), 0), "sent_again");
}

/* Over any version of HTTP; nothing where the folder does not say, as those of older versions. */
static void what_was_sent_again_is_in_the_object_and_in_the_metrics(void **state)
{
    static const char *const lines[] = {
        "# TYPE loadgen_requests_sent_again counter",
        "loadgen_requests_sent_again_total" OF_LOAD1 ",cause=\"unprocessed\"} 29",
        "loadgen_requests_sent_again_total" OF_LOAD1 ",cause=\"closed\"} 2",
    };
    struct dataset data;
    (void)state;
    char *text = metrics_of(&duo);
    assert_null(strstr(text, "sent_again"));
    free(text);
    json_t *root = json_of(&duo);
    assert_true(json_is_null(again_of(root)));
    json_decref(root);
    made_open_edited(&data, "run.json", "\"stream_totals\": []",
                     "\"stream_totals\": [{\"stream\": \"load1\", \"sent_again\": {\"unprocessed\": 29, "
                     "\"refused\": 0, \"idle\": 0, \"timeout\": 0, \"broken\": 0, \"closed\": 2}}]");
    text = metrics_of(&data);
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, "loadgen_requests_sent_again"), N_AGAIN);
    free(text);
    root = json_of(&data);
    assert_int_equal(json_integer_value(json_object_get(again_of(root), "unprocessed")), 29);
    assert_int_equal(json_object_size(again_of(root)), N_AGAIN);
    json_decref(root);
    dataset_fini(&data);
}

static void openmetrics_have_the_counts_of_http2_streams(void **state)
{
    static const char *const lines[] = {
        "# TYPE loadgen_http2_events counter",
        "loadgen_http2_events_total" OF_LOAD1 ",event=\"goaway\"} 3",
        "loadgen_http2_events_total" OF_LOAD1 ",event=\"goaway_error\"} 1",
        "loadgen_http2_events_total" OF_LOAD1 ",event=\"unprocessed\"} 29",
        "loadgen_http2_events_total" OF_LOAD1 ",event=\"refused\"} 5",
        "loadgen_http2_events_total" OF_LOAD1 ",event=\"cancelled\"} 7",
        "loadgen_http2_events_total" OF_LOAD1 ",event=\"ended_by_count\"} 11",
        "loadgen_http2_resets_total" OF_LOAD1 ",code=\"INTERNAL_ERROR\"} 4",
        "loadgen_http2_held_up_seconds_total" OF_LOAD1 "} 1.5",
        "loadgen_http2_streams_asked" OF_LOAD1 "} 200",
        "loadgen_http2_streams_allowed" OF_LOAD1 "} +Inf",
        "loadgen_http2_streams_open_most" OF_LOAD1 "} 150",
        "loadgen_http2_requests_open_most" OF_LOAD1 "} 290",
    };
    struct dataset data;
    (void)state;
    char *text = metrics_of(&duo);
    assert_null(strstr(text, "http2"));
    free(text);
    made_open_edited(&data, "run.json", "\"stream_totals\": []",
                     "\"stream_totals\": [{\"stream\": \"load1\", \"http2\": {"
                     "\"streams_allowed_least_n\": 4294967295, \"streams_allowed_most_n\": 4294967295, "
                     "\"streams_open_most_n\": 150, \"in_use_most_n\": 290, \"goaways_n\": 3, "
                     "\"goaway_errors_n\": 1, \"unprocessed_n\": 29, \"refused_n\": 5, "
                     "\"resets\": {\"INTERNAL_ERROR\": 4}, \"cancels_n\": 7, \"ended_by_count_n\": 11, "
                     "\"held_up_s\": 1.5}}]");
    data.run.streams[0].streams_per_connection = 200;
    text = metrics_of(&data);
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, "loadgen_http2_"), (int)(sizeof lines / sizeof *lines) - 1);
    free(text);
    dataset_fini(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_has_every_bin_that_holds_something),
        cmocka_unit_test(hgrm_is_what_hdrhistogram_prints),
        cmocka_unit_test(json_has_counts_rates_and_percentiles_by_name),
        cmocka_unit_test(json_has_null_for_what_is_unknown),
        cmocka_unit_test(openmetrics_are_a_summary_and_counters),
        cmocka_unit_test(what_was_sent_again_is_in_the_object_and_in_the_metrics),
        cmocka_unit_test(openmetrics_have_the_counts_of_http2_streams),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
