/* Responses in: when they begin, how old their bytes are, and why they count as failed. Times are in ms since
 * the run began. */
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

static void an_answer_begins_with_its_first_byte(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, at_ms(10));
    wired_answer("\r\n"); /* is nothing */
    wired_looks(c);
    assert_int_equal(c->exchange.first_ns, 0);
    wired_answer("HTTP/1.1 200 OK\r\n");
    const uint64_t before_ns = clock_monotonic_ns();
    wired_looks(c);
    const uint64_t first_ns = c->exchange.first_ns;
    assert_in_range(first_ns, before_ns, clock_monotonic_ns());
    wired_answer("Content-Length: 1\r\n\r\n");
    wired_looks(c);
    assert_int_equal(c->exchange.first_ns, first_ns);
    assert_int_equal(wired.shard.counts->bytes[0].rx, 2 + 17 + 21);
    assert_int_equal(wired_n(OUTCOME_OK), 0);
    wired_answer("x");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(c->n_flights, 0);
    assert_null(c->list);
}

static void a_stamp_gives_the_age_of_what_was_read(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, clock_monotonic_ns());
    wired.loop->realtime_offset_ns = 7 * (int64_t)NS_PER_S;
    wired_answer("H");
    wired_looks(c);
    assert_int_equal(c->rx_age_ns, UINT64_MAX); /* no stamp */
    const uint64_t stamped_ns = clock_monotonic_ns();
    c->sock.rx_realtime_ns = stamped_ns + 7 * NS_PER_S;
    wired_answer("T");
    wired_looks(c);
    assert_in_range(c->rx_age_ns, 1, clock_monotonic_ns() - stamped_ns);
    c->sock.rx_realtime_ns = clock_monotonic_ns() + 3600 * NS_PER_S; /* the clock was set back */
    wired_answer("T");
    wired_looks(c);
    assert_int_equal(c->rx_age_ns, 0);
}

static void an_answer_that_was_not_expected_says_why(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    memset(wired.stream.expect.status_ok, 0, sizeof wired.stream.expect.status_ok);
    wired_submit(wired_connect(0), &wired.get, 1, clock_monotonic_ns());
    wired_answer(WIRED_OK);
    wired_looks(shard_conn(&wired.shard, 0));
    const struct stats *b = wired.loop->stats;
    assert_int_equal(wired_n(OUTCOME_STATUS), 1);
    assert_int_equal(b->n_causes, 1);
    assert_int_equal(b->causes[0].outcome, OUTCOME_STATUS);
    assert_int_equal(b->causes[0].status, 200);
    assert_non_null(b->causes[0].cause);
    assert_int_equal(b->err.rows[0].status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_answer_begins_with_its_first_byte, drop),
        cmocka_unit_test_teardown(a_stamp_gives_the_age_of_what_was_read, drop),
        cmocka_unit_test_teardown(an_answer_that_was_not_expected_says_why, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
