/* Request bodies that wait for the peer's windows. */
#include "wired_http2.h"

enum { FRAMES_OUT = 96 * 1024 }; /* that are queued at once, at most */

static uint64_t blocked_ns(void)
{
    return h2_counts()->blocked_ns;
}

static void update(uint32_t id)
{
    h2_frame(H2_WINDOW_UPDATE, 0, id, "\0\0\0\1", 4);
}

static struct conn *without_window(void)
{
    struct conn *c = h2_begin(8);
    h2_frame(H2_SETTINGS, 0, 0, "\0\004\0\0\0\0", 6);
    h2_looks(c);
    return c;
}

/* Request number 1 is written but for its body. */
static struct conn *with_a_body_held_up(void)
{
    struct conn *c = without_window();
    h2_submit(c, &wired.post, 1, 0);
    h2_end_callback();
    h2_written();
    return c;
}

static void a_body_is_sent_when_its_window_grows(void **state)
{
    (void)state;
    struct conn *c = without_window();
    h2_submit(c, &wired.post, 1, 0);
    h2_submit(c, &wired.get, 2, 0);
    h2_end_callback();
    assert_string_equal(h2_written(), "H1 H3");
    update(1);
    h2_looks(c);
    h2_end_callback();
    assert_string_equal(h2_written(), "D1");
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 1);
}

static void waiting_is_counted_from_the_request_to_the_window(void **state)
{
    (void)state;
    struct conn *c = without_window();
    h2_submit(c, &wired.get, 1, 0);
    h2_end_callback();
    assert_int_equal(c->mux->held_up_ns, 0);
    h2_submit(c, &wired.post, 2, 0);
    h2_end_callback();
    const uint64_t from_ns = c->mux->held_up_ns;
    assert_int_equal(from_ns, c->mux->open.last->written_ns);
    update(3);
    mux_feed(c, h2.read, h2.n_read, from_ns + 70);
    assert_int_equal(blocked_ns(), 70);
    assert_int_equal(c->mux->held_up_ns, 0);
    h2.n_read = 0;
    h2_answer(3);
    mux_feed(c, h2.read, h2.n_read, from_ns + 100);
    assert_int_equal(blocked_ns(), 70);
}

static void a_body_that_waits_until_its_time_out_is_counted_too(void **state)
{
    (void)state;
    struct conn *c = with_a_body_held_up();
    const struct mux_slot *slot = c->mux->open.first;
    const uint64_t from_ns = slot->written_ns, deadline_ns = slot->deadline_ns;
    h2_frame(6, 1, 0, "12345678", 8); /* something is heard, so that the connection stays */
    mux_feed(c, h2.read, h2.n_read, from_ns + 10);
    shard_check_deadlines(&wired.shard, deadline_ns);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(blocked_ns(), deadline_ns - from_ns);
    assert_int_equal(c->mux->held_up_ns, 0);
}

static void on_a_silent_connection_too(void **state)
{
    (void)state;
    struct conn *c = with_a_body_held_up();
    const struct mux_slot *slot = c->mux->open.first;
    const uint64_t from_ns = slot->written_ns, deadline_ns = slot->deadline_ns;
    c->mux->heard_ns = from_ns - 1;
    shard_check_deadlines(&wired.shard, deadline_ns);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(blocked_ns(), deadline_ns - from_ns);
}

static void a_body_that_waits_until_the_end_of_the_run_is_counted_too(void **state)
{
    (void)state;
    struct conn *c = with_a_body_held_up();
    const uint64_t from_ns = c->mux->held_up_ns;
    conn_fail(c, OUTCOME_CENSORED, "the run ended", from_ns + 60);
    assert_int_equal(h2_n(OUTCOME_CENSORED), 1);
    assert_int_equal(blocked_ns(), 60);
}

static void an_early_answer_ends_the_wait(void **state)
{
    (void)state;
    struct conn *c = with_a_body_held_up();
    const uint64_t from_ns = c->mux->held_up_ns;
    h2_answer(1);
    mux_feed(c, h2.read, h2.n_read, from_ns + 5);
    h2_end_callback();
    assert_int_equal(blocked_ns(), 5);
    assert_string_equal(h2_written(), "R1:0");
    assert_int_equal(h2_n(OUTCOME_OK), 1);
}

static size_t n_taken;

static ssize_t take_all(struct sock *sock, const char *data, size_t length_bytes)
{
    (void)sock;
    (void)data;
    n_taken += length_bytes;
    return (ssize_t)length_bytes;
}

/* However fast the server reads and widens its windows. */
static void a_large_body_takes_several_turns(void **state)
{
    (void)state;
    enum { BODY_BYTES = 4 * CONN_WRITE_MOST_BYTES };
    static char text[BODY_BYTES + 64];
    h2_plan(PLAN_CLOSED, 1, 2);
    const int head_bytes =
        snprintf(text, sizeof text, "POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n", BODY_BYTES);
    wired.get_piece = (struct plan_piece){ .text = text, .length_bytes = (size_t)head_bytes + BODY_BYTES };
    h2_start();
    wired.route.transport.write = take_all;
    struct conn *c = h2_connect(0);
    h2_frame(H2_SETTINGS, 0, 0, "\0\4\1\0\0\0", 6);
    h2_frame(H2_WINDOW_UPDATE, 0, 0, "\1\0\0\0", 4);
    h2_looks(c);
    h2_submit(c, &wired.get, 1, 0);
    n_taken = 0;
    h2_end_callback();
    assert_in_range(n_taken, CONN_WRITE_MOST_BYTES, CONN_WRITE_MOST_BYTES + FRAMES_OUT);
    assert_int_not_equal(c->rest_bytes, 0);
    assert_int_equal(mux_has_room(c), false);
    for (size_t before = n_taken; c->rest_bytes > 0; before = n_taken) {
        conn_on_events(c, POLLER_WRITABLE);
        assert_in_range(n_taken - before, 1, 2 * (CONN_WRITE_MOST_BYTES + FRAMES_OUT));
    }
    assert_in_range(n_taken, BODY_BYTES, BODY_BYTES + BODY_BYTES / 100);
    assert_int_equal(mux_has_room(c), true);
}

/* Streams whose targets differ in no more than that share a route. */
static void a_stream_has_its_own_window(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 1);
    struct plan_target own = wired.plan.target;
    own.h2_window_bytes = 70000;
    wired.stream.target = &own;
    h2_start();
    assert_int_equal(wired.shard.muxes->options.window_bytes, 70000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_stream_has_its_own_window, h2_drop),
        cmocka_unit_test_teardown(a_body_is_sent_when_its_window_grows, h2_drop),
        cmocka_unit_test_teardown(waiting_is_counted_from_the_request_to_the_window, h2_drop),
        cmocka_unit_test_teardown(a_body_that_waits_until_its_time_out_is_counted_too, h2_drop),
        cmocka_unit_test_teardown(on_a_silent_connection_too, h2_drop),
        cmocka_unit_test_teardown(a_body_that_waits_until_the_end_of_the_run_is_counted_too, h2_drop),
        cmocka_unit_test_teardown(an_early_answer_ends_the_wait, h2_drop),
        cmocka_unit_test_teardown(a_large_body_takes_several_turns, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
