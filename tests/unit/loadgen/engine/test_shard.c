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

/* Ten requests a second for ten seconds: due at 50 ms, 150 ms and so on. */
static struct shard *open_stream(uint32_t n_conns, uint32_t depth, uint64_t queue_most)
{
    wired_init(PLAN_OPEN, n_conns, depth);
    wired.phase = (struct plan_phase){ .kind = PLAN_PHASE_RATE,
                                       .duration_ns = 10 * NS_PER_S,
                                       .rate_per_s = 10,
                                       .rate_end_per_s = 10,
                                       .n_requests = 100 };
    wired.stream.queue_most = queue_most;
    wired.stream.timeout_ns = UINT64_MAX / 2;
    wired.shard.model = &shard_open;
    shard_open.start(&wired.shard, at_ms(0));
    return &wired.shard;
}

/* Dispatches the next `n` arrivals, one by one: between two of them the shard reads the real clock, which
 * does not follow the test's time. */
static void dispatch(struct shard *s, uint64_t now_ms, int n)
{
    for (int i = 0; i < n; i++)
        shard_open.on_due(&s->timer, 1, at_ms(now_ms));
}

static uint64_t n_of(enum metric metric, enum outcome outcome)
{
    const struct stats_times *cell = wired.loop->stats->cells[0].times[outcome];
    return cell && cell->metrics[metric] ? cell->metrics[metric]->n : 0;
}

static void what_is_due_when_the_run_is_stopped_is_counted(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 1, 16);
    dispatch(s, 200, 2);
    assert_int_equal(s->queue.n, 2);
    shard_stop(s, at_ms(1000));
    assert_int_equal(s->counts->n_intended, 10);
    assert_int_equal(wired_n(OUTCOME_CENSORED), 10);
    assert_int_equal(n_of(METRIC_LAG, OUTCOME_CENSORED), 10);
    assert_int_equal(shard_n_inflight(s), 0);
    assert_int_equal(s->timer.due_ns, UINT64_MAX);
}

static void a_stopped_run_accounts_for_what_is_on_connections_too(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 1, 16);
    struct conn *c = wired_connect(0);
    conn_list_append(&s->idle, c, at_ms(0));
    dispatch(s, 100, 1);
    assert_string_equal(wired.written, "g");
    shard_stop(s, at_ms(300));
    assert_int_equal(s->counts->n_intended, 3);
    assert_int_equal(wired_n(OUTCOME_CENSORED), 3);
    assert_int_equal(n_of(METRIC_SERVICE, OUTCOME_CENSORED), s->counts->n_sent);
    assert_int_equal(s->counts->n_sent, 1);
}

static void the_backlog_is_what_was_due_and_not_sent(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 1, 16);
    dispatch(s, 60, 1);
    assert_int_equal(s->counts->n_backlog_most, 1);
    dispatch(s, 160, 1); /* one more, and one in the queue */
    assert_int_equal(s->counts->n_backlog_most, 2);
}

/* However it is split into turns. */
static void a_backlog_is_counted_over_several_turns(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 1, 16);
    dispatch(s, 560, 2); /* of six that are due */
    assert_int_equal(s->counts->n_backlog_most, 2);
    dispatch(s, 860, 4);
    assert_int_equal(s->counts->n_backlog_most, 6);
    dispatch(s, 860, 3); /* due since, and six wait in the queue */
    assert_int_equal(s->counts->n_backlog_most, 9);
}

/* A request due at the very moment of a look belongs to it. */
static void requests_that_are_due_together_are_one_backlog(void **state)
{
    (void)state;
    struct shard *s = open_stream(2, 1, 16);
    for (uint32_t i = 0; i < 2; i++)
        conn_list_append(&s->idle, wired_connect(i), at_ms(0));
    dispatch(s, 150, 2); /* due at 50 and 150 ms */
    assert_int_equal(s->queue.n, 0);
    assert_int_equal(s->counts->n_backlog_most, 2);
    dispatch(s, 250, 1);
    assert_int_equal(s->counts->n_backlog_most, 2);
}

static void a_connection_that_pauses_holds_up_no_other(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 3, 1);
    struct shard *s = &wired.shard;
    struct conn *failed = shard_conn(s, 0), *fresh = shard_conn(s, 1), *hopeless = shard_conn(s, 2);
    failed->n_failures = 3;    /* pauses 4 ms */
    hopeless->n_failures = 99; /* pauses 64 ms, the longest */
    shard_want_open(s, hopeless, at_ms(0));
    shard_want_open(s, failed, at_ms(0));
    shard_want_open(s, fresh, at_ms(0));
    assert_int_equal(shard_n_opening(s), 3);
    assert_ptr_equal(s->waiting.first, fresh);
    assert_int_equal(s->waiting.n, 1);
}

/* The rest are due at once. */
static void users_that_have_thought_send_in_turns(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 5, 1);
    struct shard *s = &wired.shard;
    s->model = &shard_closed;
    s->state = SHARD_RUNNING;
    s->phase_end_ns = s->n_left = UINT64_MAX;
    wired.stream.think_ns = 10 * NS_PER_MS;
    for (uint32_t i = 0; i < 5; i++)
        conn_list_append(&s->thinking, wired_connect(i), at_ms(i));
    shard_closed.on_due(&s->timer, 2, at_ms(20));
    assert_string_equal(wired.written, "gg");
    assert_int_equal(s->timer.due_ns, at_ms(12));
    shard_closed.on_due(&s->timer, 2, at_ms(20));
    shard_closed.on_due(&s->timer, 2, at_ms(20));
    assert_string_equal(wired.written, "ggggg");
    assert_int_equal(s->timer.due_ns, UINT64_MAX);
}

/* Requests are spread over the connections that have room; others get none. */
static void pipelined_requests_take_turns(void **state)
{
    (void)state;
    struct shard *s = open_stream(2, 2, 16);
    for (uint32_t i = 0; i < 2; i++)
        conn_list_append(&s->idle, wired_connect(i), at_ms(0));
    struct conn *a = shard_conn(s, 0), *b = shard_conn(s, 1);
    static const struct {
        uint64_t now_ms;
        uint32_t on_a, on_b, queued;
    } steps[] = { { 60, 1, 0, 0 }, { 160, 1, 1, 0 }, { 260, 2, 1, 0 }, { 360, 2, 2, 0 }, { 460, 2, 2, 1 } };
    for (size_t i = 0; i < N_OF(steps); i++) {
        dispatch(s, steps[i].now_ms, 1);
        assert_int_equal(a->n_flights, steps[i].on_a);
        assert_int_equal(b->n_flights, steps[i].on_b);
        assert_int_equal(s->queue.n, steps[i].queued);
    }
    wired_answer(WIRED_OK);
    wired_looks(b); /* has room now, which the one in the queue takes */
    assert_int_equal(b->n_flights, 2);
    assert_int_equal(s->queue.n, 0);
    wired_answer(WIRED_OK);
    wired_looks(a);
    dispatch(s, 560, 1);
    assert_int_equal(a->n_flights, 2);
}

static void a_connection_that_was_lost_meanwhile_gets_no_request(void **state)
{
    (void)state;
    struct shard *s = open_stream(2, 2, 16);
    for (uint32_t i = 0; i < 2; i++)
        conn_list_append(&s->idle, wired_connect(i), at_ms(0));
    dispatch(s, 160, 2);
    conn_fail(shard_conn(s, 0), OUTCOME_RESET, "test", at_ms(170));
    dispatch(s, 260, 1);
    assert_int_equal(shard_conn(s, 0)->n_flights, 0);
    assert_int_equal(shard_conn(s, 1)->n_flights, 2);
}

/* Another request waits meanwhile, and goes out as soon as there is room for it, before any response. */
static void a_connection_that_comes_back_with_requests_takes_more(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 16);
    struct conn *c = wired_connect(0);
    conn_list_append(&s->idle, c, at_ms(0));
    dispatch(s, 60, 1);
    c->n_written = 0;
    c->state = CONN_CONNECTING;
    dispatch(s, 160, 1);
    assert_int_equal(s->queue.n, 1);
    wired_connect(0);
    shard_on_ready(s, c, at_ms(170));
    assert_int_equal(s->queue.n, 0);
    assert_int_equal(c->n_written, 2);
    dispatch(s, 260, 1);
    assert_int_equal(c->n_written, 3);
}

static void a_connection_whose_bytes_are_out_takes_more(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 16);
    struct conn *c = wired_connect(0);
    conn_list_append(&s->idle, c, at_ms(0));
    wired.write_says = TRANSPORT_WANT_READ; /* TLS in the middle of something else */
    dispatch(s, 60, 1);
    dispatch(s, 160, 1);
    assert_int_equal(s->queue.n, 1);
    wired_looks(c);
    assert_int_equal(s->queue.n, 0);
    assert_int_equal(c->n_written, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_due_when_the_run_is_stopped_is_counted, drop),
        cmocka_unit_test_teardown(a_stopped_run_accounts_for_what_is_on_connections_too, drop),
        cmocka_unit_test_teardown(the_backlog_is_what_was_due_and_not_sent, drop),
        cmocka_unit_test_teardown(a_backlog_is_counted_over_several_turns, drop),
        cmocka_unit_test_teardown(requests_that_are_due_together_are_one_backlog, drop),
        cmocka_unit_test_teardown(a_connection_that_pauses_holds_up_no_other, drop),
        cmocka_unit_test_teardown(users_that_have_thought_send_in_turns, drop),
        cmocka_unit_test_teardown(pipelined_requests_take_turns, drop),
        cmocka_unit_test_teardown(a_connection_that_was_lost_meanwhile_gets_no_request, drop),
        cmocka_unit_test_teardown(a_connection_that_comes_back_with_requests_takes_more, drop),
        cmocka_unit_test_teardown(a_connection_whose_bytes_are_out_takes_more, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
