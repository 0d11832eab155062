#include "descriptors.h"

#include "cm.h"
#include "err.h"
#include "plan.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a child process, as a lowered hard limit stays low: exits with 0 on the expected error. */
static void check(rlim_t limit, uint64_t n_connections, const char *told)
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        struct plan_stream stream = { .n_connections = n_connections };
        const struct plan plan = { .streams = &stream, .n_streams = 1, .n_threads = 1 };
        const struct rlimit low = { .rlim_cur = limit, .rlim_max = limit };
        struct err e;
        const int result = setrlimit(RLIMIT_NOFILE, &low) || descriptors_raise(&plan, &e) == 0;
        _exit(result || e.kind != ERR_INPUT || strcmp(e.text, told) != 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void too_few_files_are_told_with_what_would_help(void **state)
{
    (void)state;
    check(100, 50,
          "cannot open 50 connections: this process may open 100 files (hard limit 100). Raise it with "
          "`ulimit -Hn 122`, or use 28 connections in all");
    check(73, 50,
          "cannot open 50 connections: this process may open 73 files (hard limit 73). Raise it with "
          "`ulimit -Hn 122`, or use 1 connection in all");
}

/* Fewer connections would not help, so they are not suggested. */
static void a_limit_that_is_too_low_for_any_connection_is_told_as_that(void **state)
{
    (void)state;
    check(30, 1,
          "cannot open 1 connection: this process may open 30 files (hard limit 30). Raise it with "
          "`ulimit -Hn 73`; 72 are needed beside the connections");
    check(60, 50,
          "cannot open 50 connections: this process may open 60 files (hard limit 60). Raise it with "
          "`ulimit -Hn 122`; 72 are needed beside the connections");
}

/* In a child too. The limit is `soft` of at most `hard`; `raised` is what 50 connections of 3 threads have
 * then, each with so many requests at once. */
static void check_raised(rlim_t soft, rlim_t hard, rlim_t raised, uint32_t n_streams)
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        struct plan_stream stream = { .n_connections = 50, .in_flight_most = n_streams };
        const struct plan plan = {
            .target.http = PLAN_HTTP_2, .streams = &stream, .n_streams = 1, .n_threads = 3
        };
        struct rlimit limit = { .rlim_cur = soft, .rlim_max = hard };
        struct err e;
        _exit(setrlimit(RLIMIT_NOFILE, &limit) || descriptors_raise(&plan, &e) ||
              getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur != raised || limit.rlim_max != hard);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void the_limit_is_raised_as_far_as_needed(void **state)
{
    enum { NEEDED = 50 + 64 + 3 * 8 };
    (void)state;
    check_raised(100, 200, NEEDED, 1);
    check_raised(100, NEEDED, NEEDED, 1);
    check_raised(NEEDED, NEEDED, NEEDED, 1);
    check_raised(NEEDED + 1, 200, NEEDED + 1, 1);
}

/* Connections of HTTP/2 whose users move on may be two for a time; that is wished for, not needed. */
static void for_connections_that_end_it_is_raised_as_far_as_it_may(void **state)
{
    enum { NEEDED = 50 + 64 + 3 * 8 };
    (void)state;
    check_raised(100, 1000, NEEDED + 50, 4);
    check_raised(100, NEEDED + 7, NEEDED + 7, 4);
    check_raised(NEEDED, NEEDED, NEEDED, 4);
}

/* In a child too: how many of 10 of the 50 connections may have another one beside them. */
static void check_heirs(rlim_t limit, uint32_t n)
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        struct plan_stream stream = { .n_connections = 50 };
        const struct plan plan = { .streams = &stream, .n_streams = 1, .n_threads = 3 };
        const struct rlimit low = { .rlim_cur = limit, .rlim_max = limit };
        _exit(setrlimit(RLIMIT_NOFILE, &low) || descriptors_n_heirs(&plan, 10) != n);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void what_the_limit_leaves_is_for_a_part_of_them(void **state)
{
    enum { NEEDED = 50 + 64 + 3 * 8 };
    (void)state;
    check_heirs(NEEDED + 1000, 10);
    check_heirs(NEEDED + 50, 10);
    check_heirs(NEEDED + 49, 9);
    check_heirs(NEEDED + 5, 1);
    check_heirs(NEEDED + 4, 0);
    check_heirs(NEEDED - 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_few_files_are_told_with_what_would_help),
        cmocka_unit_test(a_limit_that_is_too_low_for_any_connection_is_told_as_that),
        cmocka_unit_test(the_limit_is_raised_as_far_as_needed),
        cmocka_unit_test(what_the_limit_leaves_is_for_a_part_of_them),
        cmocka_unit_test(for_connections_that_end_it_is_raised_as_far_as_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
