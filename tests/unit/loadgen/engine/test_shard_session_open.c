/* Open arrivals of sessions, one event after the other. */
#include "wired_session.h"

/* Arrivals are due at 50, 150, ... ms. */
static const struct plan_phase ten_per_s = { .kind = PLAN_PHASE_RATE,
                                             .rate_per_s = 10,
                                             .rate_end_per_s = 10,
                                             .duration_ns = 500 * NS_PER_MS,
                                             .n_requests = 5 };

static struct shard *started(uint32_t n_conns, uint64_t queue_most)
{
    struct shard *s = wired_session_init(PLAN_OPEN, n_conns, &ten_per_s, 1);
    due_queue_fini(&s->queue);
    assert_int_equal(due_queue_init(&s->queue, (uint32_t)queue_most), 0);
    s->model->start(s, at_ms(0));
    return s;
}

/* The connection that was opened for a user is ready. */
static void connected(uint32_t i)
{
    struct conn *c = wired_connect(i);
    conn_send_pending(c);
}

static void check_sent(const char *wanted)
{
    assert_string_equal(wired_session_sent(), wanted);
}

/* One arrival after the other: between them the thread looks at the real clock. */
static void arrives(uint64_t now_ns)
{
    do
        wired.shard.timer.on_due(&wired.shard.timer, 1, now_ns);
    while (wired.shard.has_next && wired.shard.next.due_ns <= now_ns);
}

static void closes(uint64_t now_ns)
{
    struct loop_closed *closed = loop_take_closed(wired.loop);
    assert_non_null(closed);
    conn_finish_close(closed, now_ns);
}

/* From the first answer on; `end` is sent at the end. */
static void walk(uint32_t i, uint64_t from_ms)
{
    wired_session_ends(i, OUTCOME_OK, at_ms(from_ms));
    wired_session_ends(i, OUTCOME_OK, at_ms(from_ms + 2));
    wired.shard.timer.on_due(&wired.shard.timer, 1, at_ms(from_ms + 22));
    wired_session_ends(i, OUTCOME_OK, at_ms(from_ms + 24));
    check_sent("habz");
}

static void an_arrival_is_a_user_with_one_pass_and_a_connection(void **state)
{
    (void)state;
    struct shard *s = started(2, 2);
    assert_int_equal(s->timer.due_ns, at_ms(50));
    arrives(at_ms(50));
    assert_int_equal(s->users->n_live, 1);
    connected(0);
    walk(0, 60);
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_OK), 1);
    wired_session_ends(0, OUTCOME_OK, at_ms(90));
    assert_int_equal(shard_conn(s, 0)->state, CONN_CLOSING);
    assert_int_equal(s->users->n_live, 0);
    closes(at_ms(90));
    assert_int_equal(s->closed.n, 2);
    assert_int_equal(s->counts->n_intended, 4);
    assert_int_equal(s->counts->sessions.n_due, 1);
    assert_int_equal(s->timer.due_ns, at_ms(150));
}

static void a_session_is_timed_from_when_it_was_due(void **state)
{
    (void)state;
    struct shard *s = started(1, 2);
    arrives(at_ms(150)); /* 50 and 150 are due */
    assert_int_equal(s->queue.n, 1);
    connected(0);
    walk(0, 160);
    wired_session_ends(0, OUTCOME_OK, at_ms(190));
    closes(at_ms(195)); /* the second one begins */
    assert_int_equal(s->queue.n, 0);
    connected(0);
    walk(0, 200);
    const struct stats_times *times =
        wired.loop->stats->cells[plan_cell(&wired.stream, WHOLE, 0)].times[OUTCOME_OK];
    assert_int_equal(times->metrics[METRIC_TOTAL]->max_ns / NS_PER_MS, 184 - 50);
    const struct stats_times *h =
        wired.loop->stats->cells[plan_cell(&wired.stream, HELLO, 0)].times[OUTCOME_OK];
    assert_int_equal(h->metrics[METRIC_RESPONSE]->n, 2);
    assert_int_equal(h->metrics[METRIC_RESPONSE]->max_ns / NS_PER_MS, 110);
}

static void arrivals_beyond_the_queue_are_dropped(void **state)
{
    (void)state;
    struct shard *s = started(1, 1);
    arrives(at_ms(450));
    assert_int_equal(s->queue.n, 1);
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_DROPPED), 3);
    assert_int_equal(wired_session_n(HELLO, 0, OUTCOME_DROPPED), 3);
    assert_int_equal(s->counts->n_intended, 4); /* not yet that of the session in the queue */
    assert_int_equal(s->counts->sessions.n_begun, 1);
}

static void an_arrival_that_waits_for_too_long_times_out(void **state)
{
    (void)state;
    struct shard *s = started(1, 1);
    arrives(at_ms(150));
    s->model->check(s, at_ms(150) + WIRED_TIMEOUT_NS);
    assert_int_equal(s->queue.n, 0);
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_TIMEOUT), 1);
    assert_int_equal(wired_session_n(HELLO, 0, OUTCOME_TIMEOUT), 1);
}

static void what_is_under_way_after_finish_is_cut(void **state)
{
    (void)state;
    struct shard *s = started(1, 8);
    arrives(at_ms(450));
    connected(0);
    assert_int_equal(s->queue.n, 4);
    s->model->check(s, at_ms(500));
    assert_int_equal(s->state, SHARD_FINISHING);
    s->model->check(s, at_ms(550));
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_CENSORED), 5);
    assert_int_equal(wired_session_n(HELLO, 0, OUTCOME_CENSORED), 5);
    assert_int_equal(s->state, SHARD_OVER);
}

static void a_failed_pass_frees_its_connection_at_once(void **state)
{
    (void)state;
    struct shard *s = started(1, 1);
    arrives(at_ms(50));
    connected(0);
    wired_session_ends(0, OUTCOME_STATUS_4XX, at_ms(60));
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_STATUS_4XX), 1);
    closes(at_ms(60));
    assert_int_equal(s->closed.n, 1);
}

static void a_stop_censors_all_that_was_due(void **state)
{
    (void)state;
    struct shard *s = started(1, 1);
    arrives(at_ms(150));
    shard_stop(s, at_ms(260)); /* that of 250 was not looked at yet */
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_CENSORED), 3);
    assert_int_equal(wired_session_n(HELLO, 0, OUTCOME_CENSORED), 3);
    assert_int_equal(s->users->n_live, 0);
}

static void a_session_without_requests_intends_none(void **state)
{
    (void)state;
    struct shard *s = started(1, 1);
    for (size_t i = 0; i < WIRED_STEPS; i++)
        wired_session.steps[i].chance = 0;
    arrives(at_ms(150));
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_OK), 2);
    assert_int_equal(s->counts->sessions.n_begun, 2);
    assert_int_equal(s->counts->n_intended, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_arrival_is_a_user_with_one_pass_and_a_connection, wired_session_fini),
        cmocka_unit_test_teardown(a_session_is_timed_from_when_it_was_due, wired_session_fini),
        cmocka_unit_test_teardown(arrivals_beyond_the_queue_are_dropped, wired_session_fini),
        cmocka_unit_test_teardown(an_arrival_that_waits_for_too_long_times_out, wired_session_fini),
        cmocka_unit_test_teardown(what_is_under_way_after_finish_is_cut, wired_session_fini),
        cmocka_unit_test_teardown(a_failed_pass_frees_its_connection_at_once, wired_session_fini),
        cmocka_unit_test_teardown(a_stop_censors_all_that_was_due, wired_session_fini),
        cmocka_unit_test_teardown(a_session_without_requests_intends_none, wired_session_fini),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
