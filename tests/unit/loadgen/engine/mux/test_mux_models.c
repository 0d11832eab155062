#include "wired_http2.h"

static void each_stream_of_a_connection_is_a_user(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 3, 5, 0, 1);
    assert_string_equal(h2_written(), "H1 H3 H5");
    h2_settings(100);
    h2_answer(3);
    h2_looks(c);
    assert_string_equal(h2_written(), "H7");
    h2_answer(1);
    h2_answer(5);
    h2_looks(c);
    assert_string_equal(h2_written(), "H9");
    h2_answer(7);
    h2_answer(9);
    h2_looks(c);
    assert_int_equal(wired.shard.state, SHARD_OVER);
    assert_int_equal(h2_n(OUTCOME_OK), 5);
}

static void users_beyond_the_peers_limit_take_up_nothing(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 4, 100, 0, 1);
    h2_settings(2); /* four are open already */
    h2_answer(1);
    h2_answer(3);
    h2_looks(c);
    assert_string_equal(h2_written(), "H1 H3 H5 H7");
    assert_int_equal(c->n_flights, 2);
    h2_answer(5);
    h2_looks(c);
    assert_string_equal(h2_written(), "H9");
    h2_settings(3);
    h2_looks(c);
    assert_string_equal(h2_written(), "H11");
    assert_int_equal(c->n_flights, 3);
}

static void where_no_stream_is_allowed_requests_time_out(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 2, 100, 0, 1);
    h2_settings(0);
    h2_reset(1, HTTP2_REFUSED_STREAM);
    h2_reset(3, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    const uint64_t later_ns = clock_monotonic_ns() + WIRED_TIMEOUT_NS;
    shard_check_deadlines(&wired.shard, later_ns);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 2);
    assert_int_equal(c->n_flights, 2); /* the users' next ones */
    shard_check_deadlines(&wired.shard, later_ns + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 4);
}

static void each_user_thinks_for_itself(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 2, 100, NS_PER_S, 1);
    struct shard *s = &wired.shard;
    h2_written();
    h2_settings(100);
    h2_answer(1);
    h2_looks(c);
    const uint64_t first_ns = s->timer.due_ns;
    assert_in_range(first_ns, clock_monotonic_ns(), clock_monotonic_ns() + NS_PER_S);
    h2_answer(3);
    h2_looks(c);
    h2_end_callback();
    assert_int_equal(c->n_flights, 0);
    assert_int_equal(s->timer.due_ns, first_ns);
    s->model->on_due(&s->timer, 8, first_ns);
    h2_end_callback();
    assert_string_equal(h2_written(), "H5"); /* the other one still thinks */
    s->model->on_due(&s->timer, 8, s->timer.due_ns);
    h2_end_callback();
    assert_string_equal(h2_written(), "H7");
}

static void users_of_a_closed_connection_go_on_thinking(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 2, 100, NS_PER_S, 1);
    struct shard *s = &wired.shard;
    h2_settings(100);
    h2_answer(1);
    h2_answer(3);
    h2_goaway(3, HTTP2_NO_ERROR);
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    conn_finish_close(&c->closed, clock_monotonic_ns());
    assert_int_equal(s->muxes->thinking.n, 2);
    assert_int_equal(c->n_flights, 0);
    s->model->on_due(&s->timer, 1, s->timer.due_ns);
    assert_int_equal(c->n_flights, 1);
    assert_int_equal(c->list == &s->waiting, true); /* it is opened again */
}

static void a_connection_that_is_opened_for_requests_that_timed_out_is_given_up(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 1, 1, 0, 1);
    struct shard *s = &wired.shard;
    const uint64_t now_ns = clock_monotonic_ns();
    h2_settings(100);
    h2_goaway(0, HTTP2_NO_ERROR);
    h2_looks(c);
    conn_finish_close(&c->closed, now_ns);
    assert_int_equal(c->n_flights, 1);
    c->state = CONN_CONNECTING;
    conn_move(&s->connecting, c, now_ns + WIRED_TIMEOUT_NS / 2);
    shard_check_deadlines(s, now_ns + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_ptr_equal(c->list, &s->closed);
}

static struct due due(uint64_t seq, uint64_t due_ns)
{
    return (struct due){ .seq = seq, .due_ns = due_ns, .dispatched_ns = due_ns };
}

static void due_requests_without_room_wait_in_the_queue(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_open, 2, 100, 0, 1);
    struct shard *s = &wired.shard;
    assert_ptr_equal(c->list, &s->idle);
    const uint64_t now_ns = clock_monotonic_ns();
    for (uint64_t i = 1; i <= 3; i++) {
        const struct due d = due(i, now_ns);
        assert_true(due_queue_put(&s->queue, &d));
    }
    s->model->on_free(s, c, now_ns);
    h2_end_callback();
    assert_string_equal(h2_written(), "H1 H3");
    assert_int_equal(s->queue.n, 1);
    assert_ptr_equal(c->list, &s->busy);
    h2_settings(100);
    h2_answer(3);
    h2_looks(c);
    assert_string_equal(h2_written(), "H5");
    assert_int_equal(s->queue.n, 0);
    assert_int_equal(c->mux->open.last->flight.seq, 3);
}

/* Three requests on the first of two connections, whose answers the server has begun to refuse: it has acted
 * on the first one alone. */
static struct conn *going_away_with_three(uint64_t due_ns)
{
    h2_begin_phase(&shard_open, 4, 100, 0, 2);
    struct shard *s = &wired.shard;
    struct conn *c = shard_conn(s, 0);
    for (uint64_t i = 1; i <= 3; i++) {
        const struct due d = due(i, due_ns);
        assert_true(due_queue_put(&s->queue, &d));
    }
    s->model->on_free(s, c, due_ns);
    h2_end_callback();
    h2_written();
    h2_settings(100);
    h2_goaway(1, HTTP2_NO_ERROR);
    return c;
}

static void what_a_goaway_leaves_out_goes_to_another_connection(void **state)
{
    (void)state;
    const uint64_t now_ns = clock_monotonic_ns();
    struct conn *c = going_away_with_three(now_ns);
    struct conn *other = h2_connect(1);
    conn_list_append(&wired.shard.idle, other, now_ns);
    const uint64_t sent_ns = c->mux->open.last->flight.sent_ns;
    h2_looks(c);
    assert_string_equal(h2_written(), "H1 H3");
    assert_int_equal(c->n_flights, 1);
    assert_int_equal(other->n_flights, 2);
    assert_int_equal(other->mux->open.first->flight.seq, 2);
    assert_int_equal(other->mux->open.first->flight.sent_ns, sent_ns);
    assert_int_equal(wired.shard.n_busy, 3);
    assert_int_equal(wired.shard.counts->n_sent, 3);
}

static void what_was_refused_goes_to_another_connection_as_well(void **state)
{
    (void)state;
    const uint64_t now_ns = clock_monotonic_ns();
    struct conn *c = going_away_with_three(now_ns);
    struct conn *other = h2_connect(1);
    conn_list_append(&wired.shard.idle, other, now_ns);
    h2.n_read = 0; /* the GOAWAY comes later */
    h2_settings(100);
    h2_reset(5, HTTP2_REFUSED_STREAM);
    h2_looks(c);
    assert_int_equal(c->mux->refused.n, 1);
    h2_goaway(3, HTTP2_NO_ERROR);
    h2_looks(c);
    assert_int_equal(c->n_flights, 2);
    assert_int_equal(other->n_flights, 1);
    assert_int_equal(other->mux->open.first->flight.seq, 3);
    assert_null(wired.shard.muxes->refused_first);
}

static void without_another_connection_it_comes_first_in_the_queue(void **state)
{
    (void)state;
    const uint64_t now_ns = clock_monotonic_ns();
    struct conn *c = going_away_with_three(now_ns);
    struct shard *s = &wired.shard;
    const struct due later = due(9, now_ns);
    assert_true(due_queue_put(&s->queue, &later));
    h2_looks(c);
    assert_int_equal(s->queue.n, 3);
    assert_int_equal(due_queue_first(&s->queue)->seq, 2);
    assert_int_equal(s->n_busy, 1);
    assert_ptr_equal(shard_conn(s, 1)->list, &s->waiting); /* to be opened */
}

/* Rule R17: each request that was sent has a service time, however it ends. */
static void what_ends_in_the_queue_after_it_was_sent_has_its_times(void **state)
{
    (void)state;
    const uint64_t now_ns = clock_monotonic_ns();
    struct conn *c = going_away_with_three(now_ns);
    struct shard *s = &wired.shard;
    h2_looks(c);
    assert_int_equal(s->queue.n, 2);
    s->model->check(s, now_ns + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 2);
    const struct stats_times *times = wired.loop->stats->cells[0].times[OUTCOME_TIMEOUT];
    assert_int_equal(times->metrics[METRIC_SERVICE]->n, 2);
    assert_int_equal(times->metrics[METRIC_CONN_WAIT]->n, 2);
    assert_int_equal(times->metrics[METRIC_RESPONSE]->max_ns, WIRED_TIMEOUT_NS);
    assert_int_not_equal(wired.loop->stats->err.rows[0].sent_ns, 0);
}

static void a_connection_on_which_no_stream_is_allowed_is_not_idle(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_open, 2, 100, 0, 1);
    h2_settings(0);
    h2_looks(c);
    wired.shard.model->on_free(&wired.shard, c, clock_monotonic_ns());
    assert_null(c->list);
    h2_settings(1);
    h2_looks(c);
    assert_ptr_equal(c->list, &wired.shard.idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_stream_of_a_connection_is_a_user, h2_drop),
        cmocka_unit_test_teardown(users_beyond_the_peers_limit_take_up_nothing, h2_drop),
        cmocka_unit_test_teardown(where_no_stream_is_allowed_requests_time_out, h2_drop),
        cmocka_unit_test_teardown(each_user_thinks_for_itself, h2_drop),
        cmocka_unit_test_teardown(users_of_a_closed_connection_go_on_thinking, h2_drop),
        cmocka_unit_test_teardown(a_connection_that_is_opened_for_requests_that_timed_out_is_given_up,
                                  h2_drop),
        cmocka_unit_test_teardown(due_requests_without_room_wait_in_the_queue, h2_drop),
        cmocka_unit_test_teardown(what_a_goaway_leaves_out_goes_to_another_connection, h2_drop),
        cmocka_unit_test_teardown(what_was_refused_goes_to_another_connection_as_well, h2_drop),
        cmocka_unit_test_teardown(without_another_connection_it_comes_first_in_the_queue, h2_drop),
        cmocka_unit_test_teardown(what_ends_in_the_queue_after_it_was_sent_has_its_times, h2_drop),
        cmocka_unit_test_teardown(a_connection_on_which_no_stream_is_allowed_is_not_idle, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
