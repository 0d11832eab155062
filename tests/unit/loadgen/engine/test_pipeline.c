#include "wired.h"

enum { NOW_S = 2000 };

static uint64_t at_s(uint64_t s)
{
    return s * NS_PER_S;
}

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

/* Numbers 1 to 4 in flight: GET, POST, GET, POST. */
static struct conn *four_in_flight(void)
{
    wired_init(PLAN_CLOSED, 1, 8);
    struct conn *c = wired_connect(0);
    for (uint64_t i = 1; i <= 4; i++)
        wired_submit(c, i % 2 ? &wired.get : &wired.post, i, clock_monotonic_ns());
    assert_string_equal(wired.written, "gpgp");
    return c;
}

static uint64_t n_again(enum again cause)
{
    return wired.shard.counts->again.n[cause];
}

/* What was kept goes out on the next connection. */
static void send_again(struct conn *c)
{
    wired_connect(0);
    conn_send_pending(c);
}

static void behind_a_broken_request_only_what_is_idempotent_is_sent_again(void **state)
{
    (void)state;
    struct conn *c = four_in_flight();
    wired.then = TRANSPORT_FAILED;
    wired_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(wired_kept(c), "3");
    assert_int_equal(wired_n(OUTCOME_RESET), 3); /* the oldest on a fresh connection, and two POST */
    assert_int_equal(wired.n_freed, 3);
    assert_int_equal(wired.shard.n_busy, 1);
    assert_int_equal(n_again(AGAIN_BROKEN), 0); /* not yet */
    send_again(c);
    assert_int_equal(n_again(AGAIN_BROKEN), 1);
}

static void a_reused_connection_that_breaks_sends_its_head_again_once(void **state)
{
    (void)state;
    struct conn *c = four_in_flight();
    wired_answer(WIRED_OK);
    wired_answer(WIRED_OK);
    wired_looks(c);
    wired.then = TRANSPORT_END;
    wired_looks(c);
    assert_string_equal(wired_kept(c), "3");
    assert_int_equal(wired_n(OUTCOME_OK), 2);
    assert_int_equal(wired_n(OUTCOME_RESET_IDLE), 1);
    assert_int_equal(wired_n(OUTCOME_RESET), 1);

    wired.written[0] = '\0';
    wired_connect(0);
    conn_send_pending(c);
    assert_string_equal(wired.written, "g");
    assert_int_equal(n_again(AGAIN_IDLE), 1);
    wired_looks(c);
    assert_int_equal(c->n_flights, 0);
    assert_int_equal(wired_n(OUTCOME_RESET), 2);
}

static void what_was_not_written_yet_is_sent_whatever_it_is(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 8);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, clock_monotonic_ns());
    wired.write_says = TRANSPORT_WANT_WRITE;
    wired_submit(c, &wired.get, 2, clock_monotonic_ns());
    wired_submit(c, &wired.post, 3, clock_monotonic_ns());
    assert_int_equal(c->n_written, 2);
    wired.then = TRANSPORT_FAILED;
    wired_looks(c);
    assert_string_equal(wired_kept(c), "2 3");
    const uint64_t n_sent = wired.shard.counts->n_sent;
    conn_flight(c, 1, 8)->sent_ns = 0; /* as of a request that was not sent yet */
    send_again(c);
    assert_int_equal(n_again(AGAIN_BROKEN), 1);
    assert_int_equal(wired.shard.counts->n_sent, n_sent + 1);
}

/* A request and one behind it, on a connection that takes neither. */
static struct conn *two_that_cannot_be_written(void)
{
    wired_init(PLAN_CLOSED, 1, 8);
    struct conn *c = wired_connect(0);
    wired.write_says = TRANSPORT_FAILED;
    wired_submit(c, &wired.get, 1, clock_monotonic_ns());
    wired_submit(c, &wired.post, 2, clock_monotonic_ns());
    assert_string_equal(wired.written, "");
    assert_int_equal(c->n_written, 1);
    return c;
}

static void behind_a_write_that_fails_nothing_more_is_sent(void **state)
{
    (void)state;
    struct conn *c = two_that_cannot_be_written();
    assert_false(conn_has_room(c));
    wired.then = TRANSPORT_FAILED;
    wired_looks(c);
    assert_string_equal(wired_kept(c), "2");
    assert_int_equal(wired_n(OUTCOME_RESET), 1);
    wired_connect(0);
    conn_send_pending(c);
    assert_string_equal(wired.written, "p");
}

static void an_answer_that_came_before_a_write_failed_counts_and_the_connection_ends(void **state)
{
    (void)state;
    struct conn *c = two_that_cannot_be_written();
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(wired_kept(c), "2");
}

static void behind_an_answer_that_closes_nothing_was_served_and_all_is_sent_again(void **state)
{
    (void)state;
    struct conn *c = four_in_flight();
    wired_answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    wired_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(wired_kept(c), "2 3 4");
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    send_again(c);
    assert_int_equal(n_again(AGAIN_CLOSED), 3);
}

static void behind_nonsense_only_what_is_idempotent_is_sent_again(void **state)
{
    (void)state;
    struct conn *c = four_in_flight();
    wired_answer("SSH-2.0\r\n");
    wired_looks(c);
    assert_string_equal(wired_kept(c), "3");
    assert_int_equal(wired_n(OUTCOME_PROTOCOL), 1);
    assert_int_equal(wired_n(OUTCOME_RESET), 2);
}

static void a_slow_answer_times_out_alone(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 8);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_s(NOW_S));
    wired_submit(c, &wired.post, 2, at_s(NOW_S));
    wired_submit(c, &wired.get, 3, at_s(NOW_S + 1));
    wired_submit(c, &wired.post, 4, at_s(NOW_S + 1));
    shard_check_deadlines(&wired.shard, at_s(NOW_S) + WIRED_TIMEOUT_NS - 1);
    assert_int_equal(c->state, CONN_READY);
    shard_check_deadlines(&wired.shard, at_s(NOW_S) + WIRED_TIMEOUT_NS);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(wired_n(OUTCOME_TIMEOUT), 2); /* both overdue ones */
    assert_int_equal(wired_n(OUTCOME_RESET), 1);
    assert_string_equal(wired_kept(c), "3");
    assert_int_equal(conn_flight(c, 0, 8)->sent_ns, at_s(NOW_S + 1)); /* its time keeps running */
    send_again(c);
    assert_int_equal(n_again(AGAIN_TIMEOUT), 1);
}

static void deadlines_are_kept_in_the_order_of_sending(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 2, 4);
    struct conn *a = wired_connect(0), *b = wired_connect(1);
    wired_submit(a, &wired.get, 1, at_s(NOW_S));
    wired_submit(a, &wired.get, 2, at_s(NOW_S + 1));
    wired_submit(b, &wired.get, 3, at_s(NOW_S + 5));
    wired_answer(WIRED_OK); /* answers the first on a: its oldest is now the second, older than that of b */
    wired_looks(a);
    shard_check_deadlines(&wired.shard, at_s(NOW_S + 1) + WIRED_TIMEOUT_NS);
    assert_int_equal(a->state, CONN_CLOSING);
    assert_int_equal(b->state, CONN_READY);
    assert_int_equal(wired_n(OUTCOME_TIMEOUT), 1);
}

static void a_request_that_is_sent_again_keeps_its_deadline(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 2, 1);
    struct conn *a = wired_connect(0), *b = wired_connect(1);
    wired_submit(b, &wired.get, 1, at_s(NOW_S + 5));
    wired_submit(a, &wired.get, 2, at_s(NOW_S)); /* on its second connection */
    shard_check_deadlines(&wired.shard, at_s(NOW_S) + WIRED_TIMEOUT_NS);
    assert_int_equal(a->state, CONN_CLOSING);
    assert_int_equal(b->state, CONN_READY);
}

static void time_goes_on_while_the_next_connection_is_made(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_s(NOW_S));
    c->state = CONN_CONNECTING;
    conn_list_remove(c);
    conn_list_append(&wired.shard.connecting, c, at_s(NOW_S + 5));
    c->n_written = 0;
    shard_check_deadlines(&wired.shard, at_s(NOW_S) + WIRED_TIMEOUT_NS);
    assert_int_equal(wired_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(c->state, CONN_CLOSING);
}

static void a_withdrawn_address_gets_nothing_new_and_keeps_what_it_was_sent(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 4);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.post, 1, clock_monotonic_ns());
    wired_submit(c, &wired.post, 2, clock_monotonic_ns());
    atomic_store(&wired.addresses.current, &wired.sets[1]);
    wired_submit(c, &wired.post, 3, clock_monotonic_ns());
    assert_string_equal(wired.written, "pp");
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(c->state, CONN_READY);
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(wired_n(OUTCOME_OK), 2);
    assert_string_equal(wired_kept(c), "3");
}

/* OpenSSL may need to read during a write, and vice versa, when keys are renewed. */
static void a_write_that_waits_for_a_read_goes_on_when_it_is_readable(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired.write_says = TRANSPORT_WANT_READ;
    wired_submit(c, &wired.get, 1, clock_monotonic_ns());
    assert_string_equal(wired.written, "");
    wired_looks(c);
    assert_string_equal(wired.written, "g");
}

static void a_read_that_waits_for_a_write_goes_on_when_it_is_writable(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, clock_monotonic_ns());
    wired_answer(WIRED_OK);
    wired.read_says = TRANSPORT_WANT_WRITE;
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 0);
    conn_on_events(c, POLLER_WRITABLE);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(behind_a_broken_request_only_what_is_idempotent_is_sent_again, drop),
        cmocka_unit_test_teardown(a_reused_connection_that_breaks_sends_its_head_again_once, drop),
        cmocka_unit_test_teardown(what_was_not_written_yet_is_sent_whatever_it_is, drop),
        cmocka_unit_test_teardown(behind_a_write_that_fails_nothing_more_is_sent, drop),
        cmocka_unit_test_teardown(an_answer_that_came_before_a_write_failed_counts_and_the_connection_ends,
                                  drop),
        cmocka_unit_test_teardown(behind_an_answer_that_closes_nothing_was_served_and_all_is_sent_again,
                                  drop),
        cmocka_unit_test_teardown(behind_nonsense_only_what_is_idempotent_is_sent_again, drop),
        cmocka_unit_test_teardown(a_slow_answer_times_out_alone, drop),
        cmocka_unit_test_teardown(deadlines_are_kept_in_the_order_of_sending, drop),
        cmocka_unit_test_teardown(a_request_that_is_sent_again_keeps_its_deadline, drop),
        cmocka_unit_test_teardown(time_goes_on_while_the_next_connection_is_made, drop),
        cmocka_unit_test_teardown(a_withdrawn_address_gets_nothing_new_and_keeps_what_it_was_sent, drop),
        cmocka_unit_test_teardown(a_write_that_waits_for_a_read_goes_on_when_it_is_readable, drop),
        cmocka_unit_test_teardown(a_read_that_waits_for_a_write_goes_on_when_it_is_writable, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
