#include "err.h"
#include "paths.h"

#include "cm.h"
#include "scratch.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOPOLOGY "provision/topologies/m4x4-t2x5.yaml" /* is not in the chosen data folder */

static int make_shipped(void **state)
{
    struct err e;
    if (scratch_setup(state) || files_make_folders(scratch_path("data/loadgen/scenarios"), &e))
        return -1;
    scratch_write("data/loadgen/scenarios/tp1.yaml", "a", 1);
    scratch_write("data/loadgen/scenarios/demo.yaml", "b", 1);
    scratch_write("data/loadgen/scenarios/notes.txt", "c", 1);
    return setenv("LOADGEN_DATA_DIR", scratch_path("data"), 1);
}

static void the_chosen_data_folder_comes_first(void **state)
{
    char out[PATH_MAX];
    (void)state;
    assert_int_equal(paths_data("loadgen/scenarios/tp1.yaml", out, sizeof out), 0);
    assert_string_equal(out, scratch_path("data/loadgen/scenarios/tp1.yaml"));
}

/* Whether it is share/loadgen/TOPOLOGY of the build tree. */
static bool is_of_the_build_tree(const char *path)
{
    char tests[PATH_MAX], wanted[2 * PATH_MAX];
    const ssize_t n = readlink("/proc/self/exe", tests, sizeof tests - 1);
    assert_true(n > 0);
    tests[n] = '\0';
    *strstr(tests, "/tests/test_paths") = '\0';
    snprintf(wanted, sizeof wanted, "%s/share/loadgen/%s", tests, TOPOLOGY);
    return strcmp(path, wanted) == 0;
}

static void the_folder_above_the_programs_comes_last(void **state)
{
    char out[PATH_MAX];
    (void)state;
    assert_int_equal(paths_data(TOPOLOGY, out, sizeof out), 0);
    assert_true(is_of_the_build_tree(out));
    assert_int_equal(paths_data("no/such/file", out, sizeof out), -1);
    assert_int_equal(paths_data(TOPOLOGY, out, 10), -1);
}

static void siblings_are_found_beside_the_running_program(void **state)
{
    char out[PATH_MAX];
    (void)state;
    paths_program("test_paths", out, sizeof out);
    assert_int_equal(out[0], '/');
    assert_int_equal(access(out, X_OK), 0);
    paths_program("no-such-program", out, sizeof out);
    assert_string_equal(out, "no-such-program");
}

static void a_word_is_a_file_or_the_name_of_a_shipped_one(void **state)
{
    char out[PATH_MAX];
    struct err e;
    (void)state;
    assert_int_equal(paths_shipped("scenario", "loadgen/scenarios", "tp1", out, sizeof out, &e), 0);
    assert_string_equal(out, scratch_path("data/loadgen/scenarios/tp1.yaml"));
    const char *own = scratch_write("mine.yaml", "x", 1);
    assert_int_equal(paths_shipped("scenario", "loadgen/scenarios", own, out, sizeof out, &e), 0);
    assert_string_equal(out, own);
}

static void a_word_that_is_neither_lists_what_is_shipped(void **state)
{
    char out[PATH_MAX];
    struct err e;
    (void)state;
    assert_int_equal(paths_shipped("scenario", "loadgen/scenarios", "tp9", out, sizeof out, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_string_equal(
        e.text,
        "there is no scenario 'tp9': neither a file of that name nor a shipped one; shipped are demo, tp1");
    assert_int_equal(paths_shipped("scenario", "loadgen/scenarios", "./tp1", out, sizeof out, &e), -1);
    assert_int_equal(paths_shipped("topology", "no/such/folder", "x", out, sizeof out, &e), -1);
    assert_string_equal(e.text, "there is no topology 'x': neither a file of that name nor a shipped one");
}

static void no_chosen_folder_is_none(void **state)
{
    char out[PATH_MAX];
    (void)state;
    setenv("LOADGEN_DATA_DIR", "", 1);
    assert_int_equal(paths_data(TOPOLOGY, out, sizeof out), 0);
    assert_true(is_of_the_build_tree(out));
    unsetenv("LOADGEN_DATA_DIR");
    assert_int_equal(paths_data(TOPOLOGY, out, sizeof out), 0);
    setenv("LOADGEN_DATA_DIR", scratch_path("data"), 1);
}

static void a_path_has_to_fit(void **state)
{
    char out[PATH_MAX];
    struct err e;
    (void)state;
    const char *own = scratch_write("own", "x", 1);
    assert_int_equal(paths_shipped("scenario", "loadgen/scenarios", own, out, strlen(own) + 1, &e), 0);
    assert_int_equal(paths_shipped("scenario", "loadgen/scenarios", own, out, strlen(own), &e), -1);
    assert_string_equal(e.text, "the path of the scenario is too long");
    const char *tp1 = scratch_path("data/loadgen/scenarios/tp1.yaml");
    assert_int_equal(paths_data("loadgen/scenarios/tp1.yaml", out, strlen(tp1) + 1), 0);
    assert_string_equal(out, tp1);
}

static void of_many_that_are_shipped_the_first_are_listed(void **state)
{
    char out[PATH_MAX], name[64];
    struct err e;
    (void)state;
    assert_int_equal(files_make_folders(scratch_path("data/many"), &e), 0);
    for (int i = 0; i < 63; i++) {
        snprintf(name, sizeof name, "data/many/scenario-%02d.yaml", i);
        scratch_write(name, "x", 1);
    }
    scratch_write("data/many/README", "x", 1);
    assert_int_equal(paths_shipped("scenario", "many", "none", out, sizeof out, &e), -1);
    assert_non_null(strstr(e.text, "; shipped are scenario-00, scenario-01, "));
    assert_null(strstr(e.text, "README"));
    assert_true(strlen(e.text) > 500 && strlen(e.text) < 700);
    for (int i = 63; i < 80; i++) { /* more than are looked at */
        snprintf(name, sizeof name, "data/many/s%02d.yaml", i);
        scratch_write(name, "x", 1);
    }
    assert_int_equal(paths_shipped("scenario", "many", "none", out, sizeof out, &e), -1);
    assert_non_null(strstr(e.text, "; shipped are s"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chosen_data_folder_comes_first),
        cmocka_unit_test(the_folder_above_the_programs_comes_last),
        cmocka_unit_test(siblings_are_found_beside_the_running_program),
        cmocka_unit_test(a_word_is_a_file_or_the_name_of_a_shipped_one),
        cmocka_unit_test(a_word_that_is_neither_lists_what_is_shipped),
        cmocka_unit_test(no_chosen_folder_is_none),
        cmocka_unit_test(a_path_has_to_fit),
        cmocka_unit_test(of_many_that_are_shipped_the_first_are_listed),
    };
    return cmocka_run_group_tests(tests, make_shipped, scratch_teardown);
}
