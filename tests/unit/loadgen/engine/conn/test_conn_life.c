/* A connection from its opening to its end, one event after the other; times are in ms since the run began.
 */
#include "wired.h"

#include "account.h"

#include <errno.h>

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
    const struct stats_cell *cell = wired.worker.stats->phases[0].cells[outcome];
    return cell ? cell->metrics[metric] : NULL;
}

static void check_one(enum outcome outcome, enum metric metric, uint64_t ns)
{
    assert_non_null(hist_of(outcome, metric));
    assert_int_equal(hist_of(outcome, metric)->n, 1);
    assert_int_equal(hist_of(outcome, metric)->max_ns, ns);
}

/* --- lists --- */

static void check_list(const struct conn_list *list, const char *expected)
{
    char text[32] = "", back[32] = "";
    uint32_t n = 0;
    for (const struct conn *c = list->first; c; c = c->after, n++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%u", (unsigned)c->number);
    for (const struct conn *c = list->last; c; c = c->before)
        snprintf(back + strlen(back), sizeof back - strlen(back), "%u", (unsigned)c->number);
    assert_string_equal(text, expected);
    assert_int_equal(list->n, n);
    assert_int_equal(strlen(back), n);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(back[i], text[n - 1 - i]);
}

static void a_list_loses_its_first_last_middle_and_only_one(void **state)
{
    (void)state;
    struct conn_list list = { 0 };
    wired_init(PLAN_CLOSED, 4, 1);
    for (uint32_t i = 0; i < 4; i++)
        conn_list_append(&list, wired_connect(i), at_ms(i));
    check_list(&list, "0123");
    assert_int_equal(shard_conn(&wired.shard, 2)->since_ns, at_ms(2));
    conn_list_remove(shard_conn(&wired.shard, 1));
    check_list(&list, "023");
    conn_list_remove(shard_conn(&wired.shard, 1)); /* is in none */
    check_list(&list, "023");
    conn_list_remove(shard_conn(&wired.shard, 0));
    check_list(&list, "23");
    conn_list_remove(shard_conn(&wired.shard, 3));
    check_list(&list, "2");
    conn_move(&list, shard_conn(&wired.shard, 2), at_ms(9));
    check_list(&list, "2");
    assert_int_equal(list.first->since_ns, at_ms(9));
    conn_list_remove(shard_conn(&wired.shard, 2));
    check_list(&list, "");
}

static void deadlines_are_in_order_and_of_equal_ones_the_older_is_first(void **state)
{
    (void)state;
    static const struct {
        uint32_t conn;
        uint64_t deadline;
        const char *list;
    } steps[] = {
        { 0, 10, "0" },    { 1, 20, "01" },   { 2, 20, "012" },  { 3, 10, "0312" }, { 0, 15, "3012" },
        { 0, 20, "3012" }, { 0, 21, "3120" }, { 1, 21, "3201" }, { 3, 20, "3201" }, { 3, 30, "2013" },
    };
    struct conn_list list = { 0 };
    wired_init(PLAN_CLOSED, 4, 1);
    for (uint32_t i = 0; i < 4; i++)
        wired_connect(i);
    for (size_t i = 0; i < N_OF(steps); i++) {
        struct conn *c = shard_conn(&wired.shard, steps[i].conn);
        c->deadline_ns = steps[i].deadline;
        conn_list_place(&list, c);
        check_list(&list, steps[i].list);
    }
    struct conn *c = shard_conn(&wired.shard, 3);
    conn_list_remove(c);
    c->deadline_ns = 1; /* sent again, in its old time */
    conn_list_place(&list, c);
    check_list(&list, "3201");
}

static void connections_lie_one_behind_the_other_and_aligned(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 3);
    const size_t least = sizeof(struct conn) + 3 * sizeof(struct flight);
    assert_int_equal(conn_bytes(&wired.shard) % 16, 0);
    assert_in_range(conn_bytes(&wired.shard), least, least + 15);
}

/* --- sending --- */

static void the_wait_for_its_own_connection_is_setup(void **state)
{
    (void)state;
    static const struct {
        uint64_t opened_ms, ready_ms, dispatched_ms, setup_ms;
        uint64_t n_on_conn;
        bool is_first;
    } cases[] = {
        { 10, 30, 5, 20, 0, true },  /* opened for it */
        { 10, 30, 12, 18, 0, true }, /* it came when the connection was on its way */
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
        assert_int_equal(wired.shard.counts->bytes_tx, 1);
        assert_int_equal(wired.worker.stats->health.n_sends, 1);
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
    assert_int_equal(wired.shard.counts->bytes_tx, 1);
    assert_int_equal(conn_flight(c, 0, 1)->sent_ns, at_ms(10));
    assert_int_equal(c->deadline_ns, at_ms(10) + WIRED_TIMEOUT_NS);
}

/* A connection that was idle for longer than the limit is not used; nor is one that was never used stale. */
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

static ssize_t write_one(struct wire *w, const char *data, size_t length_bytes)
{
    return wired_write(w, data, length_bytes < 1 ? length_bytes : 1);
}

static void what_the_kernel_takes_bit_by_bit_goes_out_whole(void **state)
{
    (void)state;
    static char text[] = "abc";
    wired_init(PLAN_CLOSED, 1, 1);
    wired.get_piece = (struct plan_piece){ .text = text, .length_bytes = 3 };
    wired.worker.transport.write = write_one;
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    assert_string_equal(wired.written, "abc");
    assert_int_equal(c->rest_bytes, 0);
    assert_int_equal(wired.shard.counts->bytes_tx, 3);
}

/* --- receiving --- */

static void an_answer_begins_with_its_first_byte(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    wired_answer("\r\n"); /* is nothing */
    wired_looks(c);
    assert_int_equal(c->first_ns, 0);
    wired_answer("HTTP/1.1 200 OK\r\n");
    const uint64_t before_ns = clock_monotonic_ns();
    wired_looks(c);
    const uint64_t first_ns = c->first_ns;
    assert_in_range(first_ns, before_ns, clock_monotonic_ns());
    wired_answer("Content-Length: 1\r\n\r\n");
    wired_looks(c);
    assert_int_equal(c->first_ns, first_ns);
    assert_int_equal(wired.shard.counts->bytes_rx, 2 + 17 + 21);
    assert_int_equal(wired_n(OUTCOME_OK), 0);
    wired_answer("x");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(c->n_flights, 0);
    assert_null(c->list);
}

static void a_stamp_gives_the_age_of_what_was_read(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, clock_monotonic_ns());
    wired.worker.realtime_offset_ns = 7 * (int64_t)NS_PER_S;
    wired_answer("H");
    wired_looks(c);
    assert_int_equal(c->rx_age_ns, UINT64_MAX); /* no stamp */
    const uint64_t stamped_ns = clock_monotonic_ns();
    c->wire.rx_realtime_ns = stamped_ns + 7 * NS_PER_S;
    wired_answer("T");
    wired_looks(c);
    assert_in_range(c->rx_age_ns, 1, clock_monotonic_ns() - stamped_ns);
    c->wire.rx_realtime_ns = clock_monotonic_ns() + 3600 * NS_PER_S; /* the clock was set back */
    wired_answer("T");
    wired_looks(c);
    assert_int_equal(c->rx_age_ns, 0);
}

static void an_answer_that_was_not_expected_says_why(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    memset(wired.stream.expect.status_ok, 0, sizeof wired.stream.expect.status_ok);
    wired_submit(wired_connect(0), &wired.get, 1, clock_monotonic_ns());
    wired_answer(WIRED_OK);
    wired_looks(shard_conn(&wired.shard, 0));
    const struct stats *b = wired.worker.stats;
    assert_int_equal(wired_n(OUTCOME_STATUS), 1);
    assert_int_equal(b->n_causes, 1);
    assert_int_equal(b->causes[0].outcome, OUTCOME_STATUS);
    assert_int_equal(b->causes[0].status, 200);
    assert_non_null(b->causes[0].cause);
    assert_int_equal(b->err.rows[0].status, 200);
}

/* --- opening --- */

static int start_says;

static int wired_start(struct transport *t, struct wire *w)
{
    (void)t;
    (void)w;
    return start_says;
}

static struct conn *shaking_hands(int says)
{
    wired_init(PLAN_CLOSED, 2, 1);
    wired.worker.transport.start = wired_start;
    wired.worker.transport.has_handshake = true;
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
    assert_int_equal(c->ready_ns, at_ms(22));
    assert_int_equal(c->n_failures, 0);
    assert_int_equal(wired.shard.connecting.n, 0);
    assert_int_equal(wired.shard.counts->n_conn_new, 1);
    assert_int_equal(wired.n_freed, 1); /* the model is told */
    check_one(OUTCOME_OK, METRIC_TLS, 7 * NS_PER_MS);
    assert_int_equal(stats_remote(wired.worker.stats, 0, c->remote)->n_connections, 1);
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
    check_one(OUTCOME_TLS, METRIC_TLS, 7 * NS_PER_MS);
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
    c->remote = NAMES_NONE; /* nobody knows */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_list_loses_its_first_last_middle_and_only_one, drop),
        cmocka_unit_test_teardown(deadlines_are_in_order_and_of_equal_ones_the_older_is_first, drop),
        cmocka_unit_test_teardown(connections_lie_one_behind_the_other_and_aligned, drop),
        cmocka_unit_test(the_wait_for_its_own_connection_is_setup),
        cmocka_unit_test_teardown(what_is_sent_again_is_counted_once, drop),
        cmocka_unit_test(an_idle_connection_is_used_up_to_its_limit),
        cmocka_unit_test_teardown(a_connection_that_carries_requests_is_not_idle, drop),
        cmocka_unit_test_teardown(a_connection_carries_as_many_requests_as_it_may, drop),
        cmocka_unit_test_teardown(there_is_room_below_the_depth, drop),
        cmocka_unit_test_teardown(what_the_kernel_takes_bit_by_bit_goes_out_whole, drop),
        cmocka_unit_test_teardown(an_answer_begins_with_its_first_byte, drop),
        cmocka_unit_test_teardown(a_stamp_gives_the_age_of_what_was_read, drop),
        cmocka_unit_test_teardown(an_answer_that_was_not_expected_says_why, drop),
        cmocka_unit_test_teardown(a_handshake_that_is_done_makes_it_ready, drop),
        cmocka_unit_test(a_handshake_that_wants_more_waits),
        cmocka_unit_test_teardown(a_handshake_that_fails_moves_on_to_the_next_address, drop),
        cmocka_unit_test_teardown(an_attempt_is_given_up_when_its_time_is_over, drop),
        cmocka_unit_test_teardown(a_connection_to_an_address_that_is_no_longer_its_own_is_withdrawn, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
