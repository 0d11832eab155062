#include "results_folder.h"

#include "cm.h"
#include "scratch.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_RIVALS = 12 };
#define T_NS UINT64_C(1795299004000000000)

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Names begin with results/, so that the test works in a folder of its own. */
static int setup(void **state)
{
    return scratch_setup(state) || chdir(scratch_folder) ? -1 : 0;
}

static int teardown(void **state)
{
    return chdir("/") || scratch_teardown(state) ? -1 : 0;
}

static void runs_of_one_second_get_a_number(void **state)
{
    static const char *const names[] = { "results/2026-11-21T22-10-04Z-quick",
                                         "results/2026-11-21T22-10-04Z-quick-2",
                                         "results/2026-11-21T22-10-04Z-quick-3" };
    char folder[PATH_MAX];
    struct err e;
    (void)state;
    for (size_t i = 0; i < N_OF(names); i++) {
        assert_int_equal(results_folder_make_new("quick", T_NS, folder, sizeof folder, &e), 0);
        assert_string_equal(folder, names[i]);
        assert_true(is_folder(folder));
    }
}

/* All at the same moment, as programs that a script starts together. */
static void rivals_get_a_folder_each(void **state)
{
    int pipes[2];
    pid_t rivals[N_RIVALS];
    bool is_taken[N_RIVALS + 1] = { false };
    (void)state;
    assert_int_equal(pipe(pipes), 0);
    for (int i = 0; i < N_RIVALS; i++) {
        rivals[i] = fork();
        if (rivals[i] == 0) {
            char folder[PATH_MAX], go;
            struct err e;
            close(pipes[1]);
            if (read(pipes[0], &go, 1) != 0) /* all begin when the parent closes its end */
                _exit(99);
            if (results_folder_make_new("rivals", T_NS, folder, sizeof folder, &e))
                _exit(98);
            const char *number = strstr(folder, "rivals-");
            _exit(number ? atoi(number + 7) : 1);
        }
    }
    close(pipes[0]);
    close(pipes[1]);
    for (int i = 0; i < N_RIVALS; i++) {
        int status;
        assert_int_equal(waitpid(rivals[i], &status, 0), rivals[i]);
        const int number = WEXITSTATUS(status);
        assert_true(number >= 1 && number <= N_RIVALS && !is_taken[number]);
        is_taken[number] = true;
    }
}

static void a_folder_that_is_there_is_an_input_that_does_not_fit(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(results_folder_make("a/b/run", &e), 0);
    assert_true(is_folder("a/b/run"));
    assert_int_equal(results_folder_make("a/b/run", &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_string_equal(e.text, "the results folder a/b/run exists already; name another, or remove it");
    assert_int_equal(results_folder_make("a/b/run/", &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_int_equal(results_folder_make("", &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
}

static void a_file_in_the_way_is_reported(void **state)
{
    struct err e;
    (void)state;
    scratch_write("file", "x", 1);
    assert_int_equal(results_folder_make("file/run", &e), -1);
    assert_int_equal(e.kind, ERR_FAILED);
    assert_non_null(strstr(e.text, "file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_one_second_get_a_number),
        cmocka_unit_test(rivals_get_a_folder_each),
        cmocka_unit_test(a_folder_that_is_there_is_an_input_that_does_not_fit),
        cmocka_unit_test(a_file_in_the_way_is_reported),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
