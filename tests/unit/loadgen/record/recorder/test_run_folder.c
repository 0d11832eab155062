#include "cm.h"
#include "run_folder.h"
#include "scratch.h"
#include "small_plan.h"

#include <sys/stat.h>
#include <unistd.h>

static void slashes_at_the_end_are_no_part_of_the_path(void **state)
{
    struct run_folder f;
    struct err e;
    char path[160];
    (void)state;
    snprintf(path, sizeof path, "%s/slashes//", scratch_folder);
    assert_int_equal(run_folder_make(&f, path, &small_plan, &e), 0);
    assert_string_equal(f.path, scratch_path("slashes"));
    run_folder_close(&f);
}

static void a_run_may_keep_nothing(void **state)
{
    struct run_folder f;
    struct err e;
    char path[PATH_MAX];
    (void)state;
    assert_int_equal(run_folder_make(&f, NULL, &small_plan, &e), 0);
    assert_false(run_folder_is_kept(&f));
    run_folder_start(&f, 1);
    csv_u64(&f.intervals, 1);
    csv_end_row(&f.intervals);
    run_folder_flush(&f);
    run_folder_end(&f);
    run_folder_point_latest(&f);
    run_folder_close(&f);
    assert_int_equal(f.failure.kind, ERR_NONE);
    assert_string_equal(run_folder_file(&f, "run.json", path), "/dev/null");
}

static void a_path_has_a_length(void **state)
{
    static const size_t lengths[] = { 0, PATH_MAX - 64, PATH_MAX - 63 };
    struct run_folder f;
    struct err e;
    (void)state;
    for (size_t i = 0; i < N_OF(lengths); i++) {
        char path[PATH_MAX + 1];
        memset(path, 'x', lengths[i]);
        path[lengths[i]] = '\0';
        assert_int_equal(run_folder_make(&f, path, &small_plan, &e), -1);
        assert_non_null(strstr(e.text, "the path is empty or too long"));
    }
}

static void the_deployment_is_copied(void **state)
{
    struct plan plan = small_plan;
    struct run_folder f;
    struct err e;
    (void)state;
    plan.deployment.json = (char[]){ "{\"state\": \"up\"}\n" };
    assert_int_equal(run_folder_make(&f, scratch_path("bare"), &plan, &e), 0);
    assert_int_not_equal(access(scratch_path("bare/deployment.json"), F_OK), 0); /* of no deployment */
    run_folder_close(&f);
    plan.deployment.present = true;
    assert_int_equal(run_folder_make(&f, scratch_path("deployed"), &plan, &e), 0);
    char *text = scratch_read(scratch_path("deployed/deployment.json"), NULL);
    assert_non_null(strstr(text, "\"state\": \"up\""));
    free(text);
    run_folder_close(&f);
    plan.deployment.json = NULL;
    assert_int_equal(run_folder_make(&f, scratch_path("unknown"), &plan, &e), 0);
    run_folder_close(&f);
}

/* Each file in turn cannot be created, because a folder has its name. */
static void a_folder_in_which_a_file_cannot_be_created_is_refused(void **state)
{
    static const char *const files[] = { "deployment.json", "intervals.csv", "errors.csv", "health.csv",
                                         "samples.csv" };
    struct plan plan = small_plan;
    (void)state;
    plan.deployment.present = true;
    plan.deployment.json = (char[]){ "{}" };
    for (size_t i = 0; i < N_OF(files); i++) {
        struct run_folder f;
        struct err e;
        char path[160];
        snprintf(path, sizeof path, "%s/refused%zu/%s", scratch_folder, i, files[i]);
        assert_int_equal(files_make_folders(path, &e), 0);
        *strrchr(path, '/') = '\0';
        assert_int_equal(run_folder_make(&f, path, &plan, &e), -1);
        assert_non_null(strstr(e.text, files[i]));
    }
}

static void histograms_that_cannot_be_written_are_noted(void **state)
{
    struct run_folder f;
    struct err e;
    (void)state;
    assert_int_equal(run_folder_make(&f, scratch_path("no-hist"), &small_plan, &e), 0);
    assert_int_equal(mkdir(scratch_path("no-hist/hist.hlog"), 0700), 0);
    run_folder_start(&f, 1);
    assert_int_equal(f.failure.kind, ERR_FAILED);
    assert_non_null(strstr(f.failure.text, "hist.hlog"));
    run_folder_flush(&f);
    run_folder_close(&f);
}

static void the_first_failure_is_kept(void **state)
{
    struct run_folder f = { .failure.kind = ERR_NONE };
    struct err e;
    (void)state;
    err_set(&e, ERR_FAILED, "one");
    run_folder_note(&f, &e);
    err_set(&e, ERR_FAILED, "two");
    run_folder_note(&f, &e);
    assert_string_equal(f.failure.text, "one");
}

/* A new folder of the same name is not the one being written. */
static void a_folder_that_was_replaced_is_noticed(void **state)
{
    struct run_folder f;
    struct err e;
    char kept[160];
    (void)state;
    assert_int_equal(run_folder_make(&f, scratch_path("replaced"), &small_plan, &e), 0);
    run_folder_start(&f, 1);
    run_folder_flush(&f);
    assert_int_equal(f.failure.kind, ERR_NONE);
    snprintf(kept, sizeof kept, "%s/kept", scratch_folder);
    assert_int_equal(rename(f.path, kept), 0);
    assert_int_equal(mkdir(f.path, 0700), 0);
    run_folder_flush(&f);
    assert_non_null(strstr(f.failure.text, "replaced was removed or renamed while the run wrote to it"));
    run_folder_close(&f);
}

static void reads_link(const char *link, const char *want)
{
    char target[128] = "";
    assert_true(readlink(link, target, sizeof target - 1) > 0);
    assert_string_equal(target, want);
}

static void latest_stands_beside_the_run_wherever_that_is(void **state)
{
    struct run_folder f = { .path = "" };
    struct err e;
    char here[PATH_MAX];
    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(files_make_folders(scratch_path("results/run"), &e), 0);
    assert_int_equal(chdir(scratch_folder), 0);
    strcpy(f.path, "results/run"); /* a parent without a parent */
    run_folder_point_latest(&f);
    reads_link("results/latest", "run");
    strcpy(f.path, "results/other");
    run_folder_point_latest(&f);
    reads_link("results/latest", "other");
    strcpy(f.path, "myresults/run");
    run_folder_point_latest(&f);
    strcpy(f.path, "run"); /* here, which has no name */
    run_folder_point_latest(&f);
    assert_int_not_equal(access("latest", F_OK), 0);
    strcpy(f.path, "/run");
    run_folder_point_latest(&f);
    assert_int_not_equal(access("/latest", F_OK), 0);
    assert_int_equal(f.failure.kind, ERR_NONE);
    assert_int_equal(chdir(here), 0);
}

static void a_latest_that_is_no_link_is_kept(void **state)
{
    struct run_folder f = { .path = "" };
    struct err e;
    (void)state;
    assert_int_equal(files_make_folders(scratch_path("kept/results/latest/mine"), &e), 0);
    strcpy(f.path, scratch_path("kept/results/run"));
    run_folder_point_latest(&f);
    assert_non_null(strstr(f.failure.text, "cannot point"));
    assert_int_equal(access(scratch_path("kept/results/latest/mine"), F_OK), 0);
    assert_int_equal(files_remove_tree(scratch_path("kept/results/latest"), &e), 0);
    assert_int_equal(rmdir(scratch_path("kept/results")), 0); /* nothing is left behind */
}

static void holds(const struct run_folder_room *room, off_t n_bytes)
{
    struct stat about;
    assert_true(room->is_taken);
    assert_int_equal(fstat(room->fd, &about), 0);
    assert_int_equal(about.st_size, n_bytes);
    assert_int_equal(about.st_nlink, 0);
}

static void space_for_the_last_files_is_held_until_they_are_written(void **state)
{
    struct plan plan = small_plan;
    struct run_folder f;
    struct err e;
    const off_t n_bytes = 12 * 1024 + 4 * 1024 * (off_t)small_plan.n_phases;
    (void)state;
    plan.scenario_text = (char[]){ "12345" };
    assert_int_equal(run_folder_make(&f, scratch_path("room"), &plan, &e), 0);
    holds(&f.json_room, n_bytes + 2 * 5);
    holds(&f.rest_room, n_bytes);
    run_folder_end(&f);
    assert_false(f.rest_room.is_taken);
    assert_true(f.json_room.is_taken);
    run_folder_close(&f);
    assert_false(f.json_room.is_taken);
    run_folder_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slashes_at_the_end_are_no_part_of_the_path),
        cmocka_unit_test(a_run_may_keep_nothing),
        cmocka_unit_test(a_path_has_a_length),
        cmocka_unit_test(the_deployment_is_copied),
        cmocka_unit_test(a_folder_in_which_a_file_cannot_be_created_is_refused),
        cmocka_unit_test(histograms_that_cannot_be_written_are_noted),
        cmocka_unit_test(the_first_failure_is_kept),
        cmocka_unit_test(a_folder_that_was_replaced_is_noticed),
        cmocka_unit_test(latest_stands_beside_the_run_wherever_that_is),
        cmocka_unit_test(a_latest_that_is_no_link_is_kept),
        cmocka_unit_test(space_for_the_last_files_is_held_until_they_are_written),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
