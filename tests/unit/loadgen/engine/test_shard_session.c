/* The closed model of sessions, one event after the other. */
#include "wired_session.h"

static const struct plan_phase two_passes = { .kind = PLAN_PHASE_REQUESTS, .n_requests = 2 };
static const struct plan_phase fifth_of_a_second = { .kind = PLAN_PHASE_DURATION,
                                                     .duration_ns = 200 * NS_PER_MS };

static struct shard *started(uint32_t n_users, const struct plan_phase *phases, size_t n_phases)
{
    struct shard *s = wired_session_init(PLAN_CLOSED, n_users, phases, n_phases);
    s->model->start(s, at_ms(0));
    return s;
}

static void check_sent(const char *wanted)
{
    assert_string_equal(wired_session_sent(), wanted);
}

/* A user's pass from its first step on, which is under way. */
static void walk_pass(uint32_t i, uint64_t from_ms)
{
    check_sent("a");
    wired_session_ends(i, OUTCOME_OK, at_ms(from_ms + 10));
    check_sent("");
    wired_session_due(at_ms(from_ms + 30));
    check_sent("b");
}

static void a_user_begins_once_then_walks_through_its_steps(void **state)
{
    (void)state;
    struct shard *s = started(1, &two_passes, 1);
    check_sent("h");
    wired_session_ends(0, OUTCOME_OK, at_ms(5));
    walk_pass(0, 5);
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_OK), 0);
    wired_session_ends(0, OUTCOME_OK, at_ms(40));
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_OK), 1);
    walk_pass(0, 40);
    wired_session_ends(0, OUTCOME_OK, at_ms(80));
    check_sent("z");
    assert_int_equal(s->state, SHARD_DRAINING);
    wired_session_ends(0, OUTCOME_OK, at_ms(90));
    check_sent("");
    assert_int_equal(s->state, SHARD_OVER);
    for (size_t row = HELLO; row <= WHOLE; row++)
        assert_int_equal(wired_session_n(row, 0, OUTCOME_OK), row == HELLO || row == BYE ? 1 : 2);
    assert_int_equal(s->counts->n_intended, 6);
    assert_int_equal(s->counts->sessions.n_begun, 2);
}

static void busy_is_total_without_thinks(void **state)
{
    (void)state;
    started(1, &two_passes, 1);
    wired_session_ends(0, OUTCOME_OK, at_ms(5));
    wired_session_ends(0, OUTCOME_OK, at_ms(15));
    wired_session_due(at_ms(37)); /* 2 ms late */
    wired_session_ends(0, OUTCOME_OK, at_ms(40));
    const struct stats_times *times =
        wired.loop->stats->cells[plan_cell(&wired.stream, WHOLE, 0)].times[OUTCOME_OK];
    assert_int_equal(times->metrics[METRIC_TOTAL]->max_ns, 40 * NS_PER_MS);
    assert_int_equal(times->metrics[METRIC_BUSY]->max_ns, 20 * NS_PER_MS);
    const struct stats_times *b = wired.loop->stats->cells[plan_cell(&wired.stream, B, 0)].times[OUTCOME_OK];
    assert_int_equal(b->metrics[METRIC_LAG]->max_ns, 2 * NS_PER_MS);
    assert_int_equal(b->metrics[METRIC_RESPONSE]->max_ns, 5 * NS_PER_MS);
}

static void a_pass_lives_on_when_its_phase_ends_by_time(void **state)
{
    (void)state;
    const struct plan_phase phases[] = { fifth_of_a_second, two_passes };
    struct shard *s = started(1, phases, 2);
    wired_session_ends(0, OUTCOME_OK, at_ms(5));
    wired_session_ends(0, OUTCOME_OK, at_ms(190));
    check_sent("ha");
    assert_int_equal(s->timer.due_ns, at_ms(200));
    wired_session_due(at_ms(200));
    assert_int_equal(s->phase, 1);
    check_sent("");
    assert_int_equal(s->timer.due_ns, at_ms(210));
    wired_session_due(at_ms(210));
    check_sent("b");
    wired_session_ends(0, OUTCOME_OK, at_ms(220));
    check_sent("a");
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_OK), 1); /* the phase in which it began */
    assert_int_equal(wired_session_n(B, 1, OUTCOME_OK), 1);     /* that of its time */
    assert_int_equal(s->n_left, 1);
}

static void users_between_passes_end_with_the_last_phase(void **state)
{
    (void)state;
    struct shard *s = wired_session_init(PLAN_CLOSED, 2, &fifth_of_a_second, 1);
    wired_session.session.pace_ns = NS_PER_S;
    s->model->start(s, at_ms(0));
    for (uint32_t i = 0; i < 2; i++) {
        wired_session_ends(i, OUTCOME_OK, at_ms(5));
        wired_session_ends(i, OUTCOME_OK, at_ms(10));
    }
    wired_session_due(at_ms(30));
    wired_session_ends(0, OUTCOME_OK, at_ms(40));
    wired_session_ends(1, OUTCOME_OK, at_ms(40));
    check_sent("hhaabb");
    wired_session_due(at_ms(200));
    check_sent("zz");
    assert_int_equal(s->state, SHARD_FINISHING);
    wired_session_ends(0, OUTCOME_OK, at_ms(205));
    assert_int_equal(s->state, SHARD_FINISHING);
    wired_session_ends(1, OUTCOME_OK, at_ms(206));
    assert_int_equal(s->state, SHARD_OVER);
}

static void a_pass_that_ends_after_the_last_phase_is_followed_by_end_at_once(void **state)
{
    (void)state;
    struct shard *s = wired_session_init(PLAN_CLOSED, 1, &fifth_of_a_second, 1);
    wired_session.session.pace_ns = NS_PER_S;
    s->model->start(s, at_ms(0));
    wired_session_ends(0, OUTCOME_OK, at_ms(5));
    wired_session_ends(0, OUTCOME_OK, at_ms(170));
    wired_session_due(at_ms(190));
    wired_session_due(at_ms(200));
    check_sent("hab");
    assert_int_equal(s->state, SHARD_FINISHING);
    wired_session_ends(0, OUTCOME_OK, at_ms(210));
    check_sent("z"); /* the pace is that of a pass that never comes */
    assert_int_equal(s->state, SHARD_FINISHING);
    wired_session_ends(0, OUTCOME_OK, at_ms(215));
    assert_int_equal(s->state, SHARD_OVER);
}

static void what_is_under_way_after_finish_is_cut(void **state)
{
    (void)state;
    struct shard *s = started(2, &fifth_of_a_second, 1);
    wired_session_ends(0, OUTCOME_OK, at_ms(5));
    wired_session_ends(1, OUTCOME_OK, at_ms(5));
    wired_session_ends(1, OUTCOME_OK, at_ms(198));
    check_sent("hhaa");
    wired_session.steps[B].think.low_ns = 0;
    wired_session_due(at_ms(200));
    wired_session_due(at_ms(218));
    check_sent("b");
    assert_int_equal(s->timer.due_ns, at_ms(250));
    wired_session_due(at_ms(250));
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_CENSORED), 2);
    assert_int_equal(wired_session_n(A, 0, OUTCOME_CENSORED), 1);
    assert_int_equal(wired_session_n(B, 0, OUTCOME_CENSORED), 1);
    check_sent(""); /* no `end` */
    assert_int_equal(s->state, SHARD_OVER);
}

static void a_failed_step_ends_the_pass_and_pauses_the_user(void **state)
{
    (void)state;
    struct shard *s = started(1, &fifth_of_a_second, 1);
    wired_session_ends(0, OUTCOME_OK, at_ms(5));
    wired_session_ends(0, OUTCOME_STATUS_5XX, at_ms(10));
    check_sent("ha");
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_STATUS_5XX), 1);
    assert_int_equal(s->timer.due_ns, at_ms(110));
    wired_session_due(at_ms(110));
    check_sent("a");
}

static void the_first_passes_are_spread_over_the_ramp(void **state)
{
    (void)state;
    struct shard *s = wired_session_init(PLAN_CLOSED, 4, &fifth_of_a_second, 1);
    wired.stream.ramp_users_ns = 100 * NS_PER_MS;
    s->model->start(s, at_ms(0));
    check_sent("h");
    for (uint64_t i = 1; i < 4; i++) {
        assert_int_equal(s->timer.due_ns, at_ms(25 * i));
        wired_session_due(at_ms(25 * i));
        check_sent("h");
    }
}

static void a_stop_censors_every_pass_once(void **state)
{
    (void)state;
    struct shard *s = started(3, &fifth_of_a_second, 1);
    for (uint32_t i = 0; i < 2; i++)
        wired_session_ends(i, OUTCOME_OK, at_ms(5));
    wired_session_ends(1, OUTCOME_OK, at_ms(10));
    check_sent("hhhaa");
    shard_stop(s, at_ms(20));
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_CENSORED), 3);
    assert_int_equal(wired_session_n(HELLO, 0, OUTCOME_CENSORED), 1);
    assert_int_equal(wired_session_n(A, 0, OUTCOME_CENSORED), 1);
    assert_int_equal(s->users->n_live, 0);
    check_sent("");
}

static void a_connection_that_closes_in_a_think_fails_nothing(void **state)
{
    (void)state;
    struct shard *s = started(1, &fifth_of_a_second, 1);
    struct conn *c = shard_conn(s, 0);
    wired_session_ends(0, OUTCOME_OK, at_ms(5));
    wired_session_ends(0, OUTCOME_OK, at_ms(10));
    conn_close(c);
    conn_finish_close(loop_take_closed(s->loop), at_ms(12));
    check_sent("ha");
    wired_session_due(at_ms(30));
    assert_int_equal(c->n_flights, 1);
    assert_ptr_equal(c->list, &s->waiting); /* to be opened */
    c->state = CONN_READY;
    conn_send_pending(c);
    check_sent("b");
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_OK), 0);
}

static struct shard *started_with_one_row(uint32_t n_users, enum plan_order order, enum plan_at_end at_end)
{
    static char cell[] = "x", name[] = "c";
    static char *cells[] = { cell }, *columns[] = { name };
    static struct plan_feed feed;
    feed = (struct plan_feed){ .name = "f",
                               .take = PLAN_TAKE_PASS,
                               .order = order,
                               .at_end = at_end,
                               .cells = cells,
                               .columns = columns,
                               .n_rows = 1,
                               .n_columns = 1 };
    wired_session_feeds[0] = &feed;
    return started(n_users, &fifth_of_a_second, 1);
}

static void a_lent_row_goes_to_the_user_that_has_waited_for_longest(void **state)
{
    (void)state;
    struct shard *s = started_with_one_row(3, PLAN_LEND, PLAN_REPEAT);
    for (uint32_t i = 0; i < 3; i++) {
        check_sent("h");
        assert_int_equal(s->users->n_live, 1);
        wired_session_ends(i, OUTCOME_OK, at_ms(1 + 30 * i));
        wired_session_ends(i, OUTCOME_OK, at_ms(2 + 30 * i));
        wired_session_due(at_ms(22 + 30 * i));
        check_sent("ab");
        wired_session_ends(i, OUTCOME_OK, at_ms(30 + 30 * i));
    }
    check_sent("a"); /* the first user again */
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_OK), 3);
}

static void a_feed_that_stops_ends_the_phase(void **state)
{
    (void)state;
    struct shard *s = started_with_one_row(2, PLAN_SEQUENCE, PLAN_STOP);
    check_sent("h");
    wired_session_ends(0, OUTCOME_OK, at_ms(1));
    wired_session_ends(0, OUTCOME_OK, at_ms(2));
    wired_session_due(at_ms(22));
    wired_session_ends(0, OUTCOME_OK, at_ms(30));
    check_sent("abz");
    wired_session_ends(0, OUTCOME_OK, at_ms(31));
    assert_int_equal(s->state, SHARD_OVER);
    assert_null(s->loop->stop_cause);
}

static void a_feed_that_must_not_end_ends_the_run(void **state)
{
    (void)state;
    struct shard *s = started_with_one_row(2, PLAN_SEQUENCE, PLAN_FAIL);
    check_sent("h");
    assert_ptr_equal(s->loop->stop_cause, user_no_row);
}

static void a_step_may_end_the_run(void **state)
{
    (void)state;
    struct shard *s = wired_session_init(PLAN_CLOSED, 1, &fifth_of_a_second, 1);
    wired_session.steps[A].on_fail = SESSION_STOP_RUN;
    s->model->start(s, at_ms(0));
    wired_session_ends(0, OUTCOME_OK, at_ms(1));
    wired_session_ends(0, OUTCOME_RESET, at_ms(2));
    assert_non_null(s->loop->stop_cause);
    shard_stop(s, at_ms(3));
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_RESET), 1);
    assert_int_equal(wired_session_n(WHOLE, 0, OUTCOME_CENSORED), 0);
}

static void a_phase_ends_when_all_its_users_have_left(void **state)
{
    (void)state;
    const struct plan_phase phase = { .kind = PLAN_PHASE_REQUESTS, .n_requests = 9 };
    struct shard *s = wired_session_init(PLAN_CLOSED, 1, &phase, 1);
    wired_session.steps[A].on_fail = SESSION_END_USER;
    s->model->start(s, at_ms(0));
    wired_session_ends(0, OUTCOME_OK, at_ms(1));
    wired_session_ends(0, OUTCOME_RESET, at_ms(2));
    check_sent("haz");
    wired_session_ends(0, OUTCOME_OK, at_ms(3));
    assert_int_equal(s->state, SHARD_OVER);
}

static void a_request_times_out_from_when_it_was_sent(void **state)
{
    (void)state;
    started(1, &fifth_of_a_second, 1);
    struct conn *c = shard_conn(&wired.shard, 0);
    const struct flight *f = conn_flight(c, 0, 1);
    assert_int_equal(f->due_ns, at_ms(0));
    assert_int_equal(c->deadline_ns, f->sent_ns + WIRED_TIMEOUT_NS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_user_begins_once_then_walks_through_its_steps, wired_session_fini),
        cmocka_unit_test_teardown(busy_is_total_without_thinks, wired_session_fini),
        cmocka_unit_test_teardown(a_pass_lives_on_when_its_phase_ends_by_time, wired_session_fini),
        cmocka_unit_test_teardown(users_between_passes_end_with_the_last_phase, wired_session_fini),
        cmocka_unit_test_teardown(a_pass_that_ends_after_the_last_phase_is_followed_by_end_at_once,
                                  wired_session_fini),
        cmocka_unit_test_teardown(what_is_under_way_after_finish_is_cut, wired_session_fini),
        cmocka_unit_test_teardown(a_failed_step_ends_the_pass_and_pauses_the_user, wired_session_fini),
        cmocka_unit_test_teardown(the_first_passes_are_spread_over_the_ramp, wired_session_fini),
        cmocka_unit_test_teardown(a_stop_censors_every_pass_once, wired_session_fini),
        cmocka_unit_test_teardown(a_connection_that_closes_in_a_think_fails_nothing, wired_session_fini),
        cmocka_unit_test_teardown(a_lent_row_goes_to_the_user_that_has_waited_for_longest,
                                  wired_session_fini),
        cmocka_unit_test_teardown(a_feed_that_stops_ends_the_phase, wired_session_fini),
        cmocka_unit_test_teardown(a_feed_that_must_not_end_ends_the_run, wired_session_fini),
        cmocka_unit_test_teardown(a_step_may_end_the_run, wired_session_fini),
        cmocka_unit_test_teardown(a_request_times_out_from_when_it_was_sent, wired_session_fini),
        cmocka_unit_test_teardown(a_phase_ends_when_all_its_users_have_left, wired_session_fini),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
