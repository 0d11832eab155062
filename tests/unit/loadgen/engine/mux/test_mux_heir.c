/* The closed model: what becomes of the users of a connection that takes no more requests. */
#include "wired_http2.h"

#include <sys/resource.h>

static void users_do_not_wait_for_the_slowest_answer_of_a_connection_that_ends(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 4, 100, 0, 1);
    struct shard *s = &wired.shard;
    h2_settings(100);
    h2_answer(1);
    h2_goaway(5, HTTP2_NO_ERROR); /* the fourth was not processed */
    h2_looks(c);
    struct conn *heir = shard_conn(s, 1);
    assert_int_equal(s->n_conns, 2);
    assert_int_equal(heir->number, c->number);
    assert_ptr_equal(heir->list, &s->waiting); /* it is opened at once */
    assert_string_equal(h2_waiting(heir), "3 4");
    assert_int_equal(c->n_flights, 2);
    h2_open_waiting(1);
    assert_string_equal(h2_written(), "H1 H3");
    assert_int_equal(h2_again(AGAIN_UNPROCESSED), 1);
    h2_settings(100);
    h2_answer(1);
    h2_looks(heir);
    assert_int_equal(c->n_flights + heir->n_flights, 4);
    h2_answer(3);
    h2_answer(5);
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(heir->n_flights, 4);
    conn_finish_close(&c->closed, clock_monotonic_ns());
    assert_ptr_equal(c->list, &s->spares);
    assert_int_equal(h2_n(OUTCOME_OK), 4);

    h2_written();
    h2_goaway(9, HTTP2_NO_ERROR); /* all of these are answered */
    h2_looks(heir);
    h2_answer(9);
    h2_looks(heir);
    assert_int_equal(s->n_conns, 2);
    assert_int_equal(c->n_flights, 1); /* the old one is the heir now */
    assert_int_equal(heir->n_flights, 3);
}

static void without_a_spare_connection_users_wait(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 2, 100, 0, 1);
    struct shard *s = &wired.shard;
    h2_settings(100);
    h2_goaway(1, HTTP2_NO_ERROR);
    h2_looks(c);
    struct conn *heir = h2_open_waiting(1);
    h2_settings(100);
    h2_goaway(1, HTTP2_NO_ERROR);
    h2_looks(heir); /* whose one request is not answered yet, either */
    assert_int_equal(s->n_conns, 2);
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(c->n_flights + heir->n_flights, 1);
    conn_finish_close(&c->closed, clock_monotonic_ns()); /* now it is the heir's heir */
    assert_int_equal(c->n_flights, 1);
    assert_int_equal(heir->n_flights, 1);
}

/* When that ended, there was no spare connection. */
static void requests_that_wait_on_an_heir_that_ends_go_to_the_next_one(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 3, 100, 0, 1);
    h2_settings(100);
    h2_answer(1);
    h2_answer(3);
    h2_goaway(5, HTTP2_NO_ERROR);
    h2_looks(c);
    struct conn *heir = h2_open_waiting(1);
    h2_settings(100);
    h2_goaway(1, HTTP2_NO_ERROR); /* the second one was not processed */
    h2_looks(heir);
    assert_int_equal(heir->n_flights, 2);
    h2_answer(5);
    h2_looks(c);
    assert_int_equal(c->n_flights, 0);
    conn_finish_close(&c->closed, clock_monotonic_ns());
    assert_int_equal(c->n_flights, 2);
    assert_int_equal(heir->n_flights, 1);
}

/* The heir waits to be opened when the phase looks at it. */
static void a_phase_begins_with_as_many_users_as_planned(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 4);
    wired.phase.n_requests = 4;
    wired.stream.requests_per_connection = 6;
    h2_start();
    struct shard *s = &wired.shard;
    s->model = &shard_closed;
    shard_closed.start(s, clock_monotonic_ns());
    struct conn *c = h2_open_waiting(0);
    h2_settings(100);
    for (uint32_t id = 1; id <= 7; id += 2)
        h2_answer(id);
    h2_looks(c);
    assert_int_equal(s->n_busy, 0);
    assert_int_equal(c->state, CONN_READY);
    struct conn *heir = shard_take_spare(s);
    conn_move(&s->spares, heir, clock_monotonic_ns());
    wired.phase.n_requests = 100;
    shard_closed.start(s, clock_monotonic_ns());
    assert_int_equal(c->n_flights, 2);
    assert_int_equal(heir->n_flights, 2);
}

/* Soft, so that it can be raised again. */
static void without_descriptors_for_it_there_is_no_heir(void **state)
{
    struct rlimit before;
    (void)state;
    h2_plan(PLAN_CLOSED, 8, 2);
    getrlimit(RLIMIT_NOFILE, &before);
    const struct rlimit low = { .rlim_cur = 8 + 64 + 8 + 3, .rlim_max = before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    h2_start();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(wired.shard.n_conns_most, 11);
}

static void requests_that_their_connection_loses_go_to_the_heir(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 3, 100, 0, 1);
    h2_settings(100);
    h2_answer(1);
    h2_goaway(7, HTTP2_NO_ERROR);
    h2_looks(c);
    struct conn *heir = shard_conn(&wired.shard, 1);
    assert_int_equal(c->n_flights, 2);
    assert_int_equal(heir->n_flights, 1);
    h2.then = TRANSPORT_END;
    h2_looks(c);
    assert_int_equal(c->n_flights, 0);
    assert_int_equal(heir->n_flights, 3);
    conn_finish_close(&c->closed, clock_monotonic_ns());
    assert_ptr_equal(c->list, &wired.shard.spares);
}

static void users_who_think_go_on_with_the_heir(void **state)
{
    (void)state;
    struct conn *c = h2_begin_phase(&shard_closed, 2, 100, NS_PER_S, 1);
    struct shard *s = &wired.shard;
    h2_settings(100);
    h2_answer(1);
    h2_looks(c);
    assert_int_equal(c->mux->n_thinking, 1);
    h2_goaway(3, HTTP2_NO_ERROR);
    h2_looks(c);
    s->model->on_due(&s->timer, 8, s->timer.due_ns);
    struct conn *heir = shard_conn(s, 1);
    assert_int_equal(s->n_conns, 2);
    assert_int_equal(heir->n_flights, 1);
    h2_answer(3);
    h2_looks(c);
    assert_int_equal(heir->mux->n_thinking, 1);
    conn_finish_close(&c->closed, clock_monotonic_ns());
    assert_ptr_equal(c->list, &s->spares);
    s->model->on_due(&s->timer, 8, s->timer.due_ns);
    assert_int_equal(heir->n_flights, 2);
}

static void beyond_their_count_requests_go_to_the_heir(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 4);
    wired.stream.requests_per_connection = 6;
    h2_start();
    struct shard *s = &wired.shard;
    s->model = &shard_closed;
    shard_closed.start(s, clock_monotonic_ns());
    struct conn *c = h2_open_waiting(0);
    assert_string_equal(h2_written(), "H1 H3 H5 H7");
    h2_settings(100);
    for (uint32_t id = 1; id <= 5; id += 2)
        h2_answer(id);
    h2_looks(c);
    assert_string_equal(h2_written(), "H9 H11");
    assert_int_equal(c->n_flights, 3);
    assert_int_equal(shard_conn(s, 1)->n_flights, 1);
}

/* Connections end at random. */
static void there_are_never_more_users_than_planned(void **state)
{
    uint32_t seed = 1;
    (void)state;
    h2_begin_phase(&shard_closed, 4, 2000, 0, 2);
    struct shard *s = &wired.shard;
    h2_open_waiting(1);
    for (int round = 0; round < 3000 && s->state == SHARD_RUNNING; round++) {
        seed = seed * 1664525 + 1013904223;
        struct conn *c = shard_conn(s, (seed >> 8) % s->n_conns);
        const uint64_t now_ns = clock_monotonic_ns();
        const struct mux_slot *open = c->mux->open.first;
        h2.n_written = h2.n_looked = 0;
        if (c->list == &s->waiting || c->list == &s->resting[0]) {
            h2_open_waiting((seed >> 8) % s->n_conns);
            h2_settings(100);
            h2_looks(c);
        } else if (c->state == CONN_CLOSING) {
            wired.loop->closed_first = NULL;
            conn_finish_close(&c->closed, now_ns);
        } else if (c->state == CONN_READY && open) {
            const unsigned what = (seed >> 20) % 16;
            if (what == 0)
                h2_goaway(open->stream.id, HTTP2_NO_ERROR);
            else if (what == 1)
                h2.then = TRANSPORT_END;
            else
                h2_answer(open->stream.id);
            h2_looks(c);
            h2.then = TRANSPORT_WANT_READ;
            h2_end_callback();
        }
        uint32_t n_users = 0;
        for (uint32_t i = 0; i < s->n_conns; i++)
            n_users += shard_conn(s, i)->n_flights;
        assert_true(n_users <= 8);
        assert_int_equal(s->n_busy, n_users);
        assert_true(s->n_conns <= 4);
    }
    assert_true(h2_n(OUTCOME_OK) > 500);
    assert_int_equal(h2_counts()->n_in_use_most, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(users_do_not_wait_for_the_slowest_answer_of_a_connection_that_ends,
                                  h2_drop),
        cmocka_unit_test_teardown(without_a_spare_connection_users_wait, h2_drop),
        cmocka_unit_test_teardown(requests_that_wait_on_an_heir_that_ends_go_to_the_next_one, h2_drop),
        cmocka_unit_test_teardown(a_phase_begins_with_as_many_users_as_planned, h2_drop),
        cmocka_unit_test_teardown(without_descriptors_for_it_there_is_no_heir, h2_drop),
        cmocka_unit_test_teardown(requests_that_their_connection_loses_go_to_the_heir, h2_drop),
        cmocka_unit_test_teardown(users_who_think_go_on_with_the_heir, h2_drop),
        cmocka_unit_test_teardown(beyond_their_count_requests_go_to_the_heir, h2_drop),
        cmocka_unit_test_teardown(there_are_never_more_users_than_planned, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
