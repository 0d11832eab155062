/* System calls interrupted by a signal (EINTR) are repeated: nothing is lost, and nothing waits. */
#include "cm.h"
#include "lookup.h"
#include "transport.h"
#include "transport_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Replace the C library's; the first calls are interrupted. */
static int n_interrupted;

static int is_interrupted(void)
{
    if (n_interrupted == 0)
        return 0;
    n_interrupted--;
    errno = EINTR;
    return 1;
}

long syscall(long number, ...)
{
    long result;
    va_list args;
    va_start(args, number);
    const int fd = va_arg(args, int);
    if (is_interrupted()) {
        result = -1;
    } else if (number == SYS_recvmsg) {
        result = recvmsg(fd, va_arg(args, struct msghdr *), MSG_DONTWAIT);
    } else {
        const void *data = va_arg(args, const void *);
        result = send(fd, data, va_arg(args, size_t), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    va_end(args);
    return result;
}

static int connect_says; /* errno of the calls after the interrupted ones; 0: success */

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length_bytes)
{
    (void)fd;
    (void)address;
    (void)length_bytes;
    if (is_interrupted())
        return -1;
    errno = connect_says;
    return connect_says ? -1 : 0;
}

static void bytes_go_both_ways(void **state)
{
    (void)state;
    struct transport plain;
    char got[8] = "";
    int ends[2];
    transport_plain(&plain);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct sock sock = { .fd = ends[0] };
    n_interrupted = 3;
    assert_int_equal(plain.write(&sock, "hello", 5), 5);
    assert_int_equal(n_interrupted, 0);
    assert_int_equal(read(ends[1], got, sizeof got), 5);
    assert_int_equal(write(ends[1], "answer", 6), 6);
    n_interrupted = 2;
    assert_int_equal(plain.read(&sock, got, sizeof got), 6);
    assert_memory_equal(got, "answer", 6);
    n_interrupted = 1;
    assert_int_equal(plain.read(&sock, got, sizeof got), TRANSPORT_WANT_READ); /* there is nothing more */
    close(ends[0]);
    close(ends[1]);
}

/* connect(2): an attempt that was interrupted goes on. */
static void a_connection_comes_about(void **state)
{
    static const struct {
        int says, right;
    } cases[] = { { 0, 1 },        { EISCONN, 1 },       { EINPROGRESS, 0 },
                  { EALREADY, 0 }, { ECONNREFUSED, -1 }, { EAGAIN, -1 } };
    struct address address = { .length_bytes = sizeof(struct sockaddr_in) };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (int n = 0; n < 3; n++) {
            n_interrupted = n;
            connect_says = cases[i].says;
            assert_int_equal(lookup_connect(-1, &address), cases[i].right);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_both_ways),
        cmocka_unit_test(a_connection_comes_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
