/* The runs of an arm: what a series is, its order, and copies. */
#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "compare_series.h"

#include <unistd.h>

static struct err e;
static struct compare_series s;

static int forget(void **state)
{
    struct err ignored;
    (void)state;
    compare_series_fini(&s);
    files_remove_tree(scratch_path("base"), &ignored);
    return 0;
}

/* A run in the series "base" that began at second 1795299000 + that. */
static const char *made(const char *name, const char *second)
{
    char path[64], start[64];
    struct err ignored;
    files_make_folder(scratch_path("base"), &ignored);
    snprintf(path, sizeof path, "base/%s", name);
    const char *folder = made_run(path);
    snprintf(start, sizeof start, "\"t0_realtime_ns\": 179529900%s", second);
    made_edit(folder, "run.json", "\"t0_realtime_ns\": 1795299004", start);
    return folder;
}

static int add(const char *name)
{
    return compare_series_add(&s, scratch_path(name), &e);
}

static void a_series_is_in_the_order_in_which_its_runs_began(void **state)
{
    (void)state;
    made("a", "7");
    made("b", "5");
    made("c", "6");
    made_file(scratch_path("base"), "notes.txt", "not a run");
    assert_int_equal(symlink("b", scratch_path("base/latest")), 0); /* that run is there already */
    assert_true(compare_series_is(scratch_path("base")));
    assert_false(compare_series_is(scratch_path("base/a")));
    assert_int_equal(add("base"), 0);
    assert_int_equal(s.n, 3);
    const char **folders = compare_series_folders(&s, &e);
    assert_string_equal(strrchr(folders[0], '/'), "/b");
    assert_string_equal(strrchr(folders[1], '/'), "/c");
    assert_string_equal(strrchr(folders[2], '/'), "/a");
    free(folders);
    assert_int_equal(compare_series_check(&s, &e), 0);
}

static void a_run_is_a_series_of_one(void **state)
{
    (void)state;
    made("a", "7");
    made("b", "5");
    assert_int_equal(add("base/a"), 0);
    assert_int_equal(add("base/b"), 0); /* as given */
    assert_int_equal(s.n, 2);
    assert_true(s.runs[0].started_ns > s.runs[1].started_ns);
}

static void a_copied_run_counts_once(void **state)
{
    (void)state;
    made("a", "7");
    made("copy", "7");
    made("b", "5");
    assert_int_equal(add("base"), 0);
    assert_int_equal(compare_series_check(&s, &e), -1);
    assert_says(e.text, "base/a and ");
    assert_says(e.text, "base/copy are the same run (2026-11-21T22-10-04Z-duo); a run counts once");
    compare_series_fini(&s);
    struct compare_series other = { 0 };
    assert_int_equal(add("base/a"), 0);
    assert_int_equal(compare_series_add(&other, scratch_path("base/copy"), &e), 0);
    assert_int_equal(compare_series_check_apart(&s, &other, &e), -1);
    assert_says(e.text, "cannot be compared with itself");
    compare_series_fini(&other);
    assert_int_equal(compare_series_add(&other, scratch_path("base/b"), &e), 0);
    assert_int_equal(compare_series_check_apart(&s, &other, &e), 0);
    compare_series_fini(&other);
    assert_int_equal(add("base/a"), 0);
    assert_int_equal(compare_series_check(&s, &e), -1);
    assert_says(e.text, "is given twice for the same arm");
}

static void what_is_no_series_is_refused(void **state)
{
    (void)state;
    made("a", "7");
    struct err ignored;
    files_make_folder(scratch_path("base/empty"), &ignored);
    assert_false(compare_series_is(scratch_path("base/empty")));
    assert_false(compare_series_is(scratch_path("nowhere")));
    assert_int_equal(add("base/empty"), -1);
    assert_says(e.text, "is neither a run nor a series of runs");
    assert_int_equal(add("nowhere"), -1);
    assert_says(e.text, "cannot open run folder");
    made_file(scratch_path("base/empty"), "campaign.json", "{}");
    assert_int_equal(add("base/empty"), -1);
    assert_says(e.text, "is a campaign, which holds both arms");
    unlink(scratch_path("base/empty/campaign.json"));
    made_file(scratch_path("base/empty"), "loadcurve.csv", "");
    assert_int_equal(add("base/empty"), -1);
    assert_says(e.text, "is a sweep");
    made_edit(scratch_path("base/a"), "run.json", "\"run_id\"", "\"id\"");
    assert_int_equal(add("base"), -1);
    assert_says(e.text, "'run_id'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_series_is_in_the_order_in_which_its_runs_began, forget),
        cmocka_unit_test_teardown(a_run_is_a_series_of_one, forget),
        cmocka_unit_test_teardown(a_copied_run_counts_once, forget),
        cmocka_unit_test_teardown(what_is_no_series_is_refused, forget),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
