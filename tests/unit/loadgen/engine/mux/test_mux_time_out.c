/* Requests on a connection that time out. */
#include "wired_http2.h"

static uint64_t at_s(uint64_t s)
{
    return s * NS_PER_S;
}

/* Sent at second 2000 and 2001. */
static struct conn *with_a_get_and(const struct plan_request *other)
{
    struct conn *c = h2_begin(8);
    h2_submit(c, &wired.get, 1, at_s(2000));
    h2_submit(c, other, 2, at_s(2001));
    h2_end_callback();
    return c;
}

static void a_time_out_cancels_its_stream_and_the_others_go_on(void **state)
{
    (void)state;
    struct conn *c = with_a_get_and(&wired.get);
    h2_settings(100); /* something has been heard since */
    h2_looks(c);
    h2_written();
    shard_check_deadlines(&wired.shard, at_s(2000) + WIRED_TIMEOUT_NS - 1);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 0);
    shard_check_deadlines(&wired.shard, at_s(2000) + WIRED_TIMEOUT_NS);
    h2_end_callback();
    assert_string_equal(h2_written(), "R1:8");
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(h2_counts()->n_cancels, 1);
    assert_int_equal(c->state, CONN_READY);
    h2_answer(1); /* too late */
    h2_answer(3);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
    assert_int_equal(c->state, CONN_READY);
}

static void a_silent_connection_is_closed_at_a_time_out(void **state)
{
    (void)state;
    struct conn *c = with_a_get_and(&wired.get);
    shard_check_deadlines(&wired.shard, at_s(2000) + WIRED_TIMEOUT_NS);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(h2_n(OUTCOME_RESET_IDLE), 0);
    assert_string_equal(h2_waiting(c), "2");
    h2_connect(0);
    conn_send_pending(c);
    h2_end_callback();
    assert_int_equal(h2_again(AGAIN_TIMEOUT), 1);
}

static void a_silent_connection_stays_for_what_may_not_be_repeated(void **state)
{
    (void)state;
    struct conn *c = with_a_get_and(&wired.post);
    shard_check_deadlines(&wired.shard, at_s(2000) + WIRED_TIMEOUT_NS);
    assert_int_equal(c->state, CONN_READY);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_false(conn_has_room(c));
    h2_settings(100);
    h2_answer(3);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
    assert_int_equal(c->state, CONN_CLOSING);
}

static void a_peer_that_does_not_read_is_left_at_a_time_out(void **state)
{
    (void)state;
    struct conn *c = with_a_get_and(&wired.get);
    h2_settings(100); /* something has been heard since */
    h2_looks(c);
    h2.write_says = TRANSPORT_WANT_WRITE;
    h2_submit(c, &wired.get, 3, at_s(2002));
    h2_end_callback();
    h2_submit(c, &wired.get, 4, at_s(2003));
    shard_check_deadlines(&wired.shard, at_s(2000) + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(c->state, CONN_READY); /* others may be answered */
    assert_string_equal(h2_waiting(c), "4");
    shard_check_deadlines(&wired.shard, at_s(2002) + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 3);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(h2_waiting(c), "4"); /* for the next connection */
}

static void after_a_hundred_cancels_a_connection_ends(void **state)
{
    (void)state;
    struct conn *c = h2_begin(200);
    h2_settings(200);
    h2_looks(c);
    for (uint64_t i = 1; i <= MUX_CANCELS_MOST; i++)
        h2_submit(c, &wired.get, i, at_s(2000));
    h2_submit(c, &wired.get, 0, at_s(2001));
    h2_end_callback();
    h2_settings(200);
    h2_looks(c);
    shard_check_deadlines(&wired.shard, at_s(2000) + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), MUX_CANCELS_MOST);
    assert_int_equal(c->state, CONN_READY); /* until its last answer */
    assert_false(conn_has_room(c));
    h2_written();
    h2_answer(2 * MUX_CANCELS_MOST + 1);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
    assert_int_equal(c->state, CONN_CLOSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_time_out_cancels_its_stream_and_the_others_go_on, h2_drop),
        cmocka_unit_test_teardown(a_silent_connection_is_closed_at_a_time_out, h2_drop),
        cmocka_unit_test_teardown(a_silent_connection_stays_for_what_may_not_be_repeated, h2_drop),
        cmocka_unit_test_teardown(a_peer_that_does_not_read_is_left_at_a_time_out, h2_drop),
        cmocka_unit_test_teardown(after_a_hundred_cancels_a_connection_ends, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
