/* What a process does with signals, tried in children. */
#include "stop.h"

#include "clock.h"

#include "cm.h"
#include "exit_code.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef void act_fn(void);

/* The exit status of a child that does this and then exits with the number of the signal that it noticed. */
static int status_of(act_fn *act)
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        act();
        _exit(*stop_flag());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static int code_of(act_fn *act)
{
    const int status = status_of(act);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void get_terminated(void)
{
    stop_catch();
    raise(SIGTERM);
}

static void hang_up(void)
{
    stop_catch();
    raise(SIGHUP);
}

static void get_a_launchers_signal(void)
{
    stop_catch();
    raise(SIGUSR1);
}

static void get_two(void)
{
    stop_catch();
    raise(SIGTERM);
    raise(SIGINT); /* at once: timeout(1) signals the process and then its group */
}

static void write_to_nobody(void)
{
    int ends[2];
    stop_catch();
    if (pipe(ends) == 0 && close(ends[0]) == 0 && write(ends[1], "x", 1) < 0 && errno == EPIPE)
        _exit(77);
}

static void a_signal_sets_the_flag(void **state)
{
    (void)state;
    assert_int_equal(code_of(get_terminated), SIGTERM);
    assert_int_equal(code_of(hang_up), SIGHUP);
    assert_int_equal(code_of(get_a_launchers_signal), SIGUSR1);
    assert_int_equal(code_of(get_two), SIGTERM);
    assert_int_equal(code_of(write_to_nobody), 77);
}

static void get_ignored_signals(void)
{
    static const int numbers[] = { SIGHUP, SIGINT, SIGTERM, SIGUSR1 };
    for (size_t i = 0; i < N_OF(numbers); i++)
        signal(numbers[i], SIG_IGN);
    stop_catch();
    for (size_t i = 0; i < N_OF(numbers); i++) {
        raise(numbers[i]);
        if (!stop_is_ignored(numbers[i]))
            _exit(77);
    }
}

static void be_interrupted_under_nohup(void)
{
    signal(SIGHUP, SIG_IGN);
    stop_catch();
    raise(SIGHUP);
    if (stop_is_asked())
        _exit(77);
    raise(SIGINT);
}

static void what_was_ignored_stays_ignored(void **state)
{
    (void)state;
    assert_int_equal(code_of(get_ignored_signals), 0);
    assert_int_equal(code_of(be_interrupted_under_nohup), SIGINT);
}

static void interrupt_twice(void)
{
    const struct timespec while_longer = { .tv_nsec = 60000000 };
    stop_last_words("the last words\n");
    stop_catch();
    raise(SIGINT);
    nanosleep(&while_longer, NULL);
    raise(SIGTERM); /* no matter how often */
    raise(SIGINT);
    _exit(77);
}

static void a_second_interrupt_ends_at_once_and_says_what_is_left(void **state)
{
    (void)state;
    char said[64] = "";
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const int kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    const int code = code_of(interrupt_twice);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    assert_true(read(ends[0], said, sizeof said - 1) > 0);
    close(ends[0]);
    assert_string_equal(said, "the last words\n");
    assert_int_equal(code, EXIT_CODE_INTERRUPTED);
}

/* A child that waits for a signal to end it. Started before signals are caught, as a separate program would
 * be. */
static pid_t start_child(void)
{
    const pid_t pid = fork();
    if (pid == 0) {
        alarm(60); /* ends it in any case */
        for (;;)
            pause();
    }
    return pid;
}

static void check_ended(pid_t pid)
{
    int status;
    if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM)
        _exit(77);
}

static void have_a_child(void)
{
    const pid_t early = start_child();
    const pid_t late = start_child();
    stop_catch();
    stop_child(early);
    raise(SIGINT);
    check_ended(early);
    stop_child(late); /* when the stop has come already */
    check_ended(late);
    stop_child(0);
}

static void a_child_ends_with_the_program(void **state)
{
    (void)state;
    assert_int_equal(code_of(have_a_child), SIGINT);
}

static void rest_when_stopped(void)
{
    stop_catch();
    raise(SIGTERM);
    stop_rest(UINT64_C(3600000000000));
}

static void a_rest_ends_with_a_stop(void **state)
{
    (void)state;
    alarm(60); /* fails instead of hanging */
    assert_int_equal(code_of(rest_when_stopped), SIGTERM);
    alarm(0);
}

static void a_rest_lasts_as_long_as_it_is_told_to(void **state)
{
    (void)state;
    const uint64_t start_ns = clock_monotonic_ns();
    stop_rest(1000000);
    assert_true(clock_monotonic_ns() - start_ns >= 1000000);
}

int main(void)
{
    static const int caught[] = { SIGHUP, SIGINT, SIGTERM, SIGUSR1 };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_sets_the_flag),
        cmocka_unit_test(what_was_ignored_stays_ignored),
        cmocka_unit_test(a_second_interrupt_ends_at_once_and_says_what_is_left),
        cmocka_unit_test(a_child_ends_with_the_program),
        cmocka_unit_test(a_rest_ends_with_a_stop),
        cmocka_unit_test(a_rest_lasts_as_long_as_it_is_told_to),
    };
    for (size_t i = 0; i < N_OF(caught); i++)
        signal(caught[i], SIG_DFL); /* nohup and shells leave some of them ignored */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
