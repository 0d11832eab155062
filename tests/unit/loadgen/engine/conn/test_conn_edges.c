/* Connections on real sockets and a real, edge-triggered poller: a connection that stops reading too early,
 * or forgets that the peer has closed, is never called again. */
#include "wired.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { TURNS_MOST = 1000, PATIENCE_MS = 10000 };

/* A stream of one connection to the test's own listener, which is returned. */
static int listen_for_one(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);

    wired_init(PLAN_CLOSED, 1, 1);
    memcpy(&wired.address_list[0].sockaddr, &address, sizeof address);
    wired.address_list[0].length_bytes = sizeof address;
    transport_plain(&wired.route.transport);
    assert_int_equal(poller_init(&wired.loop->poller), 0);
    return listener;
}

/* Takes up a request on the closed connection and opens it; returns the server's side. */
static int open_with_request(int listener)
{
    struct conn *c = shard_conn(&wired.shard, 0);
    const uint64_t now_ns = clock_monotonic_ns();
    *conn_flight(c, c->n_flights++, 1) =
        (struct flight){ .seq = 1, .dispatched_ns = now_ns, .request = &wired.get };
    wired.shard.n_busy++;
    conn_open(c, now_ns);
    const int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(server >= 0);
    return server;
}

static int drop_sockets(void **state)
{
    struct conn *c = shard_conn(&wired.shard, 0);
    if (c->state == CONN_READY)
        conn_close(c);
    poller_fini(&wired.loop->poller);
    wired_fini();
    (void)state;
    return 0;
}

static void what_is_there_when_it_becomes_ready_is_read(void **state)
{
    (void)state;
    const int listener = listen_for_one();
    const int server = open_with_request(listener);
    assert_int_equal(send(server, WIRED_OK, strlen(WIRED_OK), 0), strlen(WIRED_OK));
    assert_int_equal(poller_wait(&wired.loop->poller, PATIENCE_MS), 1);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    close(server);
    close(listener);
}

/* A ready connection on one end of a pair of sockets; returns the other end. */
static int connect_pair(void)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    wired_init(PLAN_CLOSED, 1, 1);
    assert_int_equal(poller_init(&wired.loop->poller), 0);
    struct conn *c = wired_connect(0);
    c->sock.fd = ends[0];
    assert_int_equal(conn_watch(c), 0);
    return ends[1];
}

static int n_turns(void)
{
    int n = 0;
    while (poller_wait(&wired.loop->poller, 0) > 0 && n < TURNS_MOST)
        n++;
    return n;
}

static void the_end_is_told_together_with_the_last_bytes(void **state)
{
    (void)state;
    static char body[LOOP_BUFFER_BYTES + 1000];
    static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
    const int server = connect_pair();
    transport_plain(&wired.route.transport);
    wired_submit(shard_conn(&wired.shard, 0), &wired.get, 1, clock_monotonic_ns());
    char request;
    assert_int_equal(recv(server, &request, 1, 0), 1); /* else closing would be a reset */
    assert_int_equal(send(server, head, strlen(head), 0), strlen(head));
    assert_int_equal(send(server, body, sizeof body, 0), sizeof body);
    close(server);
    assert_int_equal(n_turns(), 1);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(wired.loop->stats->streams[0].bytes[0].rx, strlen(head) + sizeof body);
}

static ssize_t read_full(struct sock *sock, char *data, size_t most_bytes)
{
    const ssize_t n = wired_read(sock, data, most_bytes);
    sock->may_have_more = wired.n_read < wired.n_answers;
    return n;
}

static bool has_none_pending(const struct sock *sock)
{
    (void)sock;
    return false;
}

/* There is always more to read: other connections get their turn, and reading goes on in the next one. */
static void a_large_body_takes_several_turns(void **state)
{
    (void)state;
    const int server = connect_pair();
    wired.route.transport.read = read_full;
    wired.route.transport.has_pending = has_none_pending;
    wired_submit(shard_conn(&wired.shard, 0), &wired.get, 1, clock_monotonic_ns());
    wired_answer("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
    for (int i = 0; i < 7; i++)
        wired_answer("x");
    assert_int_equal(poller_wait(&wired.loop->poller, 0), 1);
    assert_int_equal(wired.n_read, 4);
    assert_int_equal(n_turns(), 1);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    close(server);
}

/* A listener on a Unix socket whose queue is full. */
static int fill_unix_listener(int *clients, size_t n)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "loadgen-test-%d", (int)getpid()); /* abstract */
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (size_t i = 0; i < n; i++) {
        clients[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        connect(clients[i], (struct sockaddr *)&name, sizeof name);
    }
    static char path[] = "abstract";
    wired_init(PLAN_CLOSED, 1, 1);
    wired.plan.target.unix_socket = path;
    wired.model.on_connect_failed = shard_closed.on_connect_failed;
    memcpy(&wired.address_list[0].sockaddr, &name, sizeof name);
    wired.address_list[0].length_bytes = sizeof name;
    transport_plain(&wired.route.transport);
    assert_int_equal(poller_init(&wired.loop->poller), 0);
    return listener;
}

static void a_full_queue_of_a_unix_socket_is_waited_for(void **state)
{
    (void)state;
    int clients[4];
    const int listener = fill_unix_listener(clients, N_OF(clients));
    struct conn *c = shard_conn(&wired.shard, 0);
    const uint64_t now_ns = clock_monotonic_ns();
    *conn_flight(c, c->n_flights++, 1) =
        (struct flight){ .seq = 1, .dispatched_ns = now_ns, .request = &wired.get };
    wired.shard.n_busy++;

    conn_open(c, now_ns);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(c->n_flights, 1);
    assert_int_equal(c->n_failures, 1);
    assert_int_equal(wired_n(OUTCOME_CONNECT), 0);

    c->state = CONN_CLOSED; /* as at the end of the loop's turn */
    conn_open(c, now_ns + WIRED_TIMEOUT_NS);
    assert_int_equal(c->n_flights, 0);
    assert_int_equal(wired_n(OUTCOME_CONNECT), 1);
    for (size_t i = 0; i < N_OF(clients); i++)
        close(clients[i]);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_there_when_it_becomes_ready_is_read, drop_sockets),
        cmocka_unit_test_teardown(the_end_is_told_together_with_the_last_bytes, drop_sockets),
        cmocka_unit_test_teardown(a_full_queue_of_a_unix_socket_is_waited_for, drop_sockets),
        cmocka_unit_test_teardown(a_large_body_takes_several_turns, drop_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
