#include "again_json.h"
#include "cm.h"
#include "http2_json.h"

static void counts_are_read_back_as_they_were_written(void **state)
{
    const struct http2_counts counts = { .n_goaways = 3,
                                         .n_goaway_errors = 2,
                                         .n_unprocessed = 3,
                                         .n_refused = 4,
                                         .n_cancels = 5,
                                         .n_resets = { [1] = 6, [11] = 7, [14] = 8 },
                                         .n_ended_by_count = 9,
                                         .blocked_ns = 1500000000,
                                         .goaway_error = HTTP2_RESET_TOO_BUSY,
                                         .has_limits = true,
                                         .n_peer_least = 100,
                                         .n_peer_most = UINT32_MAX,
                                         .n_open_most = 12,
                                         .n_in_use_most = 13 };
    json_t *json = http2_json(&counts);
    (void)state;
    const struct http2_counts read = http2_json_read(json);
    assert_memory_equal(&read, &counts, sizeof read);
    assert_int_equal(json_integer_value(json_object_get(json, "goaways_n")), 3);
    assert_int_equal(json_object_size(json_object_get(json, "resets")), 3);
    json_decref(json);
}

static void limits_that_the_peer_has_not_named_are_null(void **state)
{
    json_t *json = http2_json(&(struct http2_counts){ 0 });
    (void)state;
    assert_true(json_is_null(json_object_get(json, "streams_allowed_least_n")));
    assert_true(json_is_null(json_object_get(json, "goaway_error")));
    const struct http2_counts read = http2_json_read(json);
    assert_false(read.has_limits);
    json_decref(json);
}

static void a_peer_that_allows_no_stream_shows_as_0(void **state)
{
    json_t *json = http2_json(&(struct http2_counts){ .has_limits = true });
    (void)state;
    assert_true(json_is_integer(json_object_get(json, "streams_allowed_least_n")));
    assert_true(json_is_integer(json_object_get(json, "streams_allowed_most_n")));
    const struct http2_counts read = http2_json_read(json);
    assert_true(read.has_limits);
    assert_int_equal(read.n_peer_most, 0);
    json_decref(json);
}

static void requests_sent_again_are_read_back_as_they_were_written(void **state)
{
    const struct again_counts counts = { .n = { 1, 2, 3, 4, 5, 6 } }, none = { 0 };
    json_t *json = again_json(&counts);
    (void)state;
    struct again_counts read = again_json_read(json);
    assert_memory_equal(&read, &counts, sizeof read);
    assert_int_equal(json_integer_value(json_object_get(json, "timeout")), 4);
    read = again_json_read(NULL); /* of an older version */
    assert_memory_equal(&read, &none, sizeof read);
    json_decref(json);
}

static void nonsense_counts_as_nothing(void **state)
{
    json_t *json = json_pack("{s:i, s:s, s:f, s:s, s:[]}", "goaways_n", -1, "refused_n", "many", "held_up_s",
                             1e300, "goaway_error", "NO_SUCH", "resets");
    const struct http2_counts none = { 0 };
    (void)state;
    const struct http2_counts read = http2_json_read(json);
    assert_memory_equal(&read, &none, sizeof read);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_read_back_as_they_were_written),
        cmocka_unit_test(limits_that_the_peer_has_not_named_are_null),
        cmocka_unit_test(requests_sent_again_are_read_back_as_they_were_written),
        cmocka_unit_test(a_peer_that_allows_no_stream_shows_as_0),
        cmocka_unit_test(nonsense_counts_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
