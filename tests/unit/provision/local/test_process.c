#include "process.h"

#include "err.h"
#include "files.h"
#include "units.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int prepare(const char *const *argv, struct process_start *start, struct err *e)
{
    const struct process_plan plan = {
        .argv = argv, .stdout_path = "/dev/null", .stderr_path = "/dev/null", .inherited_fd = -1
    };
    return process_prepare(&plan, start, e);
}

static struct process start(const char *const *argv)
{
    struct process_start s;
    struct err e;
    if (prepare(argv, &s, &e) || process_release(&s, &e))
        fail_msg("%s", e.text);
    return s.process;
}

static const char *const sleeper[] = { "sleep", "60", NULL };
static const char *const stubborn[] = { "sh", "-c", "trap '' TERM; while :; do sleep 60; done", NULL };

static void a_process_runs_until_it_is_ended(void **state)
{
    (void)state;
    const struct process p = start(sleeper);
    assert_true(process_is_alive(&p));
    assert_int_equal(process_end_all(&p, 1, 60 * NS_PER_S), 0);
    assert_false(process_is_alive(&p));
    assert_int_equal(kill(p.pid, 0), -1); /* reaped */
}

static void one_that_ignores_sigterm_is_killed(void **state)
{
    (void)state;
    const struct process p = start(stubborn);
    assert_int_equal(process_end_all(&p, 1, NS_PER_S), 0);
    assert_false(process_is_alive(&p));
    /* Its `sleep` is in its session, which is not recorded: end it too. */
    kill(-p.pid, SIGKILL);
}

static void a_stopped_one_continues_or_is_ended(void **state)
{
    (void)state;
    for (int goes_on = 0; goes_on < 2; goes_on++) {
        const struct process p = start(sleeper);
        assert_false(process_is_stopped(&p));
        assert_int_equal(process_signal(&p, SIGSTOP), 0);
        assert_int_equal(waitpid(p.pid, NULL, WUNTRACED), p.pid);
        assert_true(process_is_stopped(&p) && process_is_alive(&p));
        if (goes_on) {
            assert_int_equal(process_signal(&p, SIGCONT), 0);
            assert_int_equal(waitpid(p.pid, NULL, WCONTINUED), p.pid);
            assert_false(process_is_stopped(&p));
        }
        assert_int_equal(process_end_all(&p, 1, 60 * NS_PER_S), 0); /* and not only after a minute */
        assert_false(process_is_stopped(&p));
    }
}

static void one_that_is_killed_has_ended_when_that_is_reported(void **state)
{
    (void)state;
    const struct process p = start(stubborn);
    const struct process other = { .pid = p.pid, .started_ticks = p.started_ticks + 1 };
    assert_int_equal(process_signal(&other, SIGKILL), -1);
    assert_int_equal(process_kill(&other, NS_PER_S), 0);
    assert_true(process_is_alive(&p));
    assert_int_equal(process_kill(&p, 60 * NS_PER_S), 0);
    assert_false(process_is_alive(&p));
    assert_int_equal(process_signal(&p, SIGCONT), -1);
    kill(-p.pid, SIGKILL); /* its `sleep` */
}

static void another_process_of_the_same_id_is_left_alone(void **state)
{
    (void)state;
    const struct process p = start(sleeper);
    const struct process before = { .pid = p.pid, .started_ticks = p.started_ticks - 1 };
    assert_false(process_is_alive(&before));
    assert_int_equal(process_end_all(&before, 1, NS_PER_S), 0);
    assert_true(process_is_alive(&p));
    assert_int_equal(process_end_all(&p, 1, 60 * NS_PER_S), 0);
}

static void nothing_runs_before_it_is_released(void **state)
{
    static const char *const never[] = { "sh", "-c", "echo ran > \"$0\"", "/tmp/test_process.never", NULL };
    struct process_start s;
    struct err e;
    (void)state;
    unlink(never[3]);
    assert_int_equal(prepare(never, &s, &e), 0);
    assert_true(process_is_alive(&s.process));
    const struct process p = s.process;
    process_cancel(&s);
    assert_false(process_is_alive(&p));
    assert_int_equal(access(never[3], F_OK), -1);
}

static void a_program_that_cannot_be_run_is_named(void **state)
{
    static const char *const missing[] = { "no-such-program", NULL };
    static const char *const folder[] = { "/tmp", NULL };
    struct process_start s;
    struct err e;
    (void)state;
    assert_int_equal(prepare(missing, &s, &e), 0);
    assert_int_equal(process_release(&s, &e), -1);
    assert_string_equal(e.text, "cannot run no-such-program: No such file or directory; is it installed?");
    assert_int_equal(prepare(folder, &s, &e), 0);
    assert_int_equal(process_release(&s, &e), -1);
    assert_string_equal(e.text, "cannot run /tmp: Permission denied");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left to wait for */
    assert_int_equal(errno, ECHILD);
}

static void descriptors_stay_behind_but_the_one_to_be_inherited(void **state)
{
    static const char *const list[] = { "sh", "-c", "ls /proc/self/fd", NULL };
    char out[] = "/tmp/test_process.XXXXXX";
    char *text;
    size_t length;
    struct process_start s;
    struct err e;
    (void)state;
    close(mkstemp(out));
    const int stays = dup(STDIN_FILENO);
    const int goes = dup(STDIN_FILENO);
    const struct process_plan plan = {
        .argv = list, .stdout_path = out, .stderr_path = "/dev/null", .inherited_fd = goes
    };
    assert_int_equal(process_prepare(&plan, &s, &e), 0);
    assert_int_equal(process_release(&s, &e), 0);
    waitpid(s.process.pid, NULL, 0);
    assert_int_equal(files_read(out, 4096, &text, &length, &e), 0);
    char name_stays[16];
    char name_goes[16];
    snprintf(name_stays, sizeof name_stays, "\n%d\n", stays);
    snprintf(name_goes, sizeof name_goes, "\n%d\n", goes);
    assert_non_null(strstr(text, name_goes));
    /* `ls` itself has one descriptor open: the lowest that is free. */
    if (stays != 3)
        assert_null(strstr(text, name_stays));
    free(text);
    unlink(out);
    close(stays);
    close(goes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_runs_until_it_is_ended),
        cmocka_unit_test(one_that_ignores_sigterm_is_killed),
        cmocka_unit_test(a_stopped_one_continues_or_is_ended),
        cmocka_unit_test(one_that_is_killed_has_ended_when_that_is_reported),
        cmocka_unit_test(another_process_of_the_same_id_is_left_alone),
        cmocka_unit_test(nothing_runs_before_it_is_released),
        cmocka_unit_test(a_program_that_cannot_be_run_is_named),
        cmocka_unit_test(descriptors_stay_behind_but_the_one_to_be_inherited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
