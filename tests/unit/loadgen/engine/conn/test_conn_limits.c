/* Limits of connections: how many are opened at once, how much memory each takes, and how often its end is
 * reported. */
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

/* Opens no real socket: addresses without a family fail at once. */
static bool is_one_more_opened(uint32_t n_on_the_way)
{
    wired_init(PLAN_CLOSED, n_on_the_way + 1, 1);
    struct shard *s = &wired.shard;
    wired.model.on_connect_failed = shard_closed.on_connect_failed;
    s->is_opening = false;
    for (uint32_t i = 0; i < n_on_the_way; i++)
        conn_move(&s->connecting, shard_conn(s, i), at_ms(0));
    struct conn *c = shard_conn(s, n_on_the_way);
    shard_want_open(s, c, at_ms(0));
    shard_open_waiting(s, at_ms(0));
    const bool is_opened = c->n_failures > 0;
    assert_int_equal(s->waiting.n, is_opened ? 0 : 1);
    assert_int_equal(s->connecting.n, n_on_the_way);
    wired_fini();
    return is_opened;
}

static void at_most_128_are_on_their_way(void **state)
{
    (void)state;
    assert_true(is_one_more_opened(0));
    assert_true(is_one_more_opened(127));
    assert_false(is_one_more_opened(128));
    assert_false(is_one_more_opened(129));
}

/* Of a hundred thousand connections: sessions must not make plain ones larger. */
static void a_plain_connection_takes_at_most_688_bytes(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    assert_in_range(conn_bytes(&wired.shard), 1, 688);
    wired_fini();
}

static void the_memory_of_a_connection_is_what_it_holds(void **state)
{
    (void)state;
    for (uint32_t depth = 1; depth < 5; depth++)
        for (size_t after = 0; after < 40; after++) {
            wired_init(PLAN_CLOSED, 1, depth);
            struct plan_expect *x = &wired.stream.expect;
            x->checks_body = x->has_instance = after > 0;
            x->after_bytes = after;
            const size_t tail = after > 0 ? PLAN_INSTANCE_BYTES - 1 + after : 0;
            const size_t least = sizeof(struct conn) + depth * sizeof(struct flight) + tail;
            assert_int_equal(response_tail_bytes(x), tail);
            assert_int_equal(conn_bytes(&wired.shard) % 16, 0);
            assert_in_range(conn_bytes(&wired.shard), least, least + 15);
            wired_fini();
        }
}

static void each_request_that_fails_is_told_once(void **state)
{
    (void)state;
    for (uint32_t n = 0; n <= 3; n++) {
        wired_init(PLAN_CLOSED, 1, 3);
        struct conn *c = wired_connect(0);
        for (uint32_t i = 0; i < n; i++)
            wired_submit(c, &wired.get, i, at_ms(0));
        assert_int_equal(wired.shard.n_busy, n);
        conn_fail(c, OUTCOME_CONNECT, "test", at_ms(1));
        assert_int_equal(wired.n_freed, n);
        assert_int_equal(wired_n(OUTCOME_CONNECT), n);
        assert_int_equal(wired.shard.n_busy, 0);
        assert_int_equal(c->state, CONN_CLOSING);
        wired_fini();
    }
}

static void an_idle_connection_ends_without_a_request(void **state)
{
    (void)state;
    static const int says[] = { TRANSPORT_END, TRANSPORT_FAILED, TRANSPORT_TLS_FAILED };
    for (size_t i = 0; i < N_OF(says); i++) {
        wired_init(PLAN_CLOSED, 1, 1);
        struct conn *c = wired_connect(0);
        wired_submit(c, &wired.get, 1, at_ms(0));
        wired_answer(WIRED_OK);
        wired_looks(c);
        assert_int_equal(c->state, CONN_READY);
        wired.read_says = 0;
        wired.then = says[i];
        wired_looks(c);
        assert_int_equal(c->state, CONN_CLOSING);
        assert_int_equal(wired.shard.n_busy, 0);
        assert_int_equal(wired.n_freed, 1);
        assert_int_equal(wired_n(OUTCOME_OK), 1);
        assert_int_equal(wired_n(OUTCOME_RESET) + wired_n(OUTCOME_TLS), 0);
        wired_fini();
    }
}

static void an_answer_that_lasts_to_the_end_is_whole(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(0));
    wired_answer("HTTP/1.1 200 OK\r\n\r\nto the end");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 0);
    wired.then = TRANSPORT_END;
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(wired.n_freed, 1);
    assert_int_equal(c->state, CONN_CLOSING);
}

static void an_answer_that_is_cut_off_is_a_reset(void **state)
{
    (void)state;
    static const char *const begun[] = { NULL, "HTTP/1.1 200 OK\r\n",
                                         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na" };
    for (size_t i = 0; i < N_OF(begun); i++) {
        wired_init(PLAN_CLOSED, 1, 1);
        struct conn *c = wired_connect(0);
        wired_submit(c, &wired.get, 1, at_ms(0));
        if (begun[i]) {
            wired_answer(begun[i]);
            wired_looks(c);
        }
        wired.then = TRANSPORT_END;
        wired_looks(c);
        assert_int_equal(wired_n(OUTCOME_RESET), 1);
        assert_int_equal(wired_n(OUTCOME_OK), 0);
        assert_int_equal(wired.n_freed, 1);
        wired_fini();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_128_are_on_their_way),
        cmocka_unit_test(a_plain_connection_takes_at_most_688_bytes),
        cmocka_unit_test(the_memory_of_a_connection_is_what_it_holds),
        cmocka_unit_test(each_request_that_fails_is_told_once),
        cmocka_unit_test(an_idle_connection_ends_without_a_request),
        cmocka_unit_test_teardown(an_answer_that_lasts_to_the_end_is_whole, drop),
        cmocka_unit_test(an_answer_that_is_cut_off_is_a_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
