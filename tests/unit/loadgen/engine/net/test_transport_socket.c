/* Bytes over real sockets, plain and through OpenSSL's BIO: results of calls that move none, and receive
 * times. Nothing waits longer than the kernel takes to pass a byte on. */
#include "transport_socket.h"

#include "clock.h"
#include "cm.h"
#include "transport_bio.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OURS, THEIRS, ENDS };

static int ends[ENDS];
static struct sock sock;
static struct transport plain;
static BIO_METHOD *method;
static BIO *bio;

static int open_pair(void **state)
{
    (void)state;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends))
        return -1;
    sock = (struct sock){ .fd = ends[OURS] };
    transport_plain(&plain);
    method = transport_bio_method();
    bio = method ? transport_bio_new(method, &sock) : NULL;
    return bio ? 0 : -1;
}

static void close_end(int end)
{
    if (ends[end] >= 0)
        close(ends[end]);
    ends[end] = -1;
}

static int close_pair(void **state)
{
    (void)state;
    BIO_free(bio);
    BIO_meth_free(method);
    transport_fini(&plain);
    close_end(OURS);
    close_end(THEIRS);
    return 0;
}

static void they_send(const char *text)
{
    assert_int_equal(send(ends[THEIRS], text, strlen(text), 0), strlen(text));
}

/* --- plain --- */

static void a_plain_connection_is_ready_at_once_and_has_no_handshake(void **state)
{
    (void)state;
    assert_int_equal(plain.start(&plain, &sock), 1);
    assert_false(plain.has_handshake);
    they_send("ab");
    assert_false(plain.has_pending(&sock));
    plain.stop(&plain, &sock);
    assert_int_equal(sock.fd, ends[OURS]);
}

static void a_read_says_whether_there_may_be_more(void **state)
{
    char data[4];
    (void)state;
    they_send("abcdef");
    assert_int_equal(plain.read(&sock, data, sizeof data), 4);
    assert_memory_equal(data, "abcd", 4);
    assert_true(sock.may_have_more);
    assert_int_equal(plain.read(&sock, data, sizeof data), 2);
    assert_memory_equal(data, "ef", 2);
    assert_false(sock.may_have_more);
    sock.may_have_more = true;
    assert_int_equal(plain.read(&sock, data, sizeof data), TRANSPORT_WANT_READ);
    assert_false(sock.may_have_more);
    assert_null(sock.cause);
    close_end(THEIRS);
    sock.may_have_more = true;
    assert_int_equal(plain.read(&sock, data, sizeof data), TRANSPORT_END);
    assert_false(sock.may_have_more);
    assert_null(sock.cause);
}

static void what_fails_says_why(void **state)
{
    char data[4];
    (void)state;
    assert_int_equal(plain.write(&sock, "abc", 3), 3);
    close_end(THEIRS); /* with bytes unread: a reset */
    assert_int_equal(plain.read(&sock, data, sizeof data), TRANSPORT_FAILED);
    assert_string_equal(sock.cause, "Connection reset by peer");
    assert_int_equal(plain.write(&sock, "a", 1), TRANSPORT_FAILED);
    assert_string_equal(sock.cause, "Broken pipe");
    assert_string_equal(transport_errno_text(-1), "unknown error");
}

static void a_full_socket_is_waited_for(void **state)
{
    static const char block[4096];
    ssize_t n;
    (void)state;
    while ((n = plain.write(&sock, block, sizeof block)) > 0)
        ;
    assert_int_equal(n, TRANSPORT_WANT_WRITE);
    assert_null(sock.cause);
}

/* --- receive times --- */

/* Other ancillary data, here the peer's credentials, is not a time. */
static void only_a_receive_time_is_one(void **state)
{
    char data[4];
    const int on = 1;
    (void)state;
    assert_int_equal(setsockopt(ends[OURS], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
    sock.rx_realtime_ns = 1;
    they_send("a");
    assert_int_equal(transport_socket_receive(&sock, data, sizeof data), 1);
    assert_int_equal(sock.rx_realtime_ns, 0);
}

/* A TCP connection instead of the pair. */
static void connect_tcp(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    close_end(OURS);
    close_end(THEIRS);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    ends[OURS] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(ends[OURS], (struct sockaddr *)&address, sizeof address), 0);
    ends[THEIRS] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(ends[THEIRS] >= 0);
    close(listener);
    sock.fd = ends[OURS];
}

/* The kernel begins to stamp shortly after the request. */
static void bytes_over_tcp_say_when_they_came(void **state)
{
    enum { TRIES = 10000 };
    char data[4];
    uint64_t from_ns = 0;
    (void)state;
    connect_tcp();
    transport_socket_start(&sock);
    sock.rx_realtime_ns = 0;
    for (int i = 0; i < TRIES && sock.rx_realtime_ns == 0; i++) {
        from_ns = clock_realtime_ns();
        they_send("a");
        assert_int_equal(transport_socket_receive(&sock, data, sizeof data), 1);
    }
    if (sock.rx_realtime_ns == 0)
        skip(); /* a kernel without receive times */
    assert_in_range(sock.rx_realtime_ns, from_ns, clock_realtime_ns());

    close_end(THEIRS);
    assert_int_equal(transport_socket_receive(&sock, data, sizeof data), 0);
    assert_int_equal(sock.rx_realtime_ns, 0);
}

/* --- as OpenSSL sees it --- */

static void a_bio_brings_what_came_and_asks_for_patience_when_nothing_did(void **state)
{
    char data[4];
    (void)state;
    assert_int_equal(BIO_read(bio, data, sizeof data), -1);
    assert_true(BIO_should_retry(bio));
    assert_true(BIO_should_read(bio));
    assert_false(BIO_should_write(bio));
    assert_int_equal(BIO_eof(bio), 0);
    they_send("abc");
    assert_int_equal(BIO_read(bio, data, sizeof data), 3);
    assert_memory_equal(data, "abc", 3);
    assert_false(BIO_should_retry(bio));
    assert_int_equal(BIO_eof(bio), 0);
}

static void a_bio_tells_the_end_from_a_failure(void **state)
{
    char data[4];
    (void)state;
    close_end(THEIRS);
    errno = EAGAIN; /* left by an earlier call: the end of a stream sets none */
    assert_int_equal(BIO_read(bio, data, sizeof data), 0);
    assert_false(BIO_should_retry(bio));
    assert_int_equal(BIO_eof(bio), 1);
    errno = 0;
    assert_int_equal(BIO_write(bio, "a", 1), -1);
    assert_int_equal(errno, EPIPE);
    assert_false(BIO_should_retry(bio));
}

static void a_bio_whose_read_fails_has_not_ended(void **state)
{
    char data[4];
    (void)state;
    assert_int_equal(BIO_write(bio, "abc", 3), 3);
    assert_false(BIO_should_retry(bio));
    close_end(THEIRS); /* with bytes unread: a reset */
    errno = 0;
    assert_int_equal(BIO_read(bio, data, sizeof data), -1);
    assert_int_equal(errno, ECONNRESET);
    assert_false(BIO_should_retry(bio));
    assert_int_equal(BIO_eof(bio), 0);
}

static void a_bio_waits_for_a_full_socket(void **state)
{
    static const char block[4096];
    int n;
    (void)state;
    while ((n = BIO_write(bio, block, sizeof block)) > 0)
        assert_false(BIO_should_retry(bio));
    assert_int_equal(n, -1);
    assert_true(BIO_should_retry(bio));
    assert_true(BIO_should_write(bio));
    assert_false(BIO_should_read(bio));
}

static void a_bio_knows_three_commands(void **state)
{
    static const struct {
        int command;
        long answer;
    } cases[] = { { BIO_CTRL_FLUSH, 1 }, { BIO_CTRL_DUP, 1 },     { BIO_CTRL_EOF, 0 },
                  { BIO_CTRL_RESET, 0 }, { BIO_CTRL_PENDING, 0 }, { BIO_CTRL_WPENDING, 0 },
                  { BIO_CTRL_PUSH, 0 },  { BIO_CTRL_INFO, 0 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        if (BIO_ctrl(bio, cases[i].command, 0, NULL) != cases[i].answer)
            fail_msg("command %d", cases[i].command);
}

#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PAIR(a_plain_connection_is_ready_at_once_and_has_no_handshake),
        IN_PAIR(a_read_says_whether_there_may_be_more),
        IN_PAIR(what_fails_says_why),
        IN_PAIR(a_full_socket_is_waited_for),
        IN_PAIR(only_a_receive_time_is_one),
        IN_PAIR(bytes_over_tcp_say_when_they_came),
        IN_PAIR(a_bio_brings_what_came_and_asks_for_patience_when_nothing_did),
        IN_PAIR(a_bio_tells_the_end_from_a_failure),
        IN_PAIR(a_bio_whose_read_fails_has_not_ended),
        IN_PAIR(a_bio_waits_for_a_full_socket),
        IN_PAIR(a_bio_knows_three_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
