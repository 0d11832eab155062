/* What a request has of its own on a connection that it shares. */
#include "wired_http2.h"

/* A session makes each of its requests anew. */
static void without_constant_requests_none_is_prepared(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 8);
    wired.stream.n_requests = 0;
    h2_start();
    assert_null(wired.shard.muxes->constants.fields);
}

/* Number 2 takes the place of number 1, whose answer had a first byte. */
static void what_times_out_before_it_is_sent_has_had_no_first_byte(void **state)
{
    (void)state;
    struct conn *c = h2_open(1, 1);
    h2_settings(0);
    h2_answer(1);
    h2_looks(c);
    h2_submit(c, &wired.get, 2, 2000 * NS_PER_S);
    assert_string_equal(h2_waiting(c), "2");
    shard_check_deadlines(&wired.shard, 2000 * NS_PER_S + WIRED_TIMEOUT_NS);
    assert_int_equal(h2_n(OUTCOME_TIMEOUT), 1);
    assert_null(wired.loop->stats->cells[0].times[OUTCOME_TIMEOUT]->metrics[METRIC_FIRST_BYTE]);
}

/* Each request has a place of its own for the end of its response. */
static void instances_are_those_of_their_own_responses(void **state)
{
    static char before[] = "id ", after[] = "!";
    (void)state;
    h2_plan(PLAN_CLOSED, 1, 2);
    struct plan_expect *x = &wired.stream.expect;
    x->checks_body = x->has_instance = true;
    x->body_before = before;
    x->before_bytes = 3;
    x->body_after = after;
    x->after_bytes = 1;
    h2_start();
    struct conn *c = h2_connect(0);
    h2_submit(c, &wired.get, 1, 0);
    h2_submit(c, &wired.get, 2, 0);
    h2_end_callback();
    h2_settings(100);
    h2_head(1);
    h2_head(3);
    h2_frame(H2_DATA, 0, 1, "id a-long-name-", 15);
    h2_frame(H2_DATA, 0, 3, "id bc", 5);
    h2_frame(H2_DATA, 1, 1, "of-one!", 7);
    h2_frame(H2_DATA, 1, 3, "d!", 2);
    h2_looks(c);
    assert_int_equal(h2_n(OUTCOME_OK), 2);
    const struct names *instances = &wired.loop->instances;
    assert_int_equal(instances->n, 2);
    assert_string_equal(names_text(instances, 0), "a-long-name-of-one");
    assert_string_equal(names_text(instances, 1), "bcd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_constant_requests_none_is_prepared, h2_drop),
        cmocka_unit_test_teardown(what_times_out_before_it_is_sent_has_had_no_first_byte, h2_drop),
        cmocka_unit_test_teardown(instances_are_those_of_their_own_responses, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
