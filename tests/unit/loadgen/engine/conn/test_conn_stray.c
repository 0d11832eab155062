/* Bytes after a response that belong to none: whenever they arrive, the response counts, the connection is
 * closed, and the reason is noted. Line ends are always ignored. */
#include "wired.h"

#define STRAY "more bytes than the response's length; the connection was closed"

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

static uint64_t n_noted(enum outcome outcome)
{
    const struct stats *b = wired.loop->stats;
    uint64_t n = 0;
    for (uint32_t i = 0; i < b->n_causes; i++)
        if (b->causes[i].outcome == outcome && strcmp(b->causes[i].cause, STRAY) == 0)
            n += b->causes[i].count;
    return n;
}

static struct conn *with_one_request(uint32_t depth)
{
    wired_init(PLAN_CLOSED, 1, depth);
    struct conn *c = wired_connect(0);
    wired_submit(c, &wired.get, 1, clock_monotonic_ns());
    return c;
}

static void in_the_same_piece_they_close(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired_answer(WIRED_OK "and more");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(n_noted(OUTCOME_OK), 1);
}

static void submit_next(struct shard *s, struct conn *c, uint64_t now_ns)
{
    (void)s;
    wired_submit(c, &wired.get, 2, now_ns);
}

static void what_comes_next_is_not_sent_behind_them(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired.model.on_free = submit_next;
    wired_answer(WIRED_OK "and more");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_string_equal(wired.written, "g");
    assert_string_equal(wired_kept(c), "2");
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(n_noted(OUTCOME_OK), 1);
}

static void when_nothing_is_in_flight_they_close(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(c->state, CONN_READY);
    wired_answer("and more");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(n_noted(OUTCOME_OK), 1);
}

static void when_the_next_request_is_in_flight_it_is_sent_again(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired_answer(WIRED_OK);
    wired_looks(c);
    wired_submit(c, &wired.get, 2, clock_monotonic_ns());
    wired_answer("and more");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_int_equal(wired_n(OUTCOME_PROTOCOL), 0);
    assert_int_equal(wired_n(OUTCOME_RESET_IDLE), 1);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_string_equal(wired_kept(c), "2");
    assert_int_equal(n_noted(OUTCOME_OK), 1);
}

static void what_must_not_be_repeated_is_not_sent_again(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired_answer(WIRED_OK);
    wired_looks(c);
    wired_submit(c, &wired.post, 2, clock_monotonic_ns());
    wired_answer("and more");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_PROTOCOL), 1);
    assert_string_equal(wired_kept(c), "");
}

static void between_pipelined_responses_they_close_and_the_rest_is_sent_again(void **state)
{
    (void)state;
    for (int in_one_piece = 0; in_one_piece < 2; in_one_piece++) {
        struct conn *c = with_one_request(4);
        wired_submit(c, &wired.get, 2, clock_monotonic_ns());
        wired_submit(c, &wired.get, 3, clock_monotonic_ns());
        if (in_one_piece) {
            wired_answer(WIRED_OK "and more");
        } else {
            wired_answer(WIRED_OK);
            wired_answer("and more");
        }
        wired_looks(c);
        assert_int_equal(wired_n(OUTCOME_OK), 1);
        assert_int_equal(wired_n(OUTCOME_PROTOCOL), 0);
        assert_string_equal(wired_kept(c), "2 3");
        assert_int_equal(n_noted(OUTCOME_OK), 1);
        if (!in_one_piece)
            wired_fini();
    }
}

static void nonsense_as_the_first_answer_is_a_protocol_error(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired_answer("and more");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_PROTOCOL), 1);
    assert_int_equal(n_noted(OUTCOME_OK), 0);
}

static void a_bad_answer_that_begins_as_one_is_a_protocol_error(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired_answer(WIRED_OK);
    wired_looks(c);
    wired_submit(c, &wired.get, 2, clock_monotonic_ns());
    wired_answer("HTTP/1.1 2x0 OK\r\n\r\n");
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_PROTOCOL), 1);
}

static void line_ends_are_nothing_whenever_they_come(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired_answer(WIRED_OK "\r\n"); /* in the same read */
    wired_looks(c);
    wired_answer("\r\n"); /* with nothing in flight */
    wired_looks(c);
    wired_submit(c, &wired.get, 2, clock_monotonic_ns());
    wired_answer("\r\n"); /* before the next response */
    wired_looks(c);
    assert_int_equal(c->exchange.first_ns, 0);
    wired_answer("\r\n" WIRED_OK);
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 2);
    assert_int_equal(c->state, CONN_READY);
    assert_int_equal(n_noted(OUTCOME_OK), 0);
}

static void a_refused_client_certificate_is_class_tls(void **state)
{
    (void)state;
    struct conn *c = with_one_request(1);
    wired.then = TRANSPORT_TLS_FAILED;
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_TLS), 1);
    assert_int_equal(wired_n(OUTCOME_RESET), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(in_the_same_piece_they_close, drop),
        cmocka_unit_test_teardown(what_comes_next_is_not_sent_behind_them, drop),
        cmocka_unit_test_teardown(when_nothing_is_in_flight_they_close, drop),
        cmocka_unit_test_teardown(when_the_next_request_is_in_flight_it_is_sent_again, drop),
        cmocka_unit_test_teardown(what_must_not_be_repeated_is_not_sent_again, drop),
        cmocka_unit_test_teardown(between_pipelined_responses_they_close_and_the_rest_is_sent_again, drop),
        cmocka_unit_test_teardown(nonsense_as_the_first_answer_is_a_protocol_error, drop),
        cmocka_unit_test_teardown(a_bad_answer_that_begins_as_one_is_a_protocol_error, drop),
        cmocka_unit_test_teardown(line_ends_are_nothing_whenever_they_come, drop),
        cmocka_unit_test_teardown(a_refused_client_certificate_is_class_tls, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
