/* Folders that cannot be merged: one sentence says why, and no folder is left. */
#include "two_generators.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_merged_leaves_no_folder),
        cmocka_unit_test(folders_that_are_not_of_one_run_are_refused),
        cmocka_unit_test(a_folder_is_merged_once_and_into_a_new_one),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
