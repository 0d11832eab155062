/* The folders of two generators are merged; the results were worked out by hand. */
#include "two_generators.h"

static void seconds_are_added_where_they_belong(void **state)
{
    static const char *const lines[] = {
        /* the first alone, in another phase than the second, both, the second alone */
        "0,1.000000,load1,cluster1,warm,1,1,120,107,107,100,7,7,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,16777."
        "215,16777.215,,,,,,,,,",
        "1,1.000000,load1,cluster1,main,0,1,1120,1107,1107,1100,7,7,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1048."
        "575,4194.303,"
        "16777.215,,,524.287,524.287,,,,",
        "3,1.000000,load1,cluster1,main,0,0,2000,2028,2028,2000,28,8,0,0,0,0,20,0,0,0,0,0,0,2,0,0,0,0,0,0,"
        "1048.575,2097.151,"
        ",,,524.287,524.287,,,,",
        "20,0.400000,load2,cluster2,last,0,1,500,504,504,500,4,0,0,0,0,0,4,0,0,0,0,0,0,0,0,0,0,0,0,0,4194."
        "303,8388.607,"
        "16777.215,,,,,,,,",
    };
    struct merge_outcome outcome;
    struct dataset data;
    (void)state;
    two_generators("1795299004700000000");
    assert_int_equal(merge(&outcome), 0);
    assert_int_equal(outcome.lost_n, 0);
    char *text = merged_file("percentiles.csv"); /* derived, as for any run */
    assert_true(made_lines(text, "cluster1,load1,,main,ok,response,990000,") == 1);
    free(text);
    text = merged_file("intervals.csv");
    assert_lines(text, lines);
    assert_int_equal(made_lines(text, ""), 1 + 21 * 3);
    free(text);
    made_open_dataset(&data, out);
    assert_int_equal(dataset_latency_n(&data), 2 * 17000);
    assert_int_equal(dataset_step(&data, 1, 5)->n, 500);
    assert_int_equal(dataset_step(&data, 0, 3)->n, 2000);
    assert_int_equal(data.counts.measured[0].ok_n,
                     2 * 11040 + 100); /* its warm-up overlapped the other's phase */
    dataset_fini(&data);
}

static void rows_are_put_in_order_of_time_and_numbered_apart(void **state)
{
    static const struct {
        const char *file, *text;
    } cases[] = {
        { "errors.csv", "t_s,stream,count_n\n2,load1,5\n3,load1,20\n3,load1,7\n" },
        { "dns.csv", "t_s,name,address\n0.000000,a,1\n0.700000,c,2\n1.000000,b,3\n" },
        { "remotes.csv", REMOTES "cluster1,a,1,1\ncluster1,b,1,1\n" },
        { "requests.csv", REQUESTS "11,700000010,700000020,700000030,700000100,3,ok\n"
                                   "10,10,20,30,1600000000,2,ok\n"
                                   "12,10,20,,,2,dropped\n"
                                   "15,700000010,700000020,700000030,1600000001,5,ok\n" },
        { "cloudwatch.csv", "of the second\n" },
    };
    struct merge_outcome outcome;
    (void)state;
    two_generators("1795299004700000000");
    assert_int_equal(merge(&outcome), 0);
    for (size_t i = 0; i < N_OF(cases); i++) {
        char *text = merged_file(cases[i].file);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
    char *text = merged_file("health.csv");
    assert_int_equal(made_lines(text, "0,0,0.1,"), 1);
    assert_int_equal(made_lines(text, "1,2,0.1,"),
                     1); /* threads of the second count on from the first's two */
    assert_int_equal(made_lines(text, "1,3,0.01,"), 1);
    assert_int_equal(made_lines(text, "20,2,0.05,"), 1);
    assert_int_equal(made_lines(text, ""), 11);
    free(text);
}

/* Files that only some generators have are kept. */
static void a_file_of_one_generator_is_merged_alone(void **state)
{
    struct merge_outcome outcome;
    (void)state;
    two_generators("1795299004700000000");
    made_remove(first, "errors.csv");
    made_remove(second, "dns.csv");
    made_remove(first, "requests.csv");
    made_remove(second, "requests.csv");
    assert_int_equal(merge(&outcome), 0);
    char *text = merged_file("errors.csv");
    assert_string_equal(text, "t_s,stream,count_n\n3,load1,7\n");
    free(text);
    text = merged_file("dns.csv");
    assert_string_equal(text, "t_s,name,address\n0.000000,a,1\n1.000000,b,3\n");
    free(text);
    char path[256];
    snprintf(path, sizeof path, "%s/requests.csv", out);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void half_a_second_is_a_whole_one(void **state)
{
    static const struct {
        const char *t0;
        size_t n_seconds;
    } cases[] = { { "1795299004499999999", 20 },
                  { "1795299004500000000", 21 },
                  { "1795299005499999999", 21 } };
    struct merge_outcome outcome;
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        two_generators(cases[i].t0);
        assert_int_equal(merge(&outcome), 0);
        char *text = merged_file("intervals.csv");
        assert_int_equal(made_lines(text, ""), 1 + 3 * cases[i].n_seconds);
        free(text);
    }
}

static void what_was_counted_is_added_in_run_json(void **state)
{
    struct merge_outcome outcome;
    (void)state;
    two_generators("1795299004700000000");
    made_edit(first, "run.json", "\"start_s\": 5.2, \"end_s\": 13.2", "\"start_s\": null, \"end_s\": null");
    made_edit(second, "run.json", "\"start_s\": 5.2, \"end_s\": 13.2", "\"start_s\": null, \"end_s\": null");
    made_edit(second, "run.json", "\"start_s\": 0, \"end_s\": 1,", "\"start_s\": 0, \"end_s\": null,");
    made_edit(first, "run.json", "\"end\": \"done\"", "\"end\": \"interrupted\"");
    made_edit(second, "run.json", "\"end\": \"done\"", "\"end\": \"aborted\"");
    assert_int_equal(merge(&outcome), 0);
    json_t *root = merged_run();
    assert_string_equal(json_string_value(json_object_get(root, "run_id")), "merged");
    assert_string_equal(json_string_value(json_object_get(root, "end")), "aborted"); /* the less complete */
    assert_close(json_number_value(json_object_get(root, "duration_s")), 20.1, 1e-9);
    assert_int_equal(json_integer_value(json_object_get(root, "threads")), 4);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "totals"), "ok_n")), 2 * 17140);
    assert_close(number_at(root, "streams", 0, "connections"), 128, 0);
    assert_close(number_at(root, "streams", 2, "users"), 4, 0);
    assert_close(number_at(root, "phases", 1, "rate_per_s"), 2000, 0);
    assert_close(number_at(root, "phases", 1, "start_s"), 1, 1e-9);
    assert_close(number_at(root, "phases", 1, "end_s"), 5.7, 1e-9);
    assert_close(number_at(root, "phases", 0, "end_s"), 1, 1e-9);
    assert_close(number_at(root, "phases", 7, "requests_n"), 80, 0);
    const json_t *never = json_array_get(json_object_get(root, "phases"), 8);
    assert_true(json_is_null(json_object_get(never, "start_s")) &&
                json_is_null(json_object_get(never, "end_s")));
    const json_t *from = json_object_get(root, "merged_from");
    assert_int_equal(json_array_size(from), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(from, 0), "run_id")),
                        "2026-11-21T22-10-04Z-duo");
    assert_close(number_at(root, "merged_from", 1, "shift_s"), .7, 1e-9);
    assert_close(number_at(root, "merged_from", 1, "seed"), 43, 0);
    assert_string_equal(json_string_value(json_object_get(json_array_get(from, 0), "host")), "vm");
    const json_t *missed = json_array_get(json_object_get(root, "thresholds"), 1);
    assert_true(json_is_false(json_object_get(missed, "held")));
    assert_close(json_number_value(json_object_get(missed, "value")), 56 / (2 * 11068.0), 1e-9);
    assert_true(
        json_is_true(json_object_get(json_array_get(json_object_get(root, "thresholds"), 0), "held")));
    json_decref(root);
}

static void a_name_is_the_last_part_of_the_way(void **state)
{
    struct merge_outcome outcome;
    (void)state;
    two_generators("1795299004700000000");
    strcat(out, "//");
    assert_int_equal(merge(&outcome), 0);
    char *text = merged_file("run.json");
    assert_says(text, "\"run_id\": \"merged\"");
    free(text);
}

static void values_that_a_log_lacks_are_told(void **state)
{
    struct merge_outcome outcome;
    (void)state;
    two_generators("1795299004700000000");
    made_edit(second, "run.json", "warm.timeout.all\", \"n\": 7", "warm.timeout.all\", \"n\": 10");
    assert_int_equal(merge(&outcome), 0);
    assert_int_equal(outcome.lost_n, 3);
}

/* One generator dropped due requests. */
static void a_threshold_that_rests_on_an_invalid_number_is_known(void **state)
{
    struct merge_outcome outcome;
    (void)state;
    two_generators("1795299004700000000");
    assert_int_equal(merge(&outcome), 0);
    assert_false(outcome.rests_on_invalid);
    two_generators("1795299004700000000");
    made_edit(second, "run.json", "\"rule\": \"R4\", \"scope\": \"all\", \"level\": \"OK\"",
              "\"rule\": \"R5\", \"scope\": \"all\", \"level\": \"INVALID\"");
    assert_int_equal(merge(&outcome), 0);
    assert_true(outcome.rests_on_invalid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_added_where_they_belong),
        cmocka_unit_test(rows_are_put_in_order_of_time_and_numbered_apart),
        cmocka_unit_test(a_file_of_one_generator_is_merged_alone),
        cmocka_unit_test(half_a_second_is_a_whole_one),
        cmocka_unit_test(what_was_counted_is_added_in_run_json),
        cmocka_unit_test(a_name_is_the_last_part_of_the_way),
        cmocka_unit_test(values_that_a_log_lacks_are_told),
        cmocka_unit_test(a_threshold_that_rests_on_an_invalid_number_is_known),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
