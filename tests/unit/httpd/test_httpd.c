#include "httpd.h"

#include "cm.h"
#include "err.h"
#include "httpd_request.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TAG = 7, PATIENCE_MS = 60000, LARGE_BYTES = 1000, HUGE_BYTES = 16 * 1024 * 1024 };

/* A server whose answers say what was asked, and that broadcasts when it is woken. */
struct served {
    struct httpd *server;
    struct sockaddr_storage bound;
    atomic_int n_wakes, n_large;
    struct err e;
};

static void answer(void *payload, unsigned tag, const struct httpd_request *request, struct httpd_answer *a)
{
    (void)payload;
    a->content_type = "text/plain";
    a->body = tag == TAG ? malloc(256) : NULL;
    if (!a->body)
        return;
    a->body_bytes =
        (size_t)snprintf(a->body, 256, "asked for %.*s", (int)request->target_bytes, request->target);
    a->is_stream = httpd_request_is_for(request, "/stream");
    if (httpd_request_is_for(request, "/large")) {
        free(a->body);
        a->body = calloc(1, HUGE_BYTES);
        a->body_bytes = a->body ? HUGE_BYTES : 0;
    }
}

static void woken(void *payload)
{
    struct served *x = payload;
    char large[LARGE_BYTES];
    atomic_fetch_add(&x->n_wakes, 1);
    httpd_broadcast(x->server, "more\n", 5);
    memset(large, 'x', sizeof large);
    for (int n = atomic_exchange(&x->n_large, 0); n > 0; n--)
        httpd_broadcast(x->server, large, sizeof large);
}

static int setup_at(void **state, const char *address_text)
{
    static struct served x;
    struct httpd_address address;
    x = (struct served){ .server = NULL };
    x.server = httpd_new(&(struct httpd_handlers){ answer, woken, &x }, &x.e);
    assert_non_null(x.server);
    assert_int_equal(httpd_address_parse(address_text, "serve", &address, &x.e), 0);
    if (httpd_listen(x.server, &address, "serve", TAG, &x.bound, &x.e) || httpd_start(x.server, &x.e))
        fail_msg("%s", x.e.text);
    *state = &x;
    return 0;
}

static int setup(void **state)
{
    return setup_at(state, "0");
}

static int setup_for_all(void **state)
{
    return setup_at(state, "0.0.0.0:0");
}

static int teardown(void **state)
{
    httpd_free(((struct served *)*state)->server);
    return 0;
}

static int open_client(const struct served *x)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&x->bound, sizeof(struct sockaddr_in)), 0);
    return fd;
}

static void ask(int fd, const char *bytes)
{
    assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
}

/* Reads until the text has come; fails if the connection ends before. */
static void expect(int fd, const char *text)
{
    char got[8192] = "";
    size_t n = 0;
    while (!strstr(got, text)) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
        const ssize_t more = n < sizeof got - 1 ? recv(fd, got + n, sizeof got - 1 - n, 0) : 0;
        if (more <= 0)
            fail_msg("'%s' did not come, but '%s'", text, got);
        n += (size_t)more;
        got[n] = '\0';
    }
}

/* Reads until the end; -1 for a reset. */
static long count_rest(int fd)
{
    char bytes[4096];
    long sum = 0;
    for (;;) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
        const ssize_t n = recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0)
            return n < 0 ? -1 : sum;
        sum += n;
    }
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static void requests_on_one_connection_are_answered_in_turn(void **state)
{
    const int fd = open_client(*state);
    ask(fd, GET("/a"));
    expect(fd, "\r\n\r\nasked for /a");
    ask(fd, GET("/b") GET("/c"));
    expect(fd, "asked for /c");
    ask(fd, "HEAD /d HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(fd, "Content-Length: 12\r\n");
    assert_int_equal(count_rest(fd) >= 0, true);
    close(fd);
}

static void a_stream_gets_what_is_broadcast(void **state)
{
    struct served *x = *state;
    const int fd = open_client(x);
    ask(fd, GET("/stream"));
    expect(fd, "asked for /stream");
    httpd_wake(x->server);
    expect(fd, "more\n");
    httpd_wake(x->server);
    expect(fd, "more\n");
    close(fd);
}

static void a_client_that_sends_no_more_gets_all_of_its_answer(void **state)
{
    const int fd = open_client(*state);
    ask(fd, GET("/large"));
    shutdown(fd, SHUT_WR);
    expect(fd, "\r\n\r\n");
    assert_true(count_rest(fd) > HUGE_BYTES - 8192);
    close(fd);
}

static void a_server_on_loopback_answers_to_names_of_loopback_alone(void **state)
{
    const int fd = open_client(*state);
    ask(fd, "GET / HTTP/1.1\r\nHost: rebound.example.com\r\n\r\n");
    expect(fd, "HTTP/1.1 421 ");
    close(fd);
}

static void a_server_for_all_answers_to_any_name(void **state)
{
    const int fd = open_client(*state);
    ask(fd, "GET / HTTP/1.1\r\nHost: load.example.com\r\n\r\n");
    expect(fd, "HTTP/1.1 200 ");
    close(fd);
}

static void what_it_does_not_take_ends_the_connection(void **state)
{
    static const struct {
        const char *request, *answer;
    } cases[] = {
        { "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 405 " },
        { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 " },
        { "nonsense\r\n\r\n", "HTTP/1.1 400 " },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        const int fd = open_client(*state);
        ask(fd, cases[i].request);
        expect(fd, cases[i].answer);
        assert_true(count_rest(fd) >= 0);
        close(fd);
    }
}

static void connections_beyond_the_most_are_refused(void **state)
{
    int fds[40];
    int n_refused = 0;
    for (size_t i = 0; i < N_OF(fds); i++) {
        fds[i] = open_client(*state);
        ask(fds[i], GET("/"));
        char got[64] = "";
        struct pollfd ready = { .fd = fds[i], .events = POLLIN };
        assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
        const ssize_t n = recv(fds[i], got, sizeof got - 1, 0);
        n_refused += n <= 0 || strstr(got, " 503 ") != NULL; /* the refusal may be lost in a reset */
    }
    assert_int_equal(n_refused, 8);
    for (size_t i = 0; i < N_OF(fds); i++)
        close(fds[i]);
}

static void a_stream_whose_client_does_not_read_is_dropped(void **state)
{
    struct served *x = *state;
    const int slow = open_client(x), quick = open_client(x);
    ask(slow, GET("/stream"));
    ask(quick, GET("/stream"));
    expect(slow, "asked for /stream");
    expect(quick, "asked for /stream");
    /* Far more than the kernel and the server keep for one client. */
    long n_quick = 0;
    for (int round = 0; round < 40; round++) {
        atomic_store(&x->n_large, 1000);
        httpd_wake(x->server);
        for (long n = 0; n < 1000L * LARGE_BYTES;) {
            char bytes[65536];
            struct pollfd ready = { .fd = quick, .events = POLLIN };
            assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
            const ssize_t more = recv(quick, bytes, sizeof bytes, 0);
            assert_true(more > 0);
            n += more;
            n_quick += more;
        }
    }
    assert_true(n_quick >= 40L * 1000 * LARGE_BYTES);
    const long n_slow = count_rest(slow);
    assert_true(n_slow < n_quick / 2);
    close(slow);
    close(quick);
}

static void a_port_that_is_taken_is_an_error(void **state)
{
    const struct served *x = *state;
    struct httpd_address address = { .socket = x->bound, .is_loopback = true };
    struct sockaddr_storage bound;
    struct err e;
    struct httpd *second = httpd_new(&(struct httpd_handlers){ .answer = answer }, &e);
    assert_int_equal(httpd_listen(second, &address, "serve", 0, &bound, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_non_null(strstr(e.text, "--serve: cannot listen on 127.0.0.1:"));
    assert_non_null(strstr(e.text, "address already in use"));
    httpd_free(second);
}

static void ending_lets_clients_read_what_was_sent(void **state)
{
    struct served *x = *state;
    const int fd = open_client(x);
    ask(fd, GET("/stream"));
    expect(fd, "asked for /stream");
    httpd_free(x->server);
    x->server = NULL;
    expect(fd, "more\n"); /* it is woken once more */
    assert_int_equal(count_rest(fd), 0);
    close(fd);
}

int main(void)
{
#define SERVED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SERVED(requests_on_one_connection_are_answered_in_turn),
        SERVED(a_stream_gets_what_is_broadcast),
        SERVED(a_client_that_sends_no_more_gets_all_of_its_answer),
        SERVED(a_server_on_loopback_answers_to_names_of_loopback_alone),
        cmocka_unit_test_setup_teardown(a_server_for_all_answers_to_any_name, setup_for_all, teardown),
        SERVED(what_it_does_not_take_ends_the_connection),
        SERVED(connections_beyond_the_most_are_refused),
        SERVED(a_stream_whose_client_does_not_read_is_dropped),
        SERVED(a_port_that_is_taken_is_an_error),
        SERVED(ending_lets_clients_read_what_was_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
