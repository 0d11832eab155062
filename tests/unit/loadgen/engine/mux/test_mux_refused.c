#include "wired_http2.h"

/* The timer of the refused requests, at its time. */
static void run_again(void)
{
    struct loop_timer *again = &wired.shard.muxes->again;
    again->on_due(again, 1, again->due_ns);
    h2_end_callback();
}

static void a_refused_request_is_sent_again_when_there_is_room(void **state)
{
    (void)state;
    struct conn *c = h2_open(3, 8);
    h2_reset(3, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    assert_string_equal(h2_written(), "");
    assert_int_equal(h2_counts()->n_refused, 1);
    assert_int_equal(c->n_flights, 3);
    assert_false(conn_has_room(c)); /* room is what was open */
    h2_answer(1);
    h2_looks(c);
    assert_string_equal(h2_written(), "H7");
    assert_int_equal(h2_again(AGAIN_REFUSED), 1);
    assert_false(conn_has_room(c));
    h2_answer(7);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 2);
    assert_true(conn_has_room(c));
}

static void alone_it_is_sent_again_after_pauses_that_double_to_a_second(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 8);
    const struct loop_timer *again = &wired.shard.muxes->again;
    uint32_t id = 1;
    for (int i = 0; i < 13; i++) {
        const uint64_t pause_ns = NS_PER_MS << (i < 10 ? i : 10), before_ns = clock_monotonic_ns();
        char sent[16];
        h2_reset(id, HTTP2_REFUSED_STREAM);
        h2_looks(c);
        assert_string_equal(h2_written(), "");
        assert_in_range(again->due_ns, before_ns + pause_ns, clock_monotonic_ns() + pause_ns);
        run_again();
        id += 2;
        snprintf(sent, sizeof sent, "H%u", id);
        assert_string_equal(h2_written(), sent);
    }
    assert_int_equal(again->due_ns, UINT64_MAX);
    h2_answer(id);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
    assert_int_equal(h2_counts()->n_refused, 13);
}

static void what_was_answered_in_the_same_read_has_left_room(void **state)
{
    (void)state;
    struct conn *c = h2_open(5, 8);
    h2_answer(1);
    h2_reset(3, HTTP2_REFUSED_STREAM);
    h2_answer(5);
    h2_reset(7, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    assert_string_equal(h2_written(), "H11 H13"); /* without a pause */
    assert_int_equal(c->mux->streams_most, 3);
    assert_int_equal(c->mux->open.n, 3);
}

static void a_response_ends_the_doubling(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 8);
    const struct loop_timer *again = &wired.shard.muxes->again;
    uint32_t id = 1;
    for (int i = 0; i < 5; i++, id += 2) {
        h2_reset(id, HTTP2_REFUSED_STREAM);
        h2_looks(c);
        run_again();
    }
    h2_answer(id);
    h2_looks(c);
    h2_submit(c, &wired.get, 2, 0);
    h2_end_callback();
    const uint64_t before_ns = clock_monotonic_ns();
    h2_reset(id + 2, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    assert_in_range(again->due_ns, before_ns + NS_PER_MS, clock_monotonic_ns() + NS_PER_MS);
}

static void it_does_not_wait_for_others_that_are_slow(void **state)
{
    (void)state;
    struct conn *c = h2_open(2, 8);
    h2_reset(3, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    run_again();
    assert_string_equal(h2_written(), "H5");
    assert_int_equal(c->mux->open.n, 2);
}

static void it_times_out_as_any_other(void **state)
{
    (void)state;
    struct conn *c = h2_begin(8);
    h2_submit(c, &wired.get, 1, 2000 * NS_PER_S);
    h2_end_callback();
    h2_settings(100);
    h2_reset(1, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    h2_written();
    h2_written();
    shard_check_deadlines(&wired.shard, 2000 * NS_PER_S + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(c->state, CONN_READY);
    run_again();
    assert_string_equal(h2_written(), "");
    assert_true(conn_has_room(c)); /* for one that tries */
}

static void after_time_outs_room_grows_back_as_well(void **state)
{
    (void)state;
    struct conn *c = h2_begin(8);
    h2_submit(c, &wired.get, 1, 2000 * NS_PER_S);
    h2_end_callback();
    h2_settings(100);
    h2_reset(1, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    struct loop_timer *again = &wired.shard.muxes->again;
    again->on_due(again, 1, again->due_ns - 1); /* as for another connection */
    shard_check_deadlines(&wired.shard, 2000 * NS_PER_S + WIRED_TIMEOUT_NS);
    assert_int_equal(c->mux->streams_most, 1);
    h2_submit(c, &wired.get, 2, 0);
    h2_end_callback();
    h2_answer(3);
    h2_looks(c);
    assert_int_equal(c->mux->streams_most, 2);
}

static void room_grows_back_with_the_answers(void **state)
{
    (void)state;
    struct conn *c = h2_open(3, 8);
    h2_reset(5, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    assert_int_equal(c->mux->streams_most, 2);
    uint64_t seq = 10;
    for (int round = 0; round < 40; round++) {
        h2_answer(c->mux->open.first->stream.id);
        h2_looks(c);
        while (conn_has_room(c))
            h2_submit(c, &wired.get, seq++, 0);
        h2_end_callback();
    }
    assert_int_equal(c->mux->streams_most, 8);
    assert_int_equal(c->mux->open.n, 8);
}

static void with_the_connection_it_waits_for_the_next_one(void **state)
{
    (void)state;
    struct conn *c = h2_open(2, 8);
    h2_answer(1);
    h2_reset(3, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    h2.then = TRANSPORT_END;
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(h2_waiting(c), "2");
    run_again(); /* its time has come, but it waits already */
    assert_int_equal(wired.shard.muxes->again.due_ns, UINT64_MAX);
    h2_connect(0);
    conn_send_pending(c);
    h2_end_callback();
    assert_string_equal(h2_written(), "H1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_refused_request_is_sent_again_when_there_is_room, h2_drop),
        cmocka_unit_test_teardown(alone_it_is_sent_again_after_pauses_that_double_to_a_second, h2_drop),
        cmocka_unit_test_teardown(what_was_answered_in_the_same_read_has_left_room, h2_drop),
        cmocka_unit_test_teardown(a_response_ends_the_doubling, h2_drop),
        cmocka_unit_test_teardown(it_does_not_wait_for_others_that_are_slow, h2_drop),
        cmocka_unit_test_teardown(it_times_out_as_any_other, h2_drop),
        cmocka_unit_test_teardown(after_time_outs_room_grows_back_as_well, h2_drop),
        cmocka_unit_test_teardown(room_grows_back_with_the_answers, h2_drop),
        cmocka_unit_test_teardown(with_the_connection_it_waits_for_the_next_one, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
