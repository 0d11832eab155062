/* Folders of the shares of one run: they are judged together. */
#include "two_generators.h"

#define ERRORS "t_s,stream,cluster,phase,class,cause,status,count_n\n"

/* Both generators sent a share of the same run. */
static void two_shares(void)
{
    static const char rest[] = "cluster,address,connections_n,requests_n,err_n,p50_us,p99_us\n";
    char edit[128], remotes[256];
    two_generators("1795299004000000000");
    made_edit(second, "run.json", "\"seed\": 43", "\"seed\": 42");
    for (int i = 0; i < 2; i++) {
        const char *folder = i == 0 ? first : second;
        snprintf(edit, sizeof edit, "\"shard\": {\"index\": %d, \"count\": 2}, \"seed\"", i + 1);
        made_edit(folder, "run.json", "\"seed\"", edit);
        made_file(folder, "dns.csv", "t_s,name,address\n0.000000,a,10.0.0.1\n0.000000,a,10.0.0.2\n");
        snprintf(remotes, sizeof remotes,
                 "%scluster1,10.0.0.%d:80,30,5,0,1,2\ncluster2,10.0.0.1:80,1,5,0,1,2\n", rest, i + 1);
        made_file(folder, "remotes.csv", remotes);
    }
}

static const char *made_path(const char *folder, const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const json_t *check_at(const json_t *root, const char *rule, const char *what)
{
    const json_t *checks = json_object_get(root, "checks");
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (strcmp(json_string_value(json_object_get(check, "rule")), rule) == 0 &&
            strstr(json_string_value(json_object_get(check, "what")), what))
            return check;
    }
    return NULL;
}

/* Each used one of two addresses; together they used both. */
static void shares_are_judged_together(void **state)
{
    struct merge_outcome outcome;
    (void)state;
    two_shares();
    made_edit(first, "run.json", "\"rule\": \"R4\", \"scope\": \"all\", \"level\": \"OK\"",
              "\"rule\": \"R13\", \"scope\": \"run\", \"level\": \"INVALID\"");
    assert_int_equal(merge(&outcome), 0);
    assert_string_equal(outcome.shares, "");
    assert_false(outcome.is_invalid);
    json_t *root = merged_run();
    const json_t *part = check_at(root, "R13", "were used"), *share = check_at(root, "R13", "busiest");
    assert_close(json_number_value(json_object_get(part, "value")), 100, 1e-9);
    assert_string_equal(json_string_value(json_object_get(part, "level")), "OK");
    assert_close(json_number_value(json_object_get(share, "value")), 2 * 32 / 62., 1e-9);
    /* p99 of all 17 040 requests and 43 failures, of each share */
    assert_close(json_number_value(json_object_get(check_at(root, "R9", "beyond"), "value")), 341, 2);
    assert_close(number_at(root, "streams", 2, "users"), 2, 0);
    assert_close(number_at(root, "phases", 1, "rate_per_s"), 1000, 0);
    assert_close(number_at(root, "phases", 7, "done_n"), 80, 0);
    json_decref(root);
    char *text = merged_file("remotes.csv");
    assert_string_equal(text, "cluster,address,connections_n,requests_n,err_n,p50_us,p99_us\n"
                              "cluster1,10.0.0.1:80,30,5,0,1,2\ncluster2,10.0.0.1:80,2,10,0,,\n"
                              "cluster1,10.0.0.2:80,30,5,0,1,2\n");
    free(text);
    text = merged_file("requests.csv"); /* numbers are those of the whole run */
    assert_int_equal(made_lines(text, "7,10,"), 1);
    assert_int_equal(made_lines(text, "6,10,"), 1);
    free(text);
}

/* It had not yet learnt when the run would start. */
static void a_share_that_was_killed_before_the_start_counts_nothing(void **state)
{
    struct merge_outcome outcome;
    struct dataset data;
    (void)state;
    two_shares();
    made_edit(first, "run.json", "\"t0_realtime_ns\": 1795299004000000000",
              "\"t0_realtime_ns\": 1795298944000000000");
    made_edit(first, "run.json", "\"end\": \"done\"", "\"end\": \"running\"");
    char *text = scratch_read(made_path(first, "intervals.csv"), NULL);
    *(strchr(text, '\n') + 1) = '\0';
    made_file(first, "intervals.csv", text);
    free(text);
    made_remove(first, "hist.hlog");
    made_remove(first, "requests.csv");
    made_file(first, "requests.csv", "");
    made_file(first, "errors.csv", ERRORS);
    made_file(second, "errors.csv", ERRORS);
    assert_int_equal(merge(&outcome), 0);
    assert_true(outcome.is_invalid);
    assert_says(outcome.shares, "share 1 of 2 ended early");
    made_open_dataset(&data, out);
    assert_int_equal(data.run.t0_realtime_ns, MADE_T0_NS);
    assert_string_equal(data.run.end, "failed");
    dataset_fini(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_judged_together),
        cmocka_unit_test(a_share_that_was_killed_before_the_start_counts_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
