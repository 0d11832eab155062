/* What a shard waits for: pauses after failed attempts, deadlines, turns. Times are in ms since the run
 * began. */
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

/* Whether a connection that failed so often in a row is tried again after that time. */
static bool is_tried(uint32_t n_failures, uint64_t after_ns)
{
    wired_init(PLAN_CLOSED, 1, 1);
    struct shard *s = &wired.shard;
    struct conn *c = shard_conn(s, 0);
    wired.model.on_connect_failed = shard_closed.on_connect_failed;
    s->is_opening = false;
    c->n_failures = n_failures;
    shard_want_open(s, c, at_ms(0));
    shard_open_waiting(s, at_ms(0) + after_ns);
    const bool is_tried = c->n_failures > n_failures; /* at an invalid address */
    wired_fini();
    return is_tried;
}

static void a_pause_doubles_with_every_failure_up_to_the_longest(void **state)
{
    (void)state;
    static const struct {
        uint32_t n_failures;
        uint64_t pause_ms;
    } cases[] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 4 }, { 6, 32 }, { 7, 64 }, { 8, 64 }, { 1000, 64 } };
    for (size_t i = 0; i < N_OF(cases); i++) {
        const uint64_t pause_ns = cases[i].pause_ms * NS_PER_MS;
        assert_true(is_tried(cases[i].n_failures, pause_ns));
        if (pause_ns > 0)
            assert_false(is_tried(cases[i].n_failures, pause_ns - 1));
    }
}

static void who_pauses_is_on_the_way(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 4, 1);
    struct shard *s = &wired.shard;
    static const uint32_t n_failures[] = { 0, 1, 7 };
    for (uint32_t i = 0; i < 3; i++) {
        shard_conn(s, i)->n_failures = n_failures[i];
        shard_want_open(s, shard_conn(s, i), at_ms(0));
        assert_int_equal(shard_n_opening(s), i + 1);
    }
    conn_move(&s->connecting, shard_conn(s, 3), at_ms(0));
    assert_int_equal(shard_n_opening(s), 4);
}

/* --- what a connection tells --- */

static void a_closed_connection_with_requests_is_opened_again(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct shard *s = &wired.shard;
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(0));
    conn_list_remove(c);
    c->state = CONN_CLOSED;
    s->state = SHARD_OVER;
    shard_on_closed(s, c, at_ms(1));
    assert_int_equal(shard_n_opening(s), 0);
    s->state = SHARD_RUNNING;
    shard_on_closed(s, c, at_ms(1));
    assert_int_equal(shard_n_opening(s), 1);
    assert_int_equal(wired.n_freed, 0);
    conn_list_remove(c);
    c->n_flights = 0;
    shard_on_closed(s, c, at_ms(1));
    assert_int_equal(shard_n_opening(s), 0);
    assert_int_equal(wired.n_freed, 1);
}

static void room_is_told_of_when_there_is_some(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 2);
    struct shard *s = &wired.shard;
    struct conn *c = wired_connect(0);
    shard_on_room(s, c, at_ms(0));
    assert_int_equal(wired.n_freed, 1);
    wired_submit(c, &wired.get, 1, at_ms(0));
    shard_on_room(s, c, at_ms(0));
    assert_int_equal(wired.n_freed, 2);
    wired_submit(c, &wired.get, 2, at_ms(0));
    shard_on_room(s, c, at_ms(0));
    assert_int_equal(wired.n_freed, 2);
    c->state = CONN_CONNECTING;
    shard_on_room(s, c, at_ms(0));
    assert_int_equal(wired.n_freed, 2);
    c->state = CONN_READY;
}

static void a_connection_beyond_the_most_addresses_is_counted_in_none(void **state)
{
    (void)state;
    static const struct {
        uint32_t remote;
        uint64_t n;
    } cases[] = { { STATS_REMOTES_MOST - 1, 1 }, { STATS_REMOTES_MOST, 0 }, { NAMES_NONE, 0 } };
    for (size_t i = 0; i < N_OF(cases); i++) {
        wired_init(PLAN_CLOSED, 1, 1);
        struct conn *c = wired_connect(0);
        c->remote = cases[i].remote;
        shard_on_ready(&wired.shard, c, at_ms(0));
        uint64_t n = 0;
        for (uint32_t r = 0; r < STATS_REMOTES_MOST; r++)
            n += wired.loop->stats->remotes[r] ? wired.loop->stats->remotes[r][0].n_connections : 0;
        assert_int_equal(n, cases[i].n);
        assert_int_equal(wired.n_freed, 1);
        wired_fini();
    }
}

static void what_is_in_flight_and_what_waits_add_up(void **state)
{
    (void)state;
    wired_init(PLAN_OPEN, 1, 1);
    wired.shard.n_busy = 2;
    assert_true(due_queue_put(&wired.shard.queue, &(struct due){ .seq = 1 }));
    assert_int_equal(shard_n_inflight(&wired.shard), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_doubles_with_every_failure_up_to_the_longest),
        cmocka_unit_test_teardown(who_pauses_is_on_the_way, drop),
        cmocka_unit_test_teardown(a_closed_connection_with_requests_is_opened_again, drop),
        cmocka_unit_test_teardown(room_is_told_of_when_there_is_some, drop),
        cmocka_unit_test(a_connection_beyond_the_most_addresses_is_counted_in_none),
        cmocka_unit_test_teardown(what_is_in_flight_and_what_waits_add_up, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
