/* Requests out: when a connection takes a request, and when it must not. Times are in ms since the run began.
 */
#include "wired.h"

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

static void the_wait_for_its_own_connection_is_setup(void **state)
{
    (void)state;
    static const struct {
        uint64_t opened_ms, ready_ms, dispatched_ms, setup_ms;
        uint64_t n_on_conn;
        bool is_first;
    } cases[] = {
        { 10, 30, 5, 20, 0, true },  /* opened for it */
        { 10, 30, 12, 18, 0, true }, /* it came while the connection was being opened */
        { 10, 30, 29, 1, 0, true },  { 10, 30, 30, 0, 0, true },
        { 10, 30, 40, 0, 0, true },  { 10, 30, 5, 0, 1, false },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        wired_init(PLAN_CLOSED, 1, 1);
        struct conn *c = wired_connect(0);
        c->opened_ns = at_ms(cases[i].opened_ms);
        c->ready_ns = at_ms(cases[i].ready_ms);
        c->n_on_conn = cases[i].n_on_conn;
        const struct flight f = { .seq = 1,
                                  .dispatched_ns = at_ms(cases[i].dispatched_ms),
                                  .request = &wired.get };
        conn_submit(c, &f, at_ms(40));
        const struct flight *sent = conn_flight(c, 0, 1);
        assert_int_equal(sent->setup_ns, cases[i].setup_ms * NS_PER_MS);
        assert_int_equal(sent->is_first, cases[i].is_first);
        assert_true(sent->sent_ns > 0);
        assert_int_equal(c->n_on_conn, cases[i].n_on_conn + 1);
        assert_int_equal(wired.shard.counts->n_sent, 1);
        assert_int_equal(wired.shard.counts->bytes[0].tx, 1);
        assert_int_equal(wired.loop->stats->health.n_sends, 1);
        wired_fini();
    }
}

static void what_is_sent_again_is_counted_once(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    assert_int_equal(wired.shard.counts->n_sent, 0); /* it was, by the test's leave */
    assert_int_equal(wired.shard.counts->bytes[0].tx, 1);
    assert_int_equal(conn_flight(c, 0, 1)->sent_ns, at_ms(10));
    assert_int_equal(c->deadline_ns, at_ms(10) + WIRED_TIMEOUT_NS);
}

/* A connection idle for longer than the limit is not used; one that has carried no request is never stale. */
static void an_idle_connection_is_used_up_to_its_limit(void **state)
{
    (void)state;
    static const struct {
        uint64_t limit_ms, n_on_conn, now_ms, more_ns;
        bool is_used;
    } cases[] = {
        { 100, 1, 110, 0, true }, { 100, 1, 110, 1, false }, { 100, 0, 110, 1, true },
        { 0, 1, 110, 1, true },   { 100, 1, 50, 0, true },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        wired_init(PLAN_CLOSED, 1, 1);
        wired.stream.idle_limit_ns = cases[i].limit_ms * NS_PER_MS;
        struct conn *c = wired_connect(0);
        c->n_on_conn = cases[i].n_on_conn;
        conn_list_append(&wired.shard.idle, c, at_ms(10));
        wired_submit(c, &wired.get, 1, at_ms(cases[i].now_ms) + cases[i].more_ns);
        assert_string_equal(wired.written, cases[i].is_used ? "g" : "");
        assert_int_equal(c->state, cases[i].is_used ? CONN_READY : CONN_CLOSING);
        assert_int_equal(c->n_flights, 1);
        wired_fini();
    }
}

static void a_connection_that_carries_requests_is_not_idle(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 2);
    wired.stream.idle_limit_ns = NS_PER_MS;
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    wired_submit(c, &wired.get, 2, at_ms(900));
    assert_string_equal(wired.written, "gg");
}

static void a_connection_carries_as_many_requests_as_it_may(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 3);
    wired.stream.requests_per_connection = 2;
    struct conn *c = wired_connect(0);
    assert_true(conn_has_room(c));
    wired_submit(c, &wired.get, 1, at_ms(10));
    assert_false(conn_is_used_up(c));
    assert_true(conn_has_room(c));
    wired_submit(c, &wired.get, 2, at_ms(10));
    assert_true(conn_is_used_up(c));
    assert_false(conn_has_room(c));
    wired_submit(c, &wired.get, 3, at_ms(10));
    assert_string_equal(wired.written, "gg");
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(c->state, CONN_READY); /* the second is still to be answered */
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(wired_kept(c), "3");
}

static void there_is_room_below_the_depth(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 2);
    struct conn *c = wired_connect(0);
    assert_true(conn_has_room(c));
    wired_submit(c, &wired.get, 1, at_ms(10));
    assert_true(conn_has_room(c));
    wired_submit(c, &wired.get, 2, at_ms(10));
    assert_false(conn_has_room(c));
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_true(conn_has_room(c));
    c->state = CONN_CONNECTING;
    assert_false(conn_has_room(c));
    c->state = CONN_READY;
}

/* It takes up requests, but the next connection sends them, to one of the name's current addresses. */
static void an_idle_connection_to_a_withdrawn_address_has_room(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 2);
    struct conn *c = wired_connect(0);
    atomic_store(&wired.addresses.current, &wired.sets[1]);
    assert_true(conn_has_room(c));
    wired_submit(c, &wired.get, 1, at_ms(10));
    assert_string_equal(wired.written, "");
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(wired_kept(c), "1");
}

static void a_busy_connection_to_a_withdrawn_address_has_none(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 2);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    atomic_store(&wired.addresses.current, &wired.sets[1]);
    assert_false(conn_has_room(c));
    assert_int_equal(c->state, CONN_READY);
}

/* In either order; a literal is sent from where it is. */
static void room_is_made_for_the_longest_request_that_is_rendered(void **state)
{
    (void)state;
    static const struct {
        size_t bytes_most[2];
        bool is_literal[2];
        size_t n_bytes;
    } cases[] = {
        { { 30, 20 }, { false, false }, 30 }, { { 20, 30 }, { false, false }, 30 },
        { { 30, 30 }, { false, false }, 30 }, { { 20, 90 }, { false, true }, 20 },
        { { 90, 90 }, { true, true }, 0 },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct plan_request requests[2];
        struct plan_piece pieces[2];
        wired_init(PLAN_CLOSED, 1, 1);
        for (int k = 0; k < 2; k++) {
            pieces[k] = (struct plan_piece){ .kind = cases[i].is_literal[k] ? PLAN_PIECE_LITERAL
                                                                            : PLAN_PIECE_COUNTER };
            requests[k] = (struct plan_request){ .pieces = &pieces[k],
                                                 .n_pieces = 1,
                                                 .bytes_most = cases[i].bytes_most[k] };
        }
        wired.stream.requests = requests;
        wired.stream.n_requests = 2;
        struct conn *c = shard_conn(&wired.shard, 0);
        assert_int_equal(exchange_reserve(&c->room, &wired.stream), 0);
        const char *bytes = c->room.bytes;
        assert_int_equal(c->room.n_bytes, cases[i].n_bytes);
        assert_int_equal(bytes != NULL, cases[i].n_bytes > 0);
        assert_int_equal(exchange_reserve(&c->room, &wired.stream), 0); /* once for all its connections */
        assert_ptr_equal(c->room.bytes, bytes);
        wired_fini();
    }
}

static ssize_t write_one(struct sock *sock, const char *data, size_t length_bytes)
{
    return wired_write(sock, data, length_bytes < 1 ? length_bytes : 1);
}

static void what_the_kernel_takes_bit_by_bit_goes_out_whole(void **state)
{
    (void)state;
    static char text[] = "abc";
    wired_init(PLAN_CLOSED, 1, 1);
    wired.get_piece = (struct plan_piece){ .text = text, .length_bytes = 3 };
    wired.route.transport.write = write_one;
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    assert_string_equal(wired.written, "abc");
    assert_int_equal(c->rest_bytes, 0);
    assert_int_equal(wired.shard.counts->bytes[0].tx, 3);
}

static size_t n_taken, longest_write;

static ssize_t take_all(struct sock *sock, const char *data, size_t length_bytes)
{
    (void)sock;
    (void)data;
    n_taken += length_bytes;
    longest_write = length_bytes > longest_write ? length_bytes : longest_write;
    return (ssize_t)length_bytes;
}

/* However fast the server reads. */
static void a_large_request_takes_several_turns(void **state)
{
    (void)state;
    static char text[4 * CONN_WRITE_MOST_BYTES + 1];
    wired_init(PLAN_CLOSED, 1, 1);
    wired.get_piece = (struct plan_piece){ .text = text, .length_bytes = sizeof text };
    wired.route.transport.write = take_all;
    n_taken = longest_write = 0;
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    assert_int_equal(n_taken, CONN_WRITE_MOST_BYTES);
    assert_int_equal(c->rest_bytes, sizeof text - CONN_WRITE_MOST_BYTES);
    unsigned n_turns = 1;
    for (size_t before = n_taken; c->rest_bytes > 0; before = n_taken, n_turns++) {
        conn_on_events(c, POLLER_WRITABLE);
        assert_in_range(n_taken - before, 1, 2 * CONN_WRITE_MOST_BYTES); /* it reads in between */
    }
    assert_int_equal(n_taken, sizeof text);
    assert_in_range(n_turns, 3, 5);
    assert_in_range(longest_write, 1, CONN_WRITE_MOST_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wait_for_its_own_connection_is_setup),
        cmocka_unit_test_teardown(what_is_sent_again_is_counted_once, drop),
        cmocka_unit_test(an_idle_connection_is_used_up_to_its_limit),
        cmocka_unit_test_teardown(a_connection_that_carries_requests_is_not_idle, drop),
        cmocka_unit_test_teardown(a_connection_carries_as_many_requests_as_it_may, drop),
        cmocka_unit_test_teardown(there_is_room_below_the_depth, drop),
        cmocka_unit_test_teardown(what_the_kernel_takes_bit_by_bit_goes_out_whole, drop),
        cmocka_unit_test_teardown(a_large_request_takes_several_turns, drop),
        cmocka_unit_test_teardown(an_idle_connection_to_a_withdrawn_address_has_room, drop),
        cmocka_unit_test_teardown(a_busy_connection_to_a_withdrawn_address_has_none, drop),
        cmocka_unit_test(room_is_made_for_the_longest_request_that_is_rendered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
