#include "child.h"

#include "cm.h"
#include "scratch.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *program(const char *name, const char *script)
{
    const char *path = scratch_write(name, script, strlen(script));
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

static void path_is(const char *more)
{
    char path[400];
    snprintf(path, sizeof path, "%s%s", scratch_folder, more);
    assert_int_equal(setenv("PATH", path, 1), 0);
}

static void it_runs_where_it_is_told_to_with_words_as_they_are(void **state)
{
    static const char *const argv[] = { "writer", "a b", "$(id)", "`id`", "\n", NULL };
    char said[CHILD_SAID_BYTES];
    (void)state;
    program("writer", "#!/bin/sh\nprintf '%s|' \"$@\" > written\n");
    path_is("");
    assert_int_equal(mkdir(scratch_path("a;`b` \n$c"), 0755), 0);
    assert_int_equal(child_run(argv, scratch_path("a;`b` \n$c"), said), CHILD_DONE);
    assert_string_equal(said, "");
    char *written = scratch_read(scratch_path("a;`b` \n$c/written"), NULL);
    assert_string_equal(written, "a b|$(id)|`id`|\n|");
    free(written);
}

static void the_last_line_that_it_said_is_kept_without_escapes(void **state)
{
    static const char *const argv[] = { "talker", NULL };
    char said[CHILD_SAID_BYTES];
    (void)state;
    program("talker", "#!/bin/sh\ni=0; while [ $i -lt 3000 ]; do echo warning $i >&2; i=$((i+1)); done\n"
                      "printf 'line 3: \\033[1mwrong\\n\\n' >&2; exit 4\n");
    path_is("");
    assert_int_equal(child_run(argv, "/", said), CHILD_FAILED);
    assert_string_equal(said, "line 3: ?[1mwrong");
}

static void how_it_ended_is_reported(void **state)
{
    static const char *const silent[] = { "silent", NULL }, *const killed[] = { "killed", NULL };
    static const char *const broken[] = { "broken", NULL };
    char said[CHILD_SAID_BYTES];
    (void)state;
    program("silent", "#!/bin/sh\nexit 4\n");
    program("killed", "#!/bin/sh\nkill -9 $$\n");
    program("broken", "#!/nowhere/at/all\n");
    path_is("");
    assert_int_equal(child_run(silent, "/", said), CHILD_FAILED);
    assert_string_equal(said, "it ended with exit code 4");
    assert_int_equal(child_run(killed, "/", said), CHILD_FAILED);
    assert_non_null(strstr(said, "signal 9"));
    assert_int_equal(child_run(broken, "/", said), CHILD_FAILED);
    assert_non_null(strstr(said, "No such file"));
}

static void an_absolute_path_needs_no_search(void **state)
{
    const char *const there[] = { program("direct", "#!/bin/sh\nexit 0\n"), NULL };
    static const char *const absent[] = { "/nowhere/direct", NULL }, *const folder[] = { "/tmp", NULL };
    char said[CHILD_SAID_BYTES];
    (void)state;
    assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
    assert_int_equal(child_run(there, "/", said), CHILD_DONE);
    assert_int_equal(child_run(absent, "/", said), CHILD_MISSING);
    assert_int_equal(child_run(folder, "/", said), CHILD_MISSING);
    assert_string_equal(said, "it is not installed or not on PATH");
}

static void only_absolute_folders_of_the_path_are_looked_into(void **state)
{
    static const char *const argv[] = { "lurker", NULL };
    char said[CHILD_SAID_BYTES];
    (void)state;
    program("lurker", "#!/bin/sh\n: > ran\n");
    assert_int_equal(chdir(scratch_folder), 0);
    assert_int_equal(setenv("PATH", ":.::relative", 1), 0);
    assert_int_equal(child_run(argv, scratch_folder, said), CHILD_MISSING);
    assert_int_not_equal(access(scratch_path("ran"), F_OK), 0);
    path_is("/nowhere::");
    assert_int_equal(child_run(argv, scratch_folder, said), CHILD_MISSING);
    path_is(":.");
    assert_int_equal(child_run(argv, scratch_folder, said), CHILD_DONE);
}

/* Where the kernel reaps children, how one ended cannot be known. */
static void an_end_that_cannot_be_known_is_a_failure(void **state)
{
    static const char *const argv[] = { "good", NULL };
    char said[CHILD_SAID_BYTES];
    (void)state;
    program("good", "#!/bin/sh\nexit 0\n");
    path_is("");
    signal(SIGCHLD, SIG_IGN);
    assert_int_equal(child_run(argv, "/", said), CHILD_FAILED);
    signal(SIGCHLD, SIG_DFL);
    assert_string_equal(said, "No child processes");
    assert_int_equal(child_run(argv, "/", said), CHILD_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_runs_where_it_is_told_to_with_words_as_they_are),
        cmocka_unit_test(the_last_line_that_it_said_is_kept_without_escapes),
        cmocka_unit_test(how_it_ended_is_reported),
        cmocka_unit_test(an_end_that_cannot_be_known_is_a_failure),
        cmocka_unit_test(an_absolute_path_needs_no_search),
        cmocka_unit_test(only_absolute_folders_of_the_path_are_looked_into),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
