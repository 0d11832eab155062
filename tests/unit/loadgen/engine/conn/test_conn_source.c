/* Source addresses: those asked for, in turn. */
#include "wired.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* A stream of two connections to a listener on the loopback address of the family; returns it, or -1 where
 * this machine has no such address. */
static int listen_for_two(int kind)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr *own = kind == AF_INET6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t length = kind == AF_INET6 ? sizeof v6 : sizeof v4;
    const int listener = socket(kind, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener >= 0 &&
        (bind(listener, own, length) || listen(listener, 8) || getsockname(listener, own, &length))) {
        close(listener);
        return -1;
    }
    wired_init(PLAN_CLOSED, 2, 1);
    wired.model.on_connect_failed = shard_closed.on_connect_failed;
    memcpy(&wired.address_list[0].sockaddr, own, length);
    wired.address_list[0].length_bytes = length;
    transport_plain(&wired.route.transport);
    assert_int_equal(poller_init(&wired.loop->poller), 0);
    return listener;
}

static void fini(int listener)
{
    for (uint32_t i = 0; i < 2; i++)
        if (shard_conn(&wired.shard, i)->sock.fd >= 0)
            conn_close(shard_conn(&wired.shard, i));
    poller_fini(&wired.loop->poller);
    close(listener);
    wired_fini();
}

/* Opens the connection, closed or not, and compares the address that the server sees. */
static void check_source(int listener, uint32_t i, const char *expected)
{
    struct conn *c = shard_conn(&wired.shard, i);
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    char text[INET_ADDRSTRLEN];
    if (c->sock.fd >= 0)
        conn_close(c);
    conn_open(c, clock_monotonic_ns());
    const int server = accept4(listener, (struct sockaddr *)&from, &length, SOCK_CLOEXEC);
    assert_true(server >= 0);
    assert_string_equal(inet_ntop(AF_INET, &from.sin_addr, text, sizeof text), expected);
    close(server);
}

static void source_addresses_are_taken_in_turn(void **state)
{
    static char second[] = "127.0.0.2", third[] = "127.0.0.3";
    static char *both[] = { second, third };
    (void)state;
    const int listener = listen_for_two(AF_INET);
    assert_true(listener >= 0);
    check_source(listener, 0, "127.0.0.1");
    wired.plan.target.bind_addresses = both;
    wired.plan.target.n_bind_addresses = 2;
    check_source(listener, 0, second);
    check_source(listener, 1, third);
    check_source(listener, 0, third); /* the next one with every attempt */
    check_source(listener, 0, second);
    check_source(listener, 1, second);
    fini(listener);
}

static enum outcome last_outcome;

static void note_failure(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    (void)c;
    (void)cause;
    (void)now_ns;
    last_outcome = outcome;
}

static void a_source_address_serves_targets_of_its_kind_alone(void **state)
{
    static const struct {
        int kind;
        const char *source;
        bool serves;
    } cases[] = { { AF_INET, "127.0.0.1", true },
                  { AF_INET, "::1", false },
                  { AF_INET6, "::1", true },
                  { AF_INET6, "127.0.0.1", false } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char source[16];
        char *only = strcpy(source, cases[i].source);
        const int listener = listen_for_two(cases[i].kind);
        if (listener < 0)
            continue;
        wired.plan.target.bind_addresses = &only;
        wired.plan.target.n_bind_addresses = 1;
        wired.model.on_connect_failed = note_failure;
        last_outcome = OUTCOME_OK;
        struct conn *c = shard_conn(&wired.shard, 0);
        conn_open(c, clock_monotonic_ns());
        assert_int_equal(c->n_failures, cases[i].serves ? 0 : 1);
        assert_int_equal(last_outcome, cases[i].serves ? OUTCOME_OK : OUTCOME_PORTS);
        assert_int_equal(c->state, cases[i].serves ? CONN_CONNECTING : CONN_CLOSING);
        fini(listener);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_addresses_are_taken_in_turn),
        cmocka_unit_test(a_source_address_serves_targets_of_its_kind_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
