#include "exit_code.h"
#include "program.h"

#include "cm.h"
#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio_ext.h>
#include <unistd.h>

static const struct option_row rows[] = {
    { "times", 'n', OPTION_COUNT, 0, "N", "1", NULL, 0, 0, false, "how often", NULL },
    { 0 },
};
static const struct option_row no_rows[] = { { 0 } };
static const struct command run_command = {
    .name = "tool run",
    .synopsis = "[options]",
    .summary = "Runs",
    .rows = rows,
    .details = "Details of run.",
};
static const struct command fail_command = {
    .name = "tool fail", .synopsis = "", .summary = "Fails", .rows = rows
};
static const struct command other_command = {
    .name = "tool other", .synopsis = "COMMAND ...", .summary = "Others", .rows = no_rows
};

static int run(int argc, char *const argv[], struct err *e)
{
    (void)e;
    for (int i = 0; i < argc; i++)
        printf("[%s]", argv[i]);
    return EXIT_CODE_THRESHOLD;
}

static int fails(int argc, char *const argv[], struct err *e)
{
    if (argc == 0)
        return err_set(e, ERR_FAILED, "the disk is full");
    if (strcmp(argv[0], "input") == 0)
        return err_set(e, ERR_INPUT, "there is no such file");
    return err_set(e, ERR_INPUT, "x.yaml:6:12: error: no\n  users\n  ^");
}

static const struct subcommand subcommands[] = {
    { .name = "run", .command = &run_command, .run = run },
    { .name = "fail", .command = &fail_command, .run = fails },
    { .name = "other", .command = &other_command, .run = run, .is_program = true },
    { 0 },
};
static const struct subcommand *begins_with_a_dot(const char *first)
{
    return first[0] == '.' ? &subcommands[0] : NULL;
}

/* Knows a word that is like a command. */
static bool advise(const char *word, FILE *out)
{
    if (strcmp(word, "runner") != 0)
        return false;
    fprintf(out, "try `tool run %s`\n", word);
    return true;
}

static const struct program program = { .name = "tool",
                                        .summary = "A tool for tests",
                                        .subcommands = subcommands,
                                        .details = "Details of the tool." };
static const struct build build = { .commit = "0123456789ab", .compiler = "CC 1", .kind = "" };
static const struct build_library libraries[] = { { "libone", "1.2" }, { "two", "2" }, { NULL, NULL } };
static const struct program helpful = { .build = &build,
                                        .libraries = libraries,
                                        .name = "tool",
                                        .subcommands = subcommands,
                                        .implied = begins_with_a_dot,
                                        .advise = advise,
                                        .hint = "a file begins with a dot" };
static const struct program *called = &program;

static char *output[2]; /* of the last call: stdout and stderr */

static void redirect(int fd, FILE *stream, const char *path, int *saved)
{
    fflush(stream);
    *saved = dup(fd);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(file, fd);
    close(file);
}

static void restore(int fd, FILE *stream, int saved)
{
    fflush(stream);
    dup2(saved, fd);
    close(saved);
}

/* Runs the program with up to three arguments and keeps what it printed. */
static int call(const char *a, const char *b, const char *c)
{
    const char *const words[] = { "tool", a, b, c };
    char copies[N_OF(words)][32];
    char *argv[N_OF(words) + 1] = { NULL };
    int argc = 0;
    for (; argc < (int)N_OF(words) && words[argc]; argc++) {
        snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
        argv[argc] = copies[argc];
    }
    int saved[2];
    redirect(1, stdout, scratch_path("out"), &saved[0]);
    redirect(2, stderr, scratch_path("err"), &saved[1]);
    const int code = program_main(called, argc, argv);
    restore(2, stderr, saved[1]);
    restore(1, stdout, saved[0]);
    free(output[0]);
    free(output[1]);
    output[0] = scratch_read(scratch_path("out"), NULL);
    output[1] = scratch_read(scratch_path("err"), NULL);
    return code;
}

/* Runs the program with one argument and leaves stdout where it is; what is stuck in its buffer is dropped.
 */
static int call_as_it_is(const char *word)
{
    char copies[2][32] = { "tool", "" };
    char *argv[] = { copies[0], copies[1], NULL };
    int saved;
    snprintf(copies[1], sizeof copies[1], "%s", word);
    redirect(2, stderr, scratch_path("err"), &saved);
    const int code = program_main(&program, 2, argv);
    restore(2, stderr, saved);
    __fpurge(stdout);
    clearerr(stdout);
    free(output[1]);
    output[1] = scratch_read(scratch_path("err"), NULL);
    return code;
}

static int teardown(void **state)
{
    free(output[0]);
    free(output[1]);
    return scratch_teardown(state);
}

static void a_subcommand_gets_what_follows_its_name(void **state)
{
    (void)state;
    assert_int_equal(call("run", "a", "-n5"), EXIT_CODE_THRESHOLD);
    assert_string_equal(output[0], "[a][-n5]");
    assert_string_equal(output[1], "");
}

static void a_command_line_may_imply_its_subcommand(void **state)
{
    (void)state;
    called = &helpful;
    assert_int_equal(call(".x", "-n5", NULL), EXIT_CODE_THRESHOLD);
    assert_string_equal(output[0], "[.x][-n5]");
    assert_int_equal(call("run", ".x", NULL), EXIT_CODE_THRESHOLD);
    assert_string_equal(output[0], "[.x]");
    assert_int_equal(call(".x", "--help", NULL), EXIT_CODE_DONE);
    assert_non_null(strstr(output[0], "Details of run."));
    assert_int_equal(call("rn", NULL, NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no command 'rn'; did you mean 'run'?\n");
    assert_int_equal(call("\033[31mx", NULL, NULL), EXIT_CODE_USAGE);
    assert_int_equal(strncmp(output[1], "tool: there is no command '?[31mx'; ", 35), 0);
    assert_int_equal(call("house", NULL, NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no command 'house'; a file begins with a dot\n");
    assert_int_equal(call("runner", NULL, NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no command 'runner'; try `tool run runner`\n");
    called = &program;
}

static void errors_go_to_stderr_and_choose_the_exit_code(void **state)
{
    (void)state;
    assert_int_equal(call("fail", NULL, NULL), EXIT_CODE_FAILED);
    assert_string_equal(output[1], "tool: the disk is full\n");
    assert_int_equal(call("fail", "input", NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no such file\n");
    assert_int_equal(call("fail", "place", NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "x.yaml:6:12: error: no\n  users\n  ^\n");
    assert_string_equal(output[0], "");
}

static void help_comes_on_request_and_to_stdout(void **state)
{
    (void)state;
    assert_int_equal(call("--help", NULL, NULL), EXIT_CODE_DONE);
    assert_non_null(strstr(output[0], "A tool for tests."));
    assert_non_null(strstr(output[0], "  run         Runs"));
    assert_non_null(strstr(output[0], "Details of the tool."));
    assert_int_equal(call("run", "--help", NULL), EXIT_CODE_DONE);
    assert_non_null(strstr(output[0], "--times N"));
    assert_int_equal(call("help", "run", NULL), EXIT_CODE_DONE);
    assert_non_null(strstr(output[0], "--times N"));
    assert_int_equal(call("run", "x", "-h"), EXIT_CODE_DONE);
    assert_non_null(strstr(output[0], "Details of run."));
    assert_int_equal(call("run", "--", "-h"), EXIT_CODE_THRESHOLD);
}

static void another_program_is_asked_for_its_own_help(void **state)
{
    (void)state;
    assert_int_equal(call("other", "--help", "x"), EXIT_CODE_THRESHOLD);
    assert_string_equal(output[0], "[--help][x]");
    assert_int_equal(call("help", "other", NULL), EXIT_CODE_THRESHOLD);
    assert_string_equal(output[0], "[--help]");
    assert_int_equal(call("help", "other", "x"), EXIT_CODE_THRESHOLD);
    assert_string_equal(output[0], "[help][x]");
    assert_int_equal(call("ohter", NULL, NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no command 'ohter'; did you mean 'other'?\n");
    assert_int_equal(call("--help", NULL, NULL), EXIT_CODE_DONE);
    assert_non_null(strstr(output[0], "  other       Others"));
}

static void what_cannot_be_written_is_a_failure_unless_nobody_reads_it(void **state)
{
    int saved;
    int ends[2];
    (void)state;
    redirect(1, stdout, "/dev/full", &saved);
    assert_int_equal(call_as_it_is("--version"), EXIT_CODE_FAILED);
    assert_non_null(
        strstr(output[1], "tool: cannot write to the standard output: No space left on device\n"));
    assert_int_equal(call_as_it_is("run"), EXIT_CODE_THRESHOLD);
    setvbuf(stdout, NULL, _IONBF, 0);
    assert_int_equal(call_as_it_is("--version"), EXIT_CODE_FAILED); /* nothing is left to flush */
    assert_non_null(strstr(output[1], "tool: cannot write to the standard output\n"));
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    restore(1, stdout, saved);

    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    saved = dup(1);
    dup2(ends[1], 1);
    close(ends[1]);
    assert_int_equal(call_as_it_is("--version"), EXIT_CODE_DONE);
    assert_string_equal(output[1], "");
    restore(1, stdout, saved);
}

static void no_command_is_a_mistake_with_help(void **state)
{
    (void)state;
    assert_int_equal(call(NULL, NULL, NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[0], "");
    assert_non_null(strstr(output[1], "Commands:"));
}

static void an_unknown_command_is_named_with_the_near_one(void **state)
{
    (void)state;
    assert_int_equal(call("rum", NULL, NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no command 'rum'; did you mean 'run'?\n");
    assert_int_equal(call("dance", NULL, NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no command 'dance'; `tool --help` lists them\n");
    assert_int_equal(call("help", "dance", NULL), EXIT_CODE_USAGE);
    assert_string_equal(output[1], "tool: there is no command 'dance'; `tool --help` lists them\n");
}

static void version_and_manual_are_printed(void **state)
{
    (void)state;
    assert_int_equal(call("--version", NULL, NULL), EXIT_CODE_DONE);
    assert_int_equal(strncmp(output[0], "tool " LOADGEN_VERSION "\n", strlen("tool " LOADGEN_VERSION "\n")),
                     0);
    assert_null(strstr(output[0], "libraries"));
    assert_int_equal(call("--man", NULL, NULL), EXIT_CODE_DONE);
    assert_int_equal(strncmp(output[0], ".TH TOOL 1 ", 11), 0);
    assert_int_equal(call("--man", "run", NULL), EXIT_CODE_DONE);
    assert_non_null(strstr(output[0], "\\-\\-times"));
    assert_int_equal(call("--man", "other", NULL), EXIT_CODE_THRESHOLD);
    assert_string_equal(output[0], "[--man]");
    assert_int_equal(call("--man", "dance", NULL), EXIT_CODE_USAGE);
}

static void the_version_says_what_the_program_is_made_of(void **state)
{
    static const char *const words[] = { "--version", "-V", "version" };
    (void)state;
    called = &helpful;
    for (size_t i = 0; i < N_OF(words); i++) {
        assert_int_equal(call(words[i], NULL, NULL), EXIT_CODE_DONE);
        assert_non_null(strstr(
            output[0], "\ncommit     0123456789ab\ncompiler   CC 1, unknown build\nsystem     Linux "));
        assert_non_null(strstr(output[0], "\nlibraries  libone 1.2, two 2\nlicense    MIT, "));
    }
    called = &program;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subcommand_gets_what_follows_its_name),
        cmocka_unit_test(a_command_line_may_imply_its_subcommand),
        cmocka_unit_test(errors_go_to_stderr_and_choose_the_exit_code),
        cmocka_unit_test(help_comes_on_request_and_to_stdout),
        cmocka_unit_test(another_program_is_asked_for_its_own_help),
        cmocka_unit_test(what_cannot_be_written_is_a_failure_unless_nobody_reads_it),
        cmocka_unit_test(no_command_is_a_mistake_with_help),
        cmocka_unit_test(an_unknown_command_is_named_with_the_near_one),
        cmocka_unit_test(version_and_manual_are_printed),
        cmocka_unit_test(the_version_says_what_the_program_is_made_of),
    };
    return cmocka_run_group_tests(tests, scratch_setup, teardown);
}
