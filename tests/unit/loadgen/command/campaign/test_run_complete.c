#include "run_complete.h"

#include "recorded_rows.h"

#include <unistd.h>

static int setup(void **state)
{
    recorded_setup(state);
    small_run(*state);
    return 0;
}

static long length_of(struct recorded *x, const char *file)
{
    char *text = file_text(x, file);
    const long length = (long)strlen(text);
    free(text);
    return length;
}

static void cut(struct recorded *x, const char *file, long length)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", x->folder, file);
    assert_int_equal(truncate(path, length), 0);
}

static void assert_is_made_again(struct recorded *x, const char *why)
{
    struct err e;
    assert_false(run_complete(x->folder, &e));
    assert_int_not_equal(e.kind, ERR_NONE);
    if (!strstr(e.text, why))
        fail_msg("'%s' should say '%s'", e.text, why);
}

static void a_run_that_ended_with_all_its_files_is_complete(void **state)
{
    struct recorded *x = *state;
    struct err e;
    assert_true(run_complete(x->folder, &e));
    assert_int_equal(e.kind, ERR_NONE);
}

static void no_run_is_no_broken_one(void **state)
{
    struct recorded *x = *state;
    struct err e;
    assert_false(run_complete(x->parent, &e));
    assert_int_equal(e.kind, ERR_NONE);
}

static void a_log_that_is_cut_is_made_again(void **state)
{
    struct recorded *x = *state;
    const long length = length_of(x, "hist.hlog");
    for (int i = 9; i > 2; i -= 2) {
        cut(x, "hist.hlog", length * i / 10);
        assert_is_made_again(x, "hist.hlog lacks ");
    }
    cut(x, "hist.hlog", 0);
    assert_is_made_again(x, "hist.hlog");
}

static void counts_that_are_cut_are_made_again(void **state)
{
    struct recorded *x = *state;
    cut(x, "intervals.csv", length_of(x, "intervals.csv") - 1);
    assert_is_made_again(x, "cut short");
    char *text = file_text(x, "intervals.csv");
    cut(x, "intervals.csv", strchr(strchr(text, '\n') + 1, '\n') + 1 - text); /* one row is left */
    free(text);
    assert_is_made_again(x, "intervals.csv holds ");
}

static void rows_of_steps_are_no_more_requests(void **state)
{
    struct recorded *x = *state;
    struct err e;
    char path[256];
    char *text = file_text(x, "intervals.csv");
    const size_t row = strcspn(text, "\n") + 1;
    size_t step = row + 1; /* behind the comma before the first empty cell */
    while (strncmp(text + step - 1, ",,", 2) != 0)
        step++;
    snprintf(path, sizeof path, "%s/intervals.csv", x->folder);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fprintf(file, "%.*slogin%.*s", (int)(step - row), text + row, (int)strcspn(text + step, "\n") + 1,
            text + step);
    assert_int_equal(fclose(file), 0);
    free(text);
    if (!run_complete(x->folder, &e))
        fail_msg("%s", e.text);
}

static void a_cut_or_empty_run_json_is_made_again(void **state)
{
    struct recorded *x = *state;
    cut(x, "run.json", length_of(x, "run.json") - 3);
    assert_is_made_again(x, "run.json:");
    cut(x, "run.json", 0);
    assert_is_made_again(x, "run.json:");
}

static void a_run_that_did_not_end_is_made_again(void **state)
{
    static const char *const ends[] = { "running", "interrupted", "failed" };
    struct recorded *x = *state;
    char path[256];
    snprintf(path, sizeof path, "%s/run.json", x->folder);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        json_t *run = run_json(x);
        json_object_set_new(run, "end", json_string(ends[i]));
        assert_int_equal(json_dump_file(run, path, 0), 0);
        json_decref(run);
        assert_is_made_again(x, i == 0 ? "killed" : ends[i]);
    }
}

static void a_run_that_lacks_a_share_is_made_again(void **state)
{
    struct recorded *x = *state;
    char path[256];
    struct err e;
    snprintf(path, sizeof path, "%s/run.json", x->folder);
    for (int n_missing = 0; n_missing < 2; n_missing++) {
        json_t *run = run_json(x);
        json_t *missing = n_missing > 0 ? json_pack("[i]", 2) : json_array();
        json_object_set_new(run, "shards",
                            json_pack("{s:i, s:o, s:[]}", "count", 3, "missing", missing, "incomplete"));
        assert_int_equal(json_dump_file(run, path, 0), 0);
        json_decref(run);
        assert_int_equal(run_complete(x->folder, &e), n_missing == 0);
    }
    assert_is_made_again(x, "1 of 3 shares are missing or not complete");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_that_ended_with_all_its_files_is_complete, setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(no_run_is_no_broken_one, setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_log_that_is_cut_is_made_again, setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(counts_that_are_cut_are_made_again, setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(rows_of_steps_are_no_more_requests, setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_cut_or_empty_run_json_is_made_again, setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_run_that_did_not_end_is_made_again, setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_run_that_lacks_a_share_is_made_again, setup, recorded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
