#include "wired_http2.h"

static const char *cause(void)
{
    const struct stats *stats = wired.loop->stats;
    return stats->n_causes ? stats->causes[stats->n_causes - 1].cause : "";
}

static void requests_of_a_turn_go_out_in_one_write(void **state)
{
    (void)state;
    struct conn *c = h2_begin(8);
    h2_submit(c, &wired.get, 1, 0);
    h2_submit(c, &wired.post, 2, 0);
    h2_submit(c, &wired.get, 3, 0);
    assert_int_equal(h2.n_writes, 0);
    const uint64_t before_ns = clock_monotonic_ns();
    h2_end_callback();
    assert_int_equal(h2.n_writes, 1);
    assert_string_equal(h2_written(), "H1 H3 D3 H5");
    const struct mux_slot *first = c->mux->open.first;
    assert_true(first->flight.sent_ns >= before_ns);
    assert_int_equal(first->flight.sent_ns, first->after->flight.sent_ns);
    assert_int_equal(wired.shard.counts->n_sent, 3);
    assert_true(first->flight.is_first);
    assert_false(first->after->flight.is_first);
    const size_t n_written = h2.n_written;
    h2_submit(c, &wired.get, 4, 0);
    h2_end_callback();
    assert_int_equal(h2.n_written - n_written, 9 + 4); /* prepared: a byte a field */
}

static void answers_in_any_order_end_their_own_requests(void **state)
{
    (void)state;
    struct conn *c = h2_open(3, 8);
    h2_answer(5);
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 2);
    assert_int_equal(c->n_flights, 1);
    assert_int_equal(c->mux->open.first->flight.seq, 2);
    assert_int_equal(wired.shard.n_busy, 1);
    assert_int_equal(h2_counts()->n_open_most, 3);
    assert_int_equal(wired.loop->stats->cells[0].times[OUTCOME_OK]->metrics[METRIC_FIRST_BYTE]->n, 2);
}

static void a_connection_takes_no_more_of_those_that_wait_than_it_may_carry(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 8);
    wired.stream.requests_per_connection = 5;
    h2_start();
    struct conn *c = h2_connect(0);
    h2_submit(c, &wired.get, 0, 0);
    h2_submit(c, &wired.get, 1, 0);
    h2_end_callback();
    c->rest_bytes = 1; /* the kernel takes no more for now */
    for (uint64_t i = 2; i < 8; i++)
        h2_submit(c, &wired.get, i, 0);
    c->rest_bytes = 0;
    conn_send_pending(c);
    h2_end_callback();
    assert_string_equal(h2_written(), "H1 H3 H5 H7 H9");
    assert_string_equal(h2_waiting(c), "5 6 7");
}

static void before_it_is_ready_a_connection_has_a_hundred_users_at_most(void **state)
{
    (void)state;
    struct conn *c = h2_begin(150);
    c->state = CONN_CONNECTING;
    for (uint64_t i = 0; i < 100; i++) {
        assert_true(mux_may_take(c));
        h2_submit(c, &wired.get, i, 0);
    }
    assert_false(mux_may_take(c));
}

static void an_answer_that_was_not_expected_has_its_cause_and_frees_its_user(void **state)
{
    (void)state;
    struct conn *c = h2_open(2, 8);
    memset(wired.stream.expect.status_ok, 0, sizeof wired.stream.expect.status_ok);
    const unsigned n_freed = wired.n_freed;
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_STATUS), 1);
    assert_string_equal(cause(), "unexpected status");
    assert_int_equal(wired.n_freed, n_freed + 1);
}

static void before_settings_a_hundred_requests_are_open_at_most(void **state)
{
    (void)state;
    struct conn *c = h2_begin(150);
    for (uint64_t i = 1; i <= 150; i++)
        h2_submit(c, &wired.get, i, 0);
    h2_end_callback();
    assert_int_equal(c->mux->open.n, 100);
    assert_int_equal(c->mux->waiting.n, 50);
    h2_settings(120);
    h2_looks(c);
    assert_int_equal(c->mux->open.n, 120);
    assert_int_equal(h2_counts()->n_peer_least, 120);
    h2_settings(110); /* lower: only new ones are stopped */
    h2_looks(c);
    assert_int_equal(c->mux->open.n, 120);
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(c->mux->open.n, 119);
    assert_false(conn_has_room(c));
}

static void what_a_goaway_leaves_out_is_sent_again_whatever_it_is(void **state)
{
    (void)state;
    struct conn *c = h2_begin(8);
    for (uint64_t i = 1; i <= 4; i++)
        h2_submit(c, &wired.post, i, 0);
    h2_end_callback();
    h2_settings(100);
    h2_goaway(3, HTTP2_NO_ERROR);
    h2_looks(c);
    assert_string_equal(h2_waiting(c), "3 4");
    assert_false(conn_has_room(c));
    assert_int_equal(c->state, CONN_READY);
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(c->state, CONN_READY);
    h2_answer(3);
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(h2_n(OUTCOME_OK), 2);
    assert_int_equal(h2_counts()->n_unprocessed, 2);
    assert_int_equal(h2_counts()->n_goaways, 1);

    const uint64_t sent_ns = c->mux->waiting.first->flight.sent_ns;
    assert_int_not_equal(sent_ns, 0);
    h2_connect(0);
    conn_send_pending(c);
    h2_end_callback();
    assert_string_equal(h2_written(), "H1 D1 H3 D3");
    assert_int_equal(c->mux->open.first->flight.sent_ns, sent_ns); /* its clock goes on */
    assert_int_equal(wired.shard.counts->n_sent, 4);
    assert_int_equal(h2_again(AGAIN_UNPROCESSED), 2);
}

/* TLS gives a turn's bytes in several reads. */
static void a_request_that_counts_as_sent_goes_out_before_its_connection_closes(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 8);
    h2_submit(c, &wired.get, 2, 0);
    h2_goaway(1, HTTP2_NO_ERROR);
    mux_feed(c, h2.read, h2.n_read, clock_monotonic_ns());
    assert_string_equal(h2_waiting(c), "2");
    h2.n_read = 0;
    h2_answer(1);
    mux_feed(c, h2.read, h2.n_read, clock_monotonic_ns());
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(wired.shard.counts->n_sent, 2);
    assert_string_equal(h2_written(), "H3");
}

static void a_goaway_with_an_error_is_counted_apart(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 8);
    h2_goaway(1, HTTP2_ENHANCE_YOUR_CALM);
    h2_looks(c);
    assert_int_equal(h2_counts()->n_goaways, 1);
    assert_int_equal(h2_counts()->n_goaway_errors, 1);
    assert_int_equal(h2_counts()->goaway_error, HTTP2_ENHANCE_YOUR_CALM);
}

static void a_connection_that_is_ended_twice_counts_once(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 8);
    h2_goaway(INT32_MAX, HTTP2_NO_ERROR);
    h2_looks(c);
    for (int i = 0; i < 2; i++) {
        h2_goaway(1, HTTP2_ENHANCE_YOUR_CALM);
        h2_looks(c);
    }
    assert_int_equal(h2_counts()->n_goaways, 1);
    assert_int_equal(h2_counts()->n_goaway_errors, 1);
}

static void a_goaway_while_nothing_is_open_closes(void **state)
{
    (void)state;
    struct conn *c = h2_open(0, 8);
    h2_goaway(0, HTTP2_NO_ERROR);
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
}

static void a_reset_names_its_code_and_the_connection_stays(void **state)
{
    (void)state;
    struct conn *c = h2_open(3, 8);
    const unsigned n_freed = wired.n_freed;
    h2_reset(1, HTTP2_INTERNAL_ERROR);
    h2_looks(c);
    assert_int_equal(wired.n_freed, n_freed + 1);
    assert_string_equal(cause(), "stream reset: INTERNAL_ERROR");
    h2_reset(3, 99);
    h2_looks(c);
    assert_string_equal(cause(), "stream reset: an unknown code");
    assert_int_equal(h2_n(OUTCOME_RESET), 2);
    h2_reset(5, HTTP2_HTTP_1_1_REQUIRED);
    h2_looks(c);
    assert_string_equal(cause(), "stream reset: HTTP_1_1_REQUIRED");
    assert_int_equal(h2_n(OUTCOME_PROTOCOL), 1);
    assert_int_equal(c->state, CONN_READY);
    assert_int_equal(h2_counts()->n_resets[HTTP2_INTERNAL_ERROR], 1);
    assert_int_equal(h2_counts()->n_resets[HTTP2_N_CODES], 1);
    assert_true(conn_has_room(c));
}

static void a_malformed_response_fails_its_request_alone(void **state)
{
    (void)state;
    struct conn *c = h2_open(2, 8);
    const unsigned n_freed = wired.n_freed;
    h2_frame(H2_HEADERS, 5, 1, "\x84", 1); /* :path in a response */
    h2_looks(c);
    assert_int_equal(wired.n_freed, n_freed + 1);
    assert_int_equal(h2_n(OUTCOME_PROTOCOL), 1);
    assert_int_equal(c->state, CONN_READY);
    assert_string_equal(h2_written(), "R1:1");
    h2_answer(3);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
}

static void while_the_kernel_takes_no_more_there_is_no_room(void **state)
{
    (void)state;
    struct conn *c = h2_open(0, 8);
    h2.write_says = TRANSPORT_WANT_WRITE;
    h2_submit(c, &wired.get, 1, 0);
    h2_end_callback();
    assert_string_equal(h2_written(), "");
    assert_false(conn_has_room(c));
    h2_submit(c, &wired.get, 2, 0);
    h2_end_callback();
    assert_string_equal(h2_waiting(c), "2");
    assert_int_equal(wired.shard.counts->n_large, 1);
    conn_on_events(c, POLLER_WRITABLE);
    assert_string_equal(h2_written(), "H1 H3");
    assert_true(conn_has_room(c));
}

static void an_upload_held_up_by_a_window_is_counted_second_by_second(void **state)
{
    (void)state;
    static char body[200000];
    h2_plan(PLAN_CLOSED, 1, 8);
    const int n =
        snprintf(body, sizeof body, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", 100000);
    memset(body + n, 'x', 100000);
    wired.get_piece = (struct plan_piece){ .text = body, .length_bytes = (size_t)n + 100000 };
    h2_start();
    struct conn *c = h2_connect(0);
    h2_submit(c, &wired.get, 1, 0);
    h2_end_callback();
    h2_settings(100);
    h2_looks(c);
    const uint64_t since_ns = c->mux->held_up_ns;
    const uint64_t before_ns = h2_counts()->blocked_ns;
    assert_int_not_equal(since_ns, 0);
    mux_count_interval(&wired.shard, since_ns + NS_PER_S);
    assert_int_equal(h2_counts()->blocked_ns - before_ns, NS_PER_S);
    mux_count_interval(&wired.shard, since_ns + NS_PER_S - 5); /* clocks are read here and there */
    mux_count_interval(&wired.shard, since_ns + 2 * NS_PER_S);
    assert_int_equal(h2_counts()->blocked_ns - before_ns, 2 * NS_PER_S);
}

static void an_interval_in_which_nothing_happens_has_its_open_streams(void **state)
{
    (void)state;
    h2_open(3, 8);
    wired.shard.counts->http2 = (struct http2_counts){ 0 };
    mux_count_interval(&wired.shard, clock_monotonic_ns());
    assert_int_equal(h2_counts()->n_open_most, 3);
    assert_int_equal(h2_counts()->n_in_use_most, 3);
    assert_int_equal(h2_counts()->n_peer_least, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(requests_of_a_turn_go_out_in_one_write, h2_drop),
        cmocka_unit_test_teardown(answers_in_any_order_end_their_own_requests, h2_drop),
        cmocka_unit_test_teardown(a_connection_takes_no_more_of_those_that_wait_than_it_may_carry, h2_drop),
        cmocka_unit_test_teardown(before_it_is_ready_a_connection_has_a_hundred_users_at_most, h2_drop),
        cmocka_unit_test_teardown(an_answer_that_was_not_expected_has_its_cause_and_frees_its_user, h2_drop),
        cmocka_unit_test_teardown(before_settings_a_hundred_requests_are_open_at_most, h2_drop),
        cmocka_unit_test_teardown(what_a_goaway_leaves_out_is_sent_again_whatever_it_is, h2_drop),
        cmocka_unit_test_teardown(a_request_that_counts_as_sent_goes_out_before_its_connection_closes,
                                  h2_drop),
        cmocka_unit_test_teardown(a_goaway_with_an_error_is_counted_apart, h2_drop),
        cmocka_unit_test_teardown(a_connection_that_is_ended_twice_counts_once, h2_drop),
        cmocka_unit_test_teardown(a_goaway_while_nothing_is_open_closes, h2_drop),
        cmocka_unit_test_teardown(a_reset_names_its_code_and_the_connection_stays, h2_drop),
        cmocka_unit_test_teardown(a_malformed_response_fails_its_request_alone, h2_drop),
        cmocka_unit_test_teardown(while_the_kernel_takes_no_more_there_is_no_room, h2_drop),
        cmocka_unit_test_teardown(an_upload_held_up_by_a_window_is_counted_second_by_second, h2_drop),
        cmocka_unit_test_teardown(an_interval_in_which_nothing_happens_has_its_open_streams, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
