/* The folders of two generators are merged, worked out by hand from made_run.h: the second generator
 * started 0.7 s after the first, which is one second for values per second. */
#include "cm.h"

#include "close.h"
#include "made_run.h"
#include "made_text.h"

#include "merge.h"

#include <jansson.h>
#include <unistd.h>

#define REMOTES  "cluster,address,connections_n,requests_n\n"
#define ERRORS   "t_s,stream,cluster,phase,class,cause,status,count_n\n"
#define REQUESTS "seq,due_ns,sent_ns,first_ns,done_ns,conn,class\n"

static struct err e;
static char first[200], second[200], out[200];

/* Writes the two folders; they differ in start, name and seed. */
static void two_generators(const char *t0)
{
    char folder[256], edit[64];
    strcpy(first, made_run("first"));
    strcpy(second, made_run("second"));
    snprintf(out, sizeof out, "%s", scratch_path("merged"));
    struct err ignored;
    files_remove_tree(out, &ignored);
    snprintf(edit, sizeof edit, "\"t0_realtime_ns\": %s", t0);
    made_edit(second, "run.json", "\"t0_realtime_ns\": 1795299004000000000", edit);
    made_edit(second, "run.json", "22-10-04Z-duo", "22-10-05Z-second");
    made_edit(second, "run.json", "\"seed\": 42", "\"seed\": 43");
    for (int i = 0; i < 2; i++) {
        snprintf(folder, sizeof folder, "%s", i == 0 ? first : second);
        made_edit(folder, "run.json", "\"threads\": 1,", "\"threads\": 2,");
        made_file(folder, "errors.csv",
                  i == 0 ? "t_s,stream,count_n\n2,load1,5\n3,load1,20\n" : "t_s,stream,count_n\n2,load1,7\n");
        made_file(folder, "requests.csv",
                  i == 0 ? REQUESTS "5,10,20,30,1600000000,1,ok\n6,10,20,,,1,dropped\n"
                         : REQUESTS "5,10,20,30,100,1,ok\n7,10,20,30,900000001,2,ok\n");
        made_file(folder, "dns.csv",
                  i == 0 ? "t_s,name,address\n0.000000,a,1\n1.000000,b,3\n"
                         : "t_s,name,address\n0.000000,c,2\n");
    }
    made_file(first, "remotes.csv", REMOTES "cluster1,a,1,1\n");
    made_file(second, "remotes.csv", REMOTES "cluster1,b,1,1\n");
    made_remove(first, "cloudwatch.csv");
    made_file(second, "cloudwatch.csv", "of the second\n");
}

/* Whichever order they are named in. */
static int merge(struct merge_outcome *outcome)
{
    const char *const folders[] = { second, first };
    return merge_folders(&(struct merge_request){ .folders = folders, .n_folders = 2, .out = out }, outcome,
                         &e);
}

static char *merged_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", out, name);
    return scratch_read(path, NULL);
}

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

static double number_at(const json_t *root, const char *list, size_t index, const char *key)
{
    return json_number_value(json_object_get(json_array_get(json_object_get(root, list), index), key));
}

static void what_was_counted_is_added_in_run_json(void **state)
{
    struct merge_outcome outcome;
    json_error_t where;
    (void)state;
    two_generators("1795299004700000000");
    made_edit(first, "run.json", "\"start_s\": 5.2, \"end_s\": 13.2", "\"start_s\": null, \"end_s\": null");
    made_edit(second, "run.json", "\"start_s\": 5.2, \"end_s\": 13.2", "\"start_s\": null, \"end_s\": null");
    made_edit(second, "run.json", "\"start_s\": 0, \"end_s\": 1,", "\"start_s\": 0, \"end_s\": null,");
    made_edit(first, "run.json", "\"end\": \"done\"", "\"end\": \"interrupted\"");
    made_edit(second, "run.json", "\"end\": \"done\"", "\"end\": \"aborted\"");
    assert_int_equal(merge(&outcome), 0);
    char *text = merged_file("run.json");
    json_t *root = json_loads(text, 0, &where);
    free(text);
    assert_non_null(root);
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

static void what_cannot_be_merged_leaves_no_folder(void **state)
{
    static const struct {
        const char *file, *from, *to, *words;
    } cases[] = {
        { "health.csv", "thread,", "threads,", "'thread'" },
        { "health.csv", "steal_pct", "stolen_pct", "have different columns" },
        { "health.csv", "rss_bytes", "rss_bytes,more", "expected" },
        { "dns.csv", "0.000000,", "soon,", "'t_s'" },
        { "errors.csv", "2,load1", "two,load1", "'t_s'" },
        { "intervals.csv", "t_s,", "s,", "have different columns" },
        { "intervals.csv", "\n3,1.0", "\nthree,1.0", "'t_s'" },
        { "intervals.csv", "load2,cluster2,last", "load9,cluster2,last", "run.json has no stream 'load9'" },
        { "intervals.csv", ",1000,1000,1000,1000,", ",1000,x,1000,1000,", "'sent_n'" },
        { "intervals.csv", "\n3,1.000000,", "\n3,long,", "'dur_s'" },
        { "intervals.csv", "inflight_n", "flying_n", "have different columns" },
        { "hist.hlog", "Tag=response.", "Tag=responses.", "responses." },
        { "run.json", "p99 < 250ms", "p99 << 250ms", "p99 << 250ms" },
    };
    struct merge_outcome outcome;
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        two_generators("1795299004700000000");
        made_edit(second, cases[i].file, cases[i].from, cases[i].to);
        if (strcmp(cases[i].file, "run.json") == 0)
            made_edit(first, cases[i].file, cases[i].from, cases[i].to);
        assert_int_equal(merge(&outcome), -1);
        if (i != 2)
            assert_says(e.text, cases[i].words);
        assert_int_not_equal(access(out, F_OK), 0);
    }
}

static void folders_that_are_not_of_one_run_are_refused(void **state)
{
    static const struct {
        const char *from, *to, *words;
    } cases[] = {
        { "\"name\": \"duo\"", "\"name\": \"trio\"", "'name'" },
        { "\"url\": \"http://127.0.0.1:8080\"", "\"url\": \"http://127.0.0.1:8081\"", "'target'" },
        { "\"topology\": \"m4x2-t2x1\"", "\"topology\": \"other\"", "'deployment'" },
        { "\"zone\": \"us-east-1b\"", "\"zone\": \"us-east-1c\"", "'clusters'" },
        { "\"timeout_s\": 10.0", "\"timeout_s\": 9.0", "'streams'" },
        { "name: duo\\n", "name: trio\\n", "their scenarios differ" },
        { "\"phase\": \"main\"", "\"phase\": \"other\"", "phase main of stream load1 is another" },
        { "\"kind\": \"requests\"", "\"kind\": \"duration\"", "phase walk of stream users1 is another" },
        { "\"warmup\": true", "\"warmup\": false", "phase warm of stream load1 is another" },
        { "\"stream\": \"users1\", \"cluster\": \"cluster1\", \"phase\": \"rest\"",
          "\"stream\": \"load1\", \"cluster\": \"cluster1\", \"phase\": \"rest\"",
          "phase rest of stream users1" },
        { "\"stream\": \"users1\", \"cluster\": \"cluster1\", \"phase\": \"rest\"",
          "\"stream\": \"users1\", \"cluster\": \"cluster2\", \"phase\": \"rest\"",
          "phase rest of stream users1" },
        { "\"t0_realtime_ns\": 1795299004700000000", "\"t0_realtime_ns\": 1795299023400000000",
          "19.400 s after" },
        { "\"phases\": [",
          "\"phases\": [" MADE_PHASE("load1", "cluster1", "x", "rate", "true", "0", "1",
                                     MADE_RATE("1", "null", "0", "0", "")) ",",
          "has 9 phases and" },
    };
    struct merge_outcome outcome;
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        two_generators("1795299004700000000");
        made_edit(second, "run.json", cases[i].from, cases[i].to);
        assert_int_equal(merge(&outcome), -1);
        assert_says(e.text, cases[i].words);
        assert_int_not_equal(access(out, F_OK), 0);
    }
    /* a missing deployment equals null */
    two_generators("1795299004700000000");
    made_edit(first, "run.json",
              "\"deployment\": {\"provider\": \"local\", \"emulated\": true, \"topology\": \"m4x2-t2x1\"},",
              "");
    assert_int_equal(merge(&outcome), -1);
    assert_says(e.text, "'deployment'");
    made_edit(second, "run.json",
              "\"deployment\": {\"provider\": \"local\", \"emulated\": true, \"topology\": \"m4x2-t2x1\"},",
              "\"deployment\": null,");
    assert_int_equal(merge(&outcome), 0);
}

static void a_folder_is_merged_once_and_into_a_new_one(void **state)
{
    struct merge_outcome outcome;
    (void)state;
    two_generators("1795299004000000000");
    assert_int_equal(merge(&outcome), 0); /* at the same nanosecond, under another name */
    assert_int_equal(merge(&outcome), -1);
    assert_says(e.text, "exists already");
    two_generators("1795299004000000000");
    made_edit(second, "run.json", "22-10-05Z-second", "22-10-04Z-duo");
    assert_int_equal(merge(&outcome), -1);
    assert_says(e.text, "are the same run");
    const char *const one[] = { first };
    struct merge_request request = { .folders = one, .n_folders = 1, .out = out };
    assert_int_equal(merge_folders(&request, &outcome, &e), -1);
    assert_says(e.text, "1 was given");
    request.n_folders = 0;
    assert_int_equal(merge_folders(&request, &outcome, &e), -1);
    assert_says(e.text, "0 were given");
    two_generators("1795299004700000000");
    made_file(second, "requests.csv.zst", "packed");
    assert_int_equal(merge(&outcome), 0); /* it lies there unpacked too */
    two_generators("1795299004700000000");
    made_file(second, "requests.csv.zst", "packed");
    made_remove(second, "requests.csv");
    assert_int_equal(merge(&outcome), -1);
    assert_says(e.text, "requests.csv.zst");
    two_generators("1795299004700000000");
    made_remove(first, "run.json");
    assert_int_equal(merge(&outcome), -1);
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
    json_error_t where;
    (void)state;
    two_shares();
    made_edit(first, "run.json", "\"rule\": \"R4\", \"scope\": \"all\", \"level\": \"OK\"",
              "\"rule\": \"R13\", \"scope\": \"run\", \"level\": \"INVALID\"");
    assert_int_equal(merge(&outcome), 0);
    assert_string_equal(outcome.shares, "");
    assert_false(outcome.is_invalid);
    char *text = merged_file("run.json");
    json_t *root = json_loads(text, 0, &where);
    free(text);
    assert_non_null(root);
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
    text = merged_file("remotes.csv");
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
        cmocka_unit_test(seconds_are_added_where_they_belong),
        cmocka_unit_test(rows_are_put_in_order_of_time_and_numbered_apart),
        cmocka_unit_test(a_file_of_one_generator_is_merged_alone),
        cmocka_unit_test(half_a_second_is_a_whole_one),
        cmocka_unit_test(what_was_counted_is_added_in_run_json),
        cmocka_unit_test(a_threshold_that_rests_on_an_invalid_number_is_known),
        cmocka_unit_test(a_name_is_the_last_part_of_the_way),
        cmocka_unit_test(values_that_a_log_lacks_are_told),
        cmocka_unit_test(what_cannot_be_merged_leaves_no_folder),
        cmocka_unit_test(folders_that_are_not_of_one_run_are_refused),
        cmocka_unit_test(a_folder_is_merged_once_and_into_a_new_one),
        cmocka_unit_test(shares_are_judged_together),
        cmocka_unit_test(a_share_that_was_killed_before_the_start_counts_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
