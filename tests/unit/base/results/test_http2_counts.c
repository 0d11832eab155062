#include "cm.h"
#include "http2_counts.h"

static void limits_are_the_least_and_the_greatest_that_were_seen(void **state)
{
    struct http2_counts sum = { 0 };
    (void)state;
    http2_counts_merge(&sum,
                       &(struct http2_counts){ .has_limits = true, .n_peer_least = 128, .n_peer_most = 128 });
    http2_counts_merge(&sum, &(struct http2_counts){ 0 }); /* it saw none */
    http2_counts_merge(
        &sum, &(struct http2_counts){ .has_limits = true, .n_peer_least = 100, .n_peer_most = UINT32_MAX });
    assert_int_equal(sum.n_peer_least, 100);
    assert_int_equal(sum.n_peer_most, UINT32_MAX);
    http2_counts_merge(&sum, &(struct http2_counts){ .has_limits = true }); /* it may open none */
    assert_int_equal(sum.n_peer_least, 0);
    assert_int_equal(sum.n_peer_most, UINT32_MAX);
}

static void what_threads_use_at_once_adds_up_and_later_seconds_do_not(void **state)
{
    struct http2_counts first = { .n_in_use_most = 10, .n_refused = 1 }, run = { 0 };
    (void)state;
    http2_counts_merge(&first, &(struct http2_counts){ .n_in_use_most = 6, .n_refused = 1 });
    http2_counts_follow(&run, &first);
    http2_counts_follow(&run, &(struct http2_counts){ .n_in_use_most = 12, .n_refused = 1 });
    assert_int_equal(run.n_in_use_most, 16);
    assert_int_equal(run.n_refused, 3);
}

static void counters_add_up(void **state)
{
    const struct http2_counts one = { .n_goaways = 1,
                                      .n_goaway_errors = 2,
                                      .n_unprocessed = 3,
                                      .n_refused = 4,
                                      .n_cancels = 5,
                                      .n_resets = { 6, [HTTP2_N_RESETS - 1] = 7 },
                                      .n_ended_by_count = 8,
                                      .blocked_ns = 9 };
    const struct http2_counts two = { .n_goaways = 2,
                                      .n_goaway_errors = 4,
                                      .n_unprocessed = 6,
                                      .n_refused = 8,
                                      .n_cancels = 10,
                                      .n_resets = { 12, [HTTP2_N_RESETS - 1] = 14 },
                                      .n_ended_by_count = 16,
                                      .blocked_ns = 18 };
    struct http2_counts sum = one;
    (void)state;
    http2_counts_merge(&sum, &one);
    assert_memory_equal(&sum, &two, sizeof sum);
    assert_int_equal(http2_counts_resets(&sum), 26);
    http2_counts_raise(&sum, &one);
    assert_memory_equal(&sum, &two, sizeof sum);
}

static void what_happened_is_said_in_words(void **state)
{
    char text[HTTP2_COUNTS_TEXT_BYTES];
    (void)state;
    assert_string_equal(http2_counts_text(&(struct http2_counts){ 0 }, 0, text), "");
    const struct http2_counts one = { .n_goaways = 1, .n_refused = 1, .n_resets = { 1 }, .n_cancels = 1 };
    assert_string_equal(http2_counts_text(&one, 1, text), "1 GOAWAY, 1 sent again, 1 reset, 1 cancelled");
    const struct http2_counts many = {
        .n_goaways = 3, .n_goaway_errors = 2, .n_unprocessed = 20, .n_refused = 9, .n_cancels = 2
    };
    assert_string_equal(http2_counts_text(&many, 30, text), "3 GOAWAY, 30 sent again, 2 cancelled");
}

static void the_last_error_of_a_goaway_stays(void **state)
{
    struct http2_counts sum = { .goaway_error = 1 };
    (void)state;
    http2_counts_follow(&sum, &(struct http2_counts){ .goaway_error = HTTP2_RESET_TOO_BUSY });
    http2_counts_follow(&sum, &(struct http2_counts){ 0 });
    assert_int_equal(sum.goaway_error, HTTP2_RESET_TOO_BUSY);
}

static void codes_have_the_names_of_the_rfc(void **state)
{
    (void)state;
    assert_string_equal(http2_counts_code_name(HTTP2_RESET_TOO_BUSY), "ENHANCE_YOUR_CALM");
    assert_string_equal(http2_counts_code_name(0xdead), "other");
    assert_string_equal(http2_counts_code_name(HTTP2_N_RESETS), "other");
    for (uint32_t code = 0; code < HTTP2_N_RESETS; code++)
        assert_int_equal(http2_counts_code_find(http2_counts_code_name(code)), code);
    assert_int_equal(http2_counts_code_find(""), HTTP2_N_RESETS);
}

static void another_account_of_the_same_only_raises(void **state)
{
    struct http2_counts counts = { .n_goaways = 3, .n_refused = 1 };
    (void)state;
    http2_counts_raise(&counts, &(struct http2_counts){ .n_goaways = 2, .n_refused = 4, .blocked_ns = 7 });
    assert_int_equal(counts.n_goaways, 3);
    assert_int_equal(counts.n_refused, 4);
    assert_int_equal(counts.blocked_ns, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_the_least_and_the_greatest_that_were_seen),
        cmocka_unit_test(what_threads_use_at_once_adds_up_and_later_seconds_do_not),
        cmocka_unit_test(counters_add_up),
        cmocka_unit_test(what_happened_is_said_in_words),
        cmocka_unit_test(the_last_error_of_a_goaway_stays),
        cmocka_unit_test(codes_have_the_names_of_the_rfc),
        cmocka_unit_test(another_account_of_the_same_only_raises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
