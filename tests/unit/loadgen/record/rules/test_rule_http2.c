/* What the rules say of HTTP/2 connections. */
#include "cm.h"
#include "err.h"
#include "rule.h"
#include "small_plan.h"
#include "stats.h"
#include "units.h"

struct input {
    struct plan plan;
    struct plan_stream streams[2];
    struct rule_input in;
    struct stats *run;
    struct rule_case c;
};

static int make(void **state)
{
    static struct input x;
    x = (struct input){ .plan = small_plan,
                        .streams = { small_plan_streams[0], small_plan_streams[1] },
                        .run = stats_new(&small_plan) };
    x.plan.streams = x.streams;
    x.plan.target.http = PLAN_HTTP_2;
    x.streams[CLOSED].in_flight_most = 200;
    x.in = (struct rule_input){ .plan = &x.plan, .run = x.run, .duration_ns = 10 * NS_PER_S };
    x.c = (struct rule_case){ .in = &x.in, .stream = CLOSED };
    *state = &x;
    return x.run ? 0 : -1;
}

static int drop(void **state)
{
    stats_free(((struct input *)*state)->run);
    return 0;
}

static struct http2_counts *counts_of(struct input *x)
{
    return &x->run->streams[CLOSED].http2;
}

static void a_limit_below_what_was_asked_lowers_the_concurrency(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    *counts_of(x) = (struct http2_counts){
        .has_limits = true, .n_peer_least = 128, .n_peer_most = 128, .n_open_most = 128
    };
    assert_true(rule_measure_allowed(&x->c, &check));
    assert_true(check.value == 64);
    assert_string_equal(check.advice, "128 streams a connection instead of 200: use more connections.");
}

static void a_peer_that_allows_nothing_leaves_no_concurrency(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    *counts_of(x) = (struct http2_counts){ .has_limits = true };
    assert_true(rule_measure_allowed(&x->c, &check));
    assert_true(check.value == 0);
    assert_string_equal(check.advice,
                        "0 streams a connection instead of 200: the peer allowed no request at all "
                        "for a time.");
}

static void a_limit_that_no_connection_reached_costs_nothing(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    *counts_of(x) = (struct http2_counts){
        .has_limits = true, .n_peer_least = 128, .n_peer_most = 128, .n_open_most = 5
    };
    assert_true(rule_measure_allowed(&x->c, &check));
    assert_true(check.value == 100);
    counts_of(x)->has_limits = false; /* no SETTINGS came */
    assert_false(rule_measure_allowed(&x->c, &check));
}

static void errors_of_goaways_are_counted_and_the_last_is_named(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    *counts_of(x) = (struct http2_counts){ .n_goaways = 7, .n_goaway_errors = 2, .goaway_error = 11 };
    assert_true(rule_measure_goaway_errors(&x->c, &check));
    assert_true(check.value == 2);
    assert_string_equal(check.advice, "The last one was ENHANCE_YOUR_CALM: the peer's log may say why.");
}

static void refused_requests_are_a_share_of_those_sent(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    assert_false(rule_measure_refused(&x->c, &check));
    x->run->streams[CLOSED].n_sent = 1000;
    counts_of(x)->n_refused = 2;
    assert_true(rule_measure_refused(&x->c, &check));
    assert_true(check.value > 0.19 && check.value < 0.21);
}

static void a_reset_that_asks_for_calm_is_counted_apart(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    counts_of(x)->n_resets[2] = 5;
    counts_of(x)->n_resets[11] = 3;
    assert_true(rule_measure_calm(&x->c, &check));
    assert_true(check.value == 3);
}

static void waits_for_windows_are_a_share_of_the_connections_time(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    counts_of(x)->blocked_ns = 2 * NS_PER_S; /* of two connections, for 10 s */
    assert_true(rule_measure_held_up(&x->c, &check));
    assert_true(check.value == 10);
}

static void streams_of_http1_have_none_of_these_rules(void **state)
{
    struct input *x = *state;
    struct verdict verdict = { 0 };
    struct err e;
    assert_int_equal(rule_input_init(&x->in, &x->plan), 0);
    x->in.run = x->run;
    for (int is_http2 = 0; is_http2 < 2; is_http2++) {
        size_t n = 0;
        x->plan.target.http = is_http2 ? PLAN_HTTP_2_PRIOR : PLAN_HTTP_1;
        assert_int_equal(verdict_apply_rules(&x->in, &verdict, &e), 0);
        for (size_t i = 0; i < verdict.n_checks; i++)
            n += strcmp(verdict.checks[i].rule, "R34") == 0;
        assert_int_equal(n, is_http2 ? 2 : 0);
        verdict_fini(&verdict);
    }
    rule_input_fini(&x->in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_limit_below_what_was_asked_lowers_the_concurrency, make, drop),
        cmocka_unit_test_setup_teardown(a_peer_that_allows_nothing_leaves_no_concurrency, make, drop),
        cmocka_unit_test_setup_teardown(a_limit_that_no_connection_reached_costs_nothing, make, drop),
        cmocka_unit_test_setup_teardown(errors_of_goaways_are_counted_and_the_last_is_named, make, drop),
        cmocka_unit_test_setup_teardown(refused_requests_are_a_share_of_those_sent, make, drop),
        cmocka_unit_test_setup_teardown(a_reset_that_asks_for_calm_is_counted_apart, make, drop),
        cmocka_unit_test_setup_teardown(waits_for_windows_are_a_share_of_the_connections_time, make, drop),
        cmocka_unit_test_setup_teardown(streams_of_http1_have_none_of_these_rules, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
