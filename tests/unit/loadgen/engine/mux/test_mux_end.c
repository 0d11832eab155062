/* How requests end with their connection, and connections with their last response. */
#include "wired_http2.h"

/* GET 1, POST 2, GET 3 whose response has begun, GET 4; one more was answered. */
static struct conn *one_answered_and_four_open(void)
{
    struct conn *c = h2_begin(8);
    h2_submit(c, &wired.get, 0, 0);
    h2_submit(c, &wired.get, 1, 0);
    h2_submit(c, &wired.post, 2, 0);
    h2_submit(c, &wired.get, 3, 0);
    h2_submit(c, &wired.get, 4, 0);
    h2_end_callback();
    h2_settings(100);
    h2_answer(1);
    h2_head(7);
    h2_looks(c);
    h2_written();
    return c;
}

static void a_connection_that_ends_has_sent_again_what_may_be_repeated(void **state)
{
    (void)state;
    struct conn *c = one_answered_and_four_open();
    h2.then = TRANSPORT_END;
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(h2_waiting(c), "1 4");
    assert_int_equal(h2_n(OUTCOME_RESET), 2);
    assert_int_equal(h2_n(OUTCOME_RESET_IDLE), 2); /* events */
    assert_int_equal(wired.shard.n_busy, 2);

    h2_connect(0);
    conn_send_pending(c);
    h2_end_callback();
    assert_string_equal(h2_written(), "H1 H3");
    assert_int_equal(h2_again(AGAIN_IDLE), 2);
    h2.then = TRANSPORT_END;
    h2_looks(c); /* once is enough */
    assert_int_equal(h2_n(OUTCOME_RESET), 4);
    assert_int_equal(c->n_flights, 0);
}

static void on_a_fresh_connection_that_ends_the_oldest_request_fails(void **state)
{
    (void)state;
    struct conn *c = h2_open(3, 8);
    h2.then = TRANSPORT_FAILED;
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_RESET), 1);
    assert_string_equal(h2_waiting(c), "2 3");
    assert_int_equal(h2_again(AGAIN_BROKEN), 0); /* not yet */
    h2_connect(0);
    conn_send_pending(c);
    h2_end_callback();
    assert_int_equal(h2_again(AGAIN_BROKEN), 2);
    assert_int_equal(wired.shard.counts->n_sent, 3);
}

static void connections_that_bring_no_response_pause(void **state)
{
    (void)state;
    struct conn *c = h2_open(2, 8);
    h2_goaway(0, HTTP2_NO_ERROR);
    h2_looks(c);
    assert_int_equal(c->n_failures, 1);
    h2_connect(0);
    c->n_failures = 0; /* as when it becomes ready */
    conn_send_pending(c);
    h2_end_callback();
    h2_settings(100);
    h2_goaway(0, HTTP2_NO_ERROR);
    h2_looks(c);
    assert_int_equal(c->n_failures, 2);
    h2_connect(0);
    c->n_failures = 0;
    conn_send_pending(c);
    h2_end_callback();
    h2_settings(100);
    h2_answer(1);
    h2_goaway(1, HTTP2_NO_ERROR);
    h2_looks(c);
    assert_int_equal(c->n_failures, 0);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
}

static void what_breaks_the_connection_fails_the_oldest_request(void **state)
{
    (void)state;
    struct conn *c = h2_open(3, 8);
    h2_answer(3);
    h2_frame(H2_WINDOW_UPDATE, 0, 0, "\0\0\0\0", 4); /* by 0 */
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(h2_written(), "G1");
    assert_int_equal(h2_n(OUTCOME_OK), 1);
    assert_int_equal(h2_n(OUTCOME_PROTOCOL), 1);
    assert_string_equal(h2_waiting(c), "3");
}

static void a_request_whose_response_breaks_the_connection_fails(void **state)
{
    (void)state;
    struct conn *c = h2_open(3, 8);
    h2_head(3);
    h2_frame(H2_DATA, 8, 3, "\x09", 1); /* more padding than frame */
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(h2_n(OUTCOME_PROTOCOL), 1);
    assert_int_equal(h2_n(OUTCOME_RESET), 0);
    assert_string_equal(h2_waiting(c), "1 3");
}

static void what_was_not_written_when_the_connection_broke_has_not_been_sent(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 8);
    h2_answer(1);
    h2_looks(c);
    h2_submit(c, &wired.post, 2, 0);
    h2_frame(H2_WINDOW_UPDATE, 0, 0, "\0\0\0\0", 4); /* by 0 */
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(h2_written(), "");
    assert_string_equal(h2_waiting(c), "2");
    assert_int_equal(c->mux->waiting.first->flight.sent_ns, 0);
    assert_int_equal(h2_n(OUTCOME_RESET), 0);
    h2_connect(0);
    conn_send_pending(c);
    h2_end_callback();
    assert_int_equal(wired.shard.counts->n_sent, 2);
    assert_int_equal(again_counts_sum(&wired.shard.counts->again), 0);
}

/* A GOAWAY comes in the turn in which they were submitted: their bytes go out behind it, or with the
 * connection not at all. */
static void what_was_submitted_before_a_goaway_is_sent_if_the_connection_stays(void **state)
{
    (void)state;
    for (uint64_t n_open = 0; n_open <= 1; n_open++) {
        struct conn *c = h2_open((uint32_t)n_open, 8);
        h2_submit(c, &wired.get, 9, 0);
        h2_goaway(n_open ? 1 : 0, HTTP2_NO_ERROR);
        h2_looks(c);
        assert_string_equal(h2_written(), n_open ? "H3" : "");
        assert_int_equal(h2_counts()->n_unprocessed, n_open);
        assert_int_equal(wired.shard.counts->n_sent, 2 * n_open);
        assert_string_equal(h2_waiting(c), "9");
        if (n_open > 0)
            h2_answer(1);
        h2_looks(c);
        assert_int_equal(c->state, CONN_CLOSING);
        h2_connect(0);
        conn_send_pending(c);
        h2_end_callback();
        assert_int_equal(wired.shard.counts->n_sent, 1 + n_open);
        assert_int_equal(h2_again(AGAIN_UNPROCESSED), n_open);
        if (n_open == 0)
            wired_fini();
    }
}

static void a_connection_that_is_used_up_ends_in_order(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 8);
    wired.stream.requests_per_connection = 2;
    h2_start();
    struct conn *c = h2_connect(0);
    for (uint64_t i = 1; i <= 3; i++)
        h2_submit(c, &wired.get, i, 0);
    h2_end_callback();
    assert_string_equal(h2_written(), "H1 H3");
    assert_string_equal(h2_waiting(c), "3");
    h2_settings(100);
    h2_answer(1);
    h2_looks(c);
    assert_string_equal(h2_written(), "");
    h2_answer(3);
    h2_looks(c);
    assert_string_equal(h2_written(), "G0");
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(c->n_flights, 1);
    assert_int_equal(h2_counts()->n_ended_by_count, 1);
    assert_int_equal(h2_n(OUTCOME_OK), 2);
}

static void a_connection_that_carries_one_request_does_not_count_as_ended_by_count(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 1);
    wired.stream.requests_per_connection = 1;
    h2_start();
    struct conn *c = h2_connect(0);
    h2_submit(c, &wired.get, 1, 0);
    h2_end_callback();
    h2_settings(100);
    h2_answer(1);
    h2_looks(c);
    assert_string_equal(h2_written(), "H1 G0");
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(h2_counts()->n_ended_by_count, 0);
}

static void a_connection_that_was_idle_for_too_long_ends_in_order(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 2);
    wired.stream.idle_limit_ns = NS_PER_S;
    h2_start();
    struct conn *c = h2_connect(0);
    h2_submit(c, &wired.get, 1, 0);
    h2_end_callback();
    h2_settings(100);
    h2_answer(1);
    h2_looks(c);
    h2_written();
    const struct flight f = { .seq = 2, .dispatched_ns = 1, .request = &wired.get };
    conn_submit(c, &f, c->since_ns + 2 * NS_PER_S);
    assert_string_equal(h2_written(), "G0");
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(h2_waiting(c), "2");
}

static void at_its_end_a_run_says_goodbye_where_that_is_written_at_once(void **state)
{
    static const struct {
        int write_says;
        bool has_unsent, is_going_away;
        const char *written;
    } cases[] = {
        { 0, false, false, "G0" },
        { TRANSPORT_WANT_WRITE, false, false, "" },
        { TRANSPORT_FAILED, false, false, "" },
        { 0, true, false, "" }, /* the request was never sent, and is not now */
        { 0, false, true, "" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct conn *c = h2_open(2, 8);
        if (cases[i].is_going_away) {
            h2_goaway(3, HTTP2_NO_ERROR);
            h2_looks(c);
        }
        if (cases[i].has_unsent)
            h2_submit(c, &wired.get, 3, 0);
        h2.write_says = cases[i].write_says;
        conn_fail(c, OUTCOME_CENSORED, "the run ended", clock_monotonic_ns());
        h2_end_callback();
        assert_string_equal(h2_written(), cases[i].written);
        assert_int_equal(c->state, CONN_CLOSING);
        assert_int_equal(c->n_flights, 0);
        wired_fini();
    }
    h2_open(0, 8);
}

static void a_withdrawn_address_ends_the_connection_after_its_last_answer(void **state)
{
    (void)state;
    struct conn *c = h2_open(2, 8);
    atomic_store(&wired.addresses.current, &wired.sets[1]);
    assert_false(conn_has_room(c));
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(c->state, CONN_READY);
    h2_answer(3);
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
}

static void after_a_write_that_fails_what_has_arrived_is_read(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 8);
    h2.write_says = TRANSPORT_FAILED;
    h2_submit(c, &wired.get, 2, 0);
    h2_end_callback();
    assert_true(c->is_mute);
    assert_int_equal(c->state, CONN_READY);
    assert_false(conn_has_room(c));
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
    h2.then = TRANSPORT_FAILED;
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(h2_waiting(c), "2");
}

static void a_peer_that_ends_every_connection_at_once_fails_a_request_each_time(void **state)
{
    (void)state;
    struct conn *c = h2_begin(2);
    h2_submit(c, &wired.get, 1, 0);
    h2_submit(c, &wired.get, 2, 0);
    h2_end_callback();
    h2.then = TRANSPORT_END;
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_RESET), 1);
    h2_connect(0);
    conn_send_pending(c);
    h2_end_callback();
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_RESET), 2);
    assert_int_equal(c->n_flights, 0);
}

static void the_end_of_a_connection_without_requests_frees_nobody(void **state)
{
    (void)state;
    struct conn *c = h2_open(0, 8);
    const unsigned n_freed = wired.n_freed;
    h2.then = TRANSPORT_END;
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(wired.n_freed, n_freed);
    h2_connect(0);
    conn_fail(c, OUTCOME_CENSORED, "the run ended", clock_monotonic_ns());
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(wired.n_freed, n_freed);
}

static void the_end_of_the_run_ends_all_requests(void **state)
{
    (void)state;
    struct conn *c = h2_open(2, 2);
    h2_answer(1);
    h2_looks(c);
    h2_goaway(1, HTTP2_NO_ERROR);
    h2_looks(c); /* number 2 waits for the next connection */
    assert_string_equal(h2_waiting(c), "2");
    conn_fail(c, OUTCOME_CENSORED, "the run ended", clock_monotonic_ns());
    assert_int_equal(h2_n(OUTCOME_CENSORED), 1);
    assert_int_equal(wired.shard.n_busy, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_connection_that_ends_has_sent_again_what_may_be_repeated, h2_drop),
        cmocka_unit_test_teardown(on_a_fresh_connection_that_ends_the_oldest_request_fails, h2_drop),
        cmocka_unit_test_teardown(connections_that_bring_no_response_pause, h2_drop),
        cmocka_unit_test_teardown(what_breaks_the_connection_fails_the_oldest_request, h2_drop),
        cmocka_unit_test_teardown(a_request_whose_response_breaks_the_connection_fails, h2_drop),
        cmocka_unit_test_teardown(what_was_not_written_when_the_connection_broke_has_not_been_sent, h2_drop),
        cmocka_unit_test_teardown(what_was_submitted_before_a_goaway_is_sent_if_the_connection_stays,
                                  h2_drop),
        cmocka_unit_test_teardown(a_connection_that_is_used_up_ends_in_order, h2_drop),
        cmocka_unit_test_teardown(a_connection_that_carries_one_request_does_not_count_as_ended_by_count,
                                  h2_drop),
        cmocka_unit_test_teardown(a_connection_that_was_idle_for_too_long_ends_in_order, h2_drop),
        cmocka_unit_test_teardown(at_its_end_a_run_says_goodbye_where_that_is_written_at_once, h2_drop),
        cmocka_unit_test_teardown(a_withdrawn_address_ends_the_connection_after_its_last_answer, h2_drop),
        cmocka_unit_test_teardown(after_a_write_that_fails_what_has_arrived_is_read, h2_drop),
        cmocka_unit_test_teardown(a_peer_that_ends_every_connection_at_once_fails_a_request_each_time,
                                  h2_drop),
        cmocka_unit_test_teardown(the_end_of_a_connection_without_requests_frees_nobody, h2_drop),
        cmocka_unit_test_teardown(the_end_of_the_run_ends_all_requests, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
