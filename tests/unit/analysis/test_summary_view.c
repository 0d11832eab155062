/* The terminal view of a run, worked out by hand from made_run.h. */
#include "made_duo.h"
#include "made_text.h"

#include "summary_view.h"
#include "text_out.h"

static char *summary_of(const struct dataset *data)
{
    struct text_out text;
    struct err e;
    assert_true(text_out_begin(&text));
    assert_int_equal(summary_view(text.file, data, data->folder, &e), 0);
    char *result = text_out_end(&text);
    assert_non_null(result);
    return result;
}

/* Each run of blanks as one. */
static char *squeezed(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ' ' || to == text || to[-1] != ' ')
            *to++ = *from;
    *to = '\0';
    return text;
}

static char *summary_of_edited(const char *file, const char *from, const char *to)
{
    struct dataset data;
    made_open_edited(&data, file, from, to);
    char *text = squeezed(summary_of(&data));
    dataset_fini(&data);
    return text;
}

/* Three streams of two models: a row each, with its own headline. */
static void the_rows_are_those_that_the_run_printed(void **state)
{
    (void)state;
    char *text = squeezed(summary_of(&duo));
    assert_says(text, "duo http://127.0.0.1:8080 2 m4.large, 1 t2.large (emulated)\n"
                      " 3 streams, 130 connections, 1 thread, open and closed, 19.4 s\n"
                      "\n requests failed good/s p50");
    assert_says(text, " load1 open 11 028 0.254 % 1 058 1.05 ms? 2.10 ms? 4.19 ms? none\n");
    assert_says(text,
                " load2 open 6 004 0.067 % 526 4.19 ms? 8.39 ms? 16.8 ms? 16.8 ms*\n"); /* 6 lie beyond */
    assert_says(text, " users1 closed 40 0 8.00 8.39 ms? 8.39 ms* 8.39 ms* 8.39 ms*\n");
    assert_says(text, " warm-up 107 requests, left out above; 7 of them failed\n");
    assert_says(text, "\n next: loadgen analysis report ");
    assert_says(text, " threshold missed: cluster1.errors < 0.1%; it was 0.250 %\n");
    assert_says(text, "\n R2 load1: the generator's share of p99: 3.10 %; 1 more in checks.csv.\n "
                      "use more threads\n");
    free(text);
}

static void clusters_are_the_rows_of_one_model(void **state)
{
    (void)state;
    char *text = summary_of_edited("run.json", "\"headline\": \"service\"", "\"headline\": \"response\"");
    assert_says(text, " 3 streams, 130 connections, 1 thread, open and closed, 19.4 s\n");
    assert_says(text, " m4 cluster1 11 028 0.254 % 965 1.05 ms? 2.10 ms? 4.19 ms? none\n");
    assert_says(text, " t2 cluster2 6 004 0.067 % 526 4.19 ms?");
    free(text);
}

/* made_run.h has the sums of whole bins. */
static void the_mean_is_that_of_run_json(void **state)
{
    (void)state;
    char *text = squeezed(summary_of(&duo));
    assert_says(text, " users1 max 8.39 ms mean 8.39 ms\n");
    free(text);
}

static void bytes_and_statuses_are_those_of_run_json(void **state)
{
    (void)state;
    char *text = summary_of_edited(
        "run.json", "\"stream_totals\": [],",
        "\"stream_totals\": [{\"stream\": \"load2\", \"bytes_rx\": 114000000, \"bytes_tx\": 1, "
        "\"statuses\": {\"503\": 4, \"200\": 6000}}],");
    assert_says(text, " load2 max 16.8 ms mean 3.65 ms of good answers 10.0 MB/s 200: 6 000\n 503: 4\n");
    free(text);
}

static void the_slowest_is_exact_where_run_json_has_it(void **state)
{
    (void)state;
    char *text = summary_of_edited("run.json", "\"max_ns\": 16777215", "\"max_ns\": 16770000");
    assert_says(text, " load2 max 16.8 ms ");
    free(text);
    text =
        summary_of_edited("run.json", "warm.ok.all\", \"n\": 100, \"min_ns\": 16777215, \"max_ns\": 16777215",
                          "warm.ok.all\", \"n\": 100, \"min_ns\": 16777215, \"max_ns\": 99000000");
    assert_says(text, " load1 max 4.19 ms "); /* warm-up is left out */
    free(text);
    text = summary_of_edited("run.json", "\"max_ns\": ", "\"most_ns\": ");
    assert_says(text, " load1 max 4.19 ms "); /* the bin's end */
    free(text);
}

static void errors_are_those_of_errors_csv(void **state)
{
    struct dataset data;
    (void)state;
    const char *folder = made_run("failing");
    made_file(folder, "errors.csv",
              "t_s,stream,cluster,phase,class,cause,status,count_n\n"
              "0,load1,cluster1,warm,timeout,first,,7\n"
              "2,load1,cluster1,main,timeout,no answer,,3\n"
              "2,load1,cluster1,main,reset_idle,closed,,2\n"
              "3,load1,cluster1,main,status_5xx,status,502,8\n"
              "3,load2,cluster2,main,ok,bytes behind the response,,1\n"
              "4,load1,cluster1,main,status_5xx,status,503,12\n"
              "4,load1,cluster1,main,timeout,no answer,,5\n"
              "5,load2,cluster2,main,ok,bytes behind the response,,1\n"
              "5,other,cluster2,main,timeout,,,99\n"
              "5,load2,cluster2,main,no_class,,,99\n");
    made_open_dataset(&data, folder);
    char *text = squeezed(summary_of(&data));
    dataset_fini(&data);
    assert_says(text, "\n failed 20 load1 status_5xx: status 503, and others\n"
                      " 8 load1 timeout: no answer\n");
    assert_says(text, "\n sent again 2 requests: their reused");
    assert_says(text, "\n noted 2 times in load2: bytes behind the response\n");
    assert_says_not(text, " 99 ");
    free(text);
    text = squeezed(summary_of(&duo)); /* without the file */
    assert_says(text, "\n failed 20 load1 status_5xx: status 5xx made by the target\n");
    free(text);
}

static void instances_are_counted_in_the_log(void **state)
{
    (void)state;
    char *text = squeezed(summary_of(&duo));
    assert_says(text, " instances m4 6100 4000 more uneven than chance makes it\n t2 6000\n");
    free(text);
}

static void what_is_wrong_with_the_run_is_named(void **state)
{
    (void)state;
    char *text = summary_of_edited("run.json", "\"end\": \"done\"", "\"end\": \"interrupted\"");
    assert_says(text, " interrupted after 19.4 s; the results cover that time\n");
    free(text);
    text = summary_of_edited("run.json", "\"n\": 7,", "\"n\": 9,");
    assert_says(text, " files hist.hlog lacks 2 values that run.json counted\nduo ");
    assert_null(strstr(text, " instances ")); /* counted in that log */
    free(text);
    text = summary_of_edited("run.json", "\"emulated\": true", "\"emulated\": false");
    assert_says_not(text, "(emulated)");
    free(text);
    text = summary_of_edited(
        "run.json", "\"checks\": [",
        "\"request_log\": {\"rows_n\": 90, \"dropped_n\": 10, \"unwritten_n\": 0},\"checks\": [");
    assert_says(text,
                " log 10 of 100 requests are missing from requests.csv: the disk could\n not keep up\n");
    free(text);
}

/* run.json is older than the other files. */
static void a_run_that_did_not_end_counts_what_its_files_hold(void **state)
{
    struct dataset data;
    (void)state;
    const char *folder = made_run("killed");
    made_edit(folder, "run.json", "\"end\": \"done\"", "\"end\": \"running\"");
    made_edit(folder, "run.json", "\"done_n\": 4028, \"ok_n\": 4000", "\"done_n\": 28, \"ok_n\": 20");
    made_file(folder, "errors.csv",
              "t_s,stream,cluster,phase,class,cause,status,count_n\n0,load1,cluster1,warm,timeout,,,9\n"
              "2,load1,cluster1,main,timeout,,,10\n2,load1,cluster1,main,reset_idle,,,3\n"
              "2,load1,cluster1,main,status_5xx,,503,20\n14,load2,cluster2,last,status_5xx,,503,4\n");
    made_open_dataset(&data, folder);
    char *text = squeezed(summary_of(&data));
    dataset_fini(&data);
    assert_says(text, " load1 open 11 030 0.272 % "); /* 20 + 10 */
    assert_says(text, " running still, or killed; these are its results after 19.4 s\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_are_those_that_the_run_printed),
        cmocka_unit_test(clusters_are_the_rows_of_one_model),
        cmocka_unit_test(the_mean_is_that_of_run_json),
        cmocka_unit_test(bytes_and_statuses_are_those_of_run_json),
        cmocka_unit_test(the_slowest_is_exact_where_run_json_has_it),
        cmocka_unit_test(errors_are_those_of_errors_csv),
        cmocka_unit_test(instances_are_counted_in_the_log),
        cmocka_unit_test(what_is_wrong_with_the_run_is_named),
        cmocka_unit_test(a_run_that_did_not_end_counts_what_its_files_hold),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
