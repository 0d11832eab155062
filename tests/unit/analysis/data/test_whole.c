/* Files that are cut short never pass for whole ones. */
#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "comparison.h"
#include "facts.h"
#include "whole.h"

#include <unistd.h>

static const char *made_whole(const char *name)
{
    const char *folder = made_run(name);
    made_file(folder, "errors.csv",
              "t_s,stream,cluster,class,cause,status,count_n\n0,load1,cluster1,timeout,no answer,,15\n"
              "0,load1,cluster1,ok,bytes behind a complete response,,40\n"
              "3,load1,cluster1,status_5xx,status,500,24\n");
    made_file(folder, "checks.csv", "rule,scope,value\nR2,load1,3.1\nR2,load2,2.5\nR4,all,7\n");
    return folder;
}

static void cut(const char *folder, const char *file, size_t length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    assert_int_equal(truncate(path, (off_t)length), 0);
}

static char *contents(const char *folder, const char *file, size_t *length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return scratch_read(path, length);
}

static void a_whole_folder_lacks_nothing(void **state)
{
    struct dataset data;
    (void)state;
    made_open_dataset(&data, made_whole("whole"));
    for (size_t i = 0; i < data.whole.n; i++)
        fail_msg("%s", data.whole.notes[i].text);
    assert_int_equal(whole_times(&data, &(struct err){ 0 }), 0);
    dataset_fini(&data);
}

/* Inside lines, after lines, and byte by byte near the end. */
static size_t next_cut(const char *text, size_t n, size_t length)
{
    size_t next = n + 1 + length / 7;
    if (n + 3 < length && next > length - 3)
        next = length - 3;
    if (n + 3 >= length)
        next = n + 1;
    const char *line_end = next < length && n % 2 == 0 ? strchr(text + next, '\n') : NULL;
    return line_end && line_end[1] ? (size_t)(line_end - text) + 1 : next;
}

/* Cut anywhere: inside or after a line, in the last row or the header. */
static void a_table_that_is_cut_anywhere_is_noted_by_name(void **state)
{
    static const char *const files[] = { "intervals.csv", "errors.csv", "health.csv", "checks.csv" };
    (void)state;
    for (size_t f = 0; f < N_OF(files); f++) {
        size_t length;
        char *text = contents(made_whole("cut"), files[f], &length);
        for (size_t n = 0; n < length; n = next_cut(text, n, length)) {
            struct dataset data;
            const char *folder = made_whole("cut");
            cut(folder, files[f], n);
            made_open_dataset(&data, folder);
            const char *lacks = whole_lacks(&data, files[f]);
            if (!lacks)
                fail_msg("%s was cut at %zu of %zu bytes, and nothing was said", files[f], n, length);
            assert_non_null(strstr(lacks, files[f]));
            assert_int_equal(data.whole.n, 1);
            assert_int_equal(data.counts.cells == NULL, f == 0);
            dataset_fini(&data);
        }
        free(text);
    }
}

static void a_log_that_is_cut_anywhere_is_noted_and_no_numbers_rest_on_it(void **state)
{
    size_t length;
    char *text = contents(made_whole("cut"), "hist.hlog", &length);
    const size_t header = (size_t)(strstr(text, "Tag=") - text);
    (void)state;
    for (size_t n = header; n < length; n += 1 + length / 12) {
        struct dataset data;
        struct err e;
        const char *folder = made_whole("cut");
        cut(folder, "hist.hlog", n);
        made_open_dataset(&data, folder);
        if (!whole_lacks(&data, "hist.hlog"))
            fail_msg("hist.hlog was cut at %zu of %zu bytes, and nothing was said", n, length);
        assert_int_equal(whole_times(&data, &e), -1);
        assert_int_equal(e.kind, ERR_FAILED);
        assert_non_null(strstr(e.text, "cut"));
        dataset_fini(&data);
    }
    free(text);
}

static void rates_are_those_that_run_json_counted(void **state)
{
    struct dataset data;
    size_t length;
    const char *folder = made_whole("rates");
    (void)state;
    free(contents(folder, "hist.hlog", &length));
    cut(folder, "hist.hlog", length / 2);
    made_open_dataset(&data, folder);
    struct facts facts = facts_of_arm(&data, 0);
    assert_true(data.latency[0]->n < 11000);
    assert_int_equal(facts.ok_n, 11000);
    assert_true(facts.per_s > 11000 / 10.4 - 1e-6 && facts.per_s < 11000 / 10.4 + 1e-6);
    dataset_fini(&data);
}

static void files_of_another_run_are_refused(void **state)
{
    struct dataset data;
    struct err e;
    (void)state;
    const char *folder = made_whole("other");
    made_edit(folder, "run.json", "\"t0_realtime_ns\": 1795299004", "\"t0_realtime_ns\": 1795299104");
    assert_int_equal(dataset_open(&data, folder, &e), -1);
    assert_non_null(
        strstr(e.text, "hist.hlog began 100.000 s earlier than run.json says: they are not of one run"));
    dataset_fini(&data);
    folder = made_whole("other");
    made_edit(folder, "intervals.csv", ",107,107,100,7,7,", ",107,109,102,7,7,");
    made_open_dataset(&data, folder);
    assert_non_null(strstr(whole_lacks(&data, "intervals.csv"), "they are not of one run"));
    dataset_fini(&data);
}

/* run.json is some seconds old, and the other files were never written. */
static void a_run_that_was_killed_is_as_long_as_its_files(void **state)
{
    struct dataset data;
    const char *folder = made_run("killed");
    (void)state;
    made_file(folder, "errors.csv",
              "t_s,stream,cluster,phase,class,cause,status,count_n\n0,load1,cluster1,warm,timeout,,,7\n"
              "2,load1,cluster1,main,timeout,,,8\n3,load1,cluster1,main,status_5xx,,503,20\n"
              "3,load1,cluster1,main,reset_idle,,,2\n19,load2,cluster2,last,status_5xx,,503,4\n");
    made_edit(folder, "run.json", "\"end\": \"done\"", "\"end\": \"running\"");
    made_edit(folder, "run.json", "\"duration_s\": 19.4", "\"duration_s\": 15");
    made_edit(folder, "run.json", "\"end_s\": 19.4", "\"end_s\": 15");
    made_edit(folder, "run.json", "main.timeout.all\", \"n\": 5", "main.timeout.all\", \"n\": 4");
    made_open_dataset(&data, folder);
    assert_true(data.is_running);
    assert_true(data.run.duration_s > 19.3 && data.run.duration_s < 19.5);
    assert_int_equal(data.latency[0]->n, 11000);
    assert_true(facts_of_arm(&data, 0).per_s < 11000 / 10.3);
    assert_int_equal(facts_of_arm(&data, 0).ok_n, 11000);
    assert_int_equal(data.whole.n, 0);
    dataset_fini(&data);
}

static void a_pair_with_a_cut_log_is_left_out(void **state)
{
    struct comparison c;
    struct err e;
    char good[512], bad[512];
    size_t length;
    (void)state;
    snprintf(good, sizeof good, "%s", made_whole("good"));
    snprintf(bad, sizeof bad, "%s", made_whole("bad"));
    free(contents(bad, "hist.hlog", &length));
    cut(bad, "hist.hlog", length / 3);
    const char *const a[] = { good, good }, *const b[] = { bad, good };
    assert_int_equal(comparison_of_runs(&c, a, b, 2, "cluster1", "cluster1", &e), 0);
    assert_int_equal(c.n_pairs, 1);
    assert_int_equal(c.n_broken, 1);
    assert_non_null(strstr(c.why_broken, "/bad: hist.hlog lacks "));
    comparison_fini(&c);
    assert_int_equal(comparison_of_runs(&c, a, b, 1, "cluster1", "cluster1", &e), -1);
    assert_non_null(strstr(e.text, "/bad: hist.hlog lacks "));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_folder_lacks_nothing),
        cmocka_unit_test(a_table_that_is_cut_anywhere_is_noted_by_name),
        cmocka_unit_test(a_log_that_is_cut_anywhere_is_noted_and_no_numbers_rest_on_it),
        cmocka_unit_test(rates_are_those_that_run_json_counted),
        cmocka_unit_test(files_of_another_run_are_refused),
        cmocka_unit_test(a_run_that_was_killed_is_as_long_as_its_files),
        cmocka_unit_test(a_pair_with_a_cut_log_is_left_out),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
