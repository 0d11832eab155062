/* Opening a connection: handshakes, time limits, addresses. Times are in ms since the run began. */
#include "wired.h"

#include "account.h"
#include "clock.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static uint64_t at_ms(uint64_t ms)
{
    return WIRED_T0_NS + ms * NS_PER_MS;
}

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

static const struct hist *hist_of(enum outcome outcome, enum metric metric)
{
    const struct stats_times *cell = wired.loop->stats->cells[0].times[outcome];
    return cell ? cell->metrics[metric] : NULL;
}

/* A handshake's time holds what its last step took on top of `ns`. */
static void check_handshake(enum outcome outcome, uint64_t ns)
{
    assert_non_null(hist_of(outcome, METRIC_TLS));
    assert_int_equal(hist_of(outcome, METRIC_TLS)->n, 1);
    assert_in_range(hist_of(outcome, METRIC_TLS)->max_ns, ns, ns + NS_PER_S);
}

static void check_one(enum outcome outcome, enum metric metric, uint64_t ns)
{
    assert_non_null(hist_of(outcome, metric));
    assert_int_equal(hist_of(outcome, metric)->n, 1);
    assert_int_equal(hist_of(outcome, metric)->max_ns, ns);
}

static int start_says;

static int wired_start(struct transport *t, struct sock *sock)
{
    (void)t;
    (void)sock;
    return start_says;
}

static struct conn *shaking_hands(int says)
{
    wired_init(PLAN_CLOSED, 2, 1);
    wired.route.transport.start = wired_start;
    wired.route.transport.has_handshake = true;
    wired.model.on_connect_failed = shard_closed.on_connect_failed;
    start_says = says;
    struct conn *c = wired_connect(0);
    conn_list_append(&wired.shard.connecting, c, at_ms(10));
    c->state = CONN_HANDSHAKE;
    c->opened_ns = at_ms(10);
    c->connected_ns = at_ms(15);
    c->n_failures = 2;
    return c;
}

static void a_handshake_that_is_done_makes_it_ready(void **state)
{
    (void)state;
    struct conn *c = shaking_hands(1);
    conn_shake_hands(c, at_ms(22));
    assert_int_equal(c->state, CONN_READY);
    assert_in_range(c->ready_ns, at_ms(22), at_ms(1022));
    assert_int_equal(c->n_failures, 0);
    assert_int_equal(wired.shard.connecting.n, 0);
    assert_int_equal(wired.shard.counts->n_conn_new, 1);
    assert_int_equal(wired.n_freed, 1); /* the model is called back */
    check_handshake(OUTCOME_OK, 7 * NS_PER_MS);
    assert_int_equal(stats_remote(wired.loop->stats, 0, c->remote)->n_connections, 1);
}

static int slow_start(struct transport *t, struct sock *sock)
{
    (void)t;
    (void)sock;
    for (const uint64_t end_ns = clock_monotonic_ns() + NS_PER_MS; clock_monotonic_ns() < end_ns;)
        ;
    return 1;
}

/* Even if the answer is there before the first step ends, so that no other follows. */
static void a_handshake_takes_as_long_as_its_own_work(void **state)
{
    (void)state;
    struct conn *c = shaking_hands(1);
    wired.route.transport.start = slow_start;
    conn_shake_hands(c, c->connected_ns);
    check_handshake(OUTCOME_OK, NS_PER_MS);
    assert_true(c->ready_ns >= c->connected_ns + NS_PER_MS);
}

static void a_handshake_that_wants_more_waits(void **state)
{
    (void)state;
    static const int says[] = { TRANSPORT_WANT_READ, TRANSPORT_WANT_WRITE };
    for (size_t i = 0; i < N_OF(says); i++) {
        struct conn *c = shaking_hands(says[i]);
        conn_shake_hands(c, at_ms(22));
        assert_int_equal(c->state, CONN_HANDSHAKE);
        assert_int_equal(wired.shard.connecting.n, 1);
        assert_null(hist_of(OUTCOME_OK, METRIC_TLS));
        wired_fini();
    }
}

static void a_handshake_that_fails_moves_on_to_the_next_address(void **state)
{
    (void)state;
    struct conn *c = shaking_hands(TRANSPORT_TLS_FAILED);
    conn_shake_hands(c, at_ms(22));
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(c->n_failures, 3);
    assert_int_equal(c->address_shift, 1);
    check_handshake(OUTCOME_TLS, 7 * NS_PER_MS);
}

static void an_attempt_is_given_up_when_its_time_is_over(void **state)
{
    (void)state;
    struct conn *c = shaking_hands(1);
    struct conn *other = wired_connect(1);
    other->state = CONN_CONNECTING;
    other->opened_ns = at_ms(11);
    conn_list_append(&wired.shard.connecting, other, at_ms(11));
    shard_check_deadlines(&wired.shard, at_ms(10) + WIRED_TIMEOUT_NS - 1);
    assert_int_equal(c->state, CONN_HANDSHAKE);
    shard_check_deadlines(&wired.shard, at_ms(10) + WIRED_TIMEOUT_NS);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(other->state, CONN_CONNECTING);
    check_one(OUTCOME_TLS, METRIC_TLS, WIRED_TIMEOUT_NS - 5 * NS_PER_MS);
    shard_check_deadlines(&wired.shard, at_ms(12) + WIRED_TIMEOUT_NS);
    assert_int_equal(other->state, CONN_CLOSING);
    check_one(OUTCOME_CONNECT, METRIC_CONNECT, WIRED_TIMEOUT_NS + NS_PER_MS);
}

static void a_connection_to_an_address_that_is_no_longer_its_own_is_withdrawn(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 2, 1);
    struct conn *c = wired_connect(0);
    assert_false(conn_is_withdrawn(c));
    atomic_store(&wired.addresses.current, &wired.sets[1]);
    assert_true(conn_is_withdrawn(c));
    c->remote = NAMES_NONE; /* unknown */
    assert_false(conn_is_withdrawn(c));
    assert_int_equal(c->generation, 1);

    struct conn *other = wired_connect(1);
    struct address_set both = { .list = wired.address_list, .n = 2, .generation = 2 };
    atomic_store(&wired.addresses.current, &both);
    assert_true(conn_is_withdrawn(other)); /* number 1 belongs to the second of two */
    other->address_shift = 1;
    assert_false(conn_is_withdrawn(other));
    assert_int_equal(other->generation, 2);
    atomic_store(&wired.addresses.current, &wired.sets[0]);
}

static void a_connection_belongs_to_the_address_of_its_number_and_moves_on(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    struct address list[] = { { .text = "10.0.0.1" }, { .text = "10.0.0.2" }, { .text = "10.0.0.3" } };
    struct address_set three = { .list = list, .n = 3, .generation = 5 };
    atomic_store(&wired.addresses.current, &three);
    for (uint32_t number = 0; number < 5; number++)
        for (uint32_t shift = 0; shift < 5; shift++)
            for (uint32_t i = 0; i < 3; i++) {
                c->number = number;
                c->address_shift = shift;
                c->generation = 0;
                c->remote = names_number(&wired.loop->remotes, list[i].text, strlen(list[i].text));
                assert_int_equal(conn_is_withdrawn(c), i != (number + shift) % 3);
            }
    atomic_store(&wired.addresses.current, &wired.sets[0]);
}

static void an_attempt_has_the_time_it_took(void **state)
{
    int ends[2];
    (void)state;
    struct conn *c = shaking_hands(TRANSPORT_WANT_READ);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    c->state = CONN_CONNECTING;
    c->sock.fd = ends[0];
    conn_finish_connect(c, at_ms(25));
    assert_int_equal(c->state, CONN_HANDSHAKE);
    assert_int_equal(c->connected_ns, at_ms(25));
    check_one(OUTCOME_OK, METRIC_CONNECT, 15 * NS_PER_MS);
    close(ends[0]);
    close(ends[1]);
    c->sock.fd = -1;
}

static void an_attempt_that_fails_has_it_too(void **state)
{
    (void)state;
    struct conn *c = shaking_hands(1);
    c->state = CONN_CONNECTING;
    c->sock.fd = eventfd(0, EFD_CLOEXEC); /* no socket */
    conn_finish_connect(c, at_ms(25));
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(c->sock.fd, -1);
    assert_int_equal(c->n_failures, 3);
    assert_int_equal(c->address_shift, 1);
    check_one(OUTCOME_CONNECT, METRIC_CONNECT, 15 * NS_PER_MS);
    assert_null(hist_of(OUTCOME_OK, METRIC_CONNECT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_handshake_that_is_done_makes_it_ready, drop),
        cmocka_unit_test_teardown(a_handshake_takes_as_long_as_its_own_work, drop),
        cmocka_unit_test(a_handshake_that_wants_more_waits),
        cmocka_unit_test_teardown(a_handshake_that_fails_moves_on_to_the_next_address, drop),
        cmocka_unit_test_teardown(an_attempt_is_given_up_when_its_time_is_over, drop),
        cmocka_unit_test_teardown(a_connection_to_an_address_that_is_no_longer_its_own_is_withdrawn, drop),
        cmocka_unit_test_teardown(a_connection_belongs_to_the_address_of_its_number_and_moves_on, drop),
        cmocka_unit_test_teardown(an_attempt_has_the_time_it_took, drop),
        cmocka_unit_test_teardown(an_attempt_that_fails_has_it_too, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
