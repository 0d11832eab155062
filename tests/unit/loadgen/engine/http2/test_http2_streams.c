/* Streams from request to end, as a well-behaved server makes them end. */
#include "peer.h"

static void the_preface_and_settings_come_first(void **state)
{
    struct peer *p = peer_new_bare(*state, 1000000);
    struct sent frame = { 0 };
    assert_memory_equal(p->out, PEER_PREFACE, sizeof PEER_PREFACE - 1);
    assert_true(peer_sent(p, &frame));
    assert_int_equal(frame.type, SETTINGS);
    bool has_push = false, has_window = false;
    for (size_t i = 0; i < frame.n_bytes; i += 6) {
        const uint32_t value = peer_number(frame.bytes + i + 2, 4);
        has_push |= peer_number(frame.bytes + i, 2) == 2 && value == 0;
        has_window |= peer_number(frame.bytes + i, 2) == INITIAL_WINDOW_SIZE && value == 1000000;
    }
    assert_true(has_push && has_window);
    frame = peer_sent_of(p, WINDOW_UPDATE, 0);
    assert_int_equal(peer_number(frame.bytes, 4), 1000000 - 65535);
    peer_free(p);
}

static void a_response_completes_its_stream(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    assert_int_equal(p->h->n_open, 1);
    const struct sent request = peer_sent_of(p, HEADERS, 1);
    assert_int_equal(request.flags & (END_STREAM | END_HEADERS), END_STREAM | END_HEADERS);
    PEER_FIELDS(p, 1, 0, ":status", "200", "content-length", "5");
    peer_data(p, 1, END_STREAM, "hello");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_expect_none(p);
    assert_int_equal(p->streams[0].exchange.first_ns, 1000);
    assert_int_equal(p->streams[0].exchange.response.body_bytes, 5);
    assert_int_equal(p->h->n_open, 0);
    peer_free(p);
}

static void results_do_not_depend_on_how_bytes_are_cut(void **state)
{
    for (size_t step = 1; step < 40; step++) {
        struct peer *p = peer_new(state);
        peer_submit(p, 0);
        peer_submit(p, 1);
        PEER_FIELDS(p, 1, 0, ":status", "404");
        PEER_FIELDS(p, 3, END_STREAM, ":status", "204");
        peer_frame(p, PING, 0, 0, "12345678", 8);
        peer_frame(p, DATA, PADDED, 1, "\003abc\0\0\0", 7);
        PEER_FIELDS(p, 1, END_STREAM, "x-trailer", "1");
        assert_int_equal(peer_feed_cut(p, step, 7), 0);
        peer_expect_done(p, 1, 204);
        peer_expect_done(p, 0, 404);
        assert_int_equal(p->streams[0].exchange.response.body_bytes, 3);
        peer_free(p);
    }
}

static void streams_end_in_the_order_of_the_server(void **state)
{
    struct peer *p = peer_new(state);
    for (int i = 0; i < 50; i++)
        peer_submit(p, i);
    assert_int_equal(p->h->n_open, 50);
    for (uint32_t i = 50; i-- > 0;)
        PEER_FIELDS(p, i * 2 + 1, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    for (int i = 50; i-- > 0;)
        peer_expect_done(p, i, 200);
    assert_int_equal(p->h->n_open, 0);
    peer_free(p);
}

static void a_stream_can_be_submitted_again(void **state)
{
    struct peer *p = peer_new(state);
    for (uint32_t i = 0; i < 5; i++) {
        peer_submit(p, 0);
        PEER_FIELDS(p, i * 2 + 1, END_STREAM, ":status", i % 2 ? "200" : "404");
        assert_int_equal(peer_feed(p), 0);
        peer_expect_done(p, 0, i % 2 ? 200 : 404);
    }
    peer_free(p);
}

static void interim_responses_are_skipped(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, 0, ":status", "103", "link", "</a.css>");
    PEER_FIELDS(p, 1, 0, ":status", "100");
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(p->streams[0].exchange.first_ns, 0);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

static void a_response_to_head_may_have_a_length(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit_head(p, 0);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200", "content-length", "1000");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

static void a_304_may_have_a_length(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "304", "content-length", "1000");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 304);
    peer_free(p);
}

static void header_blocks_may_be_split(void **state)
{
    static const char *const fields[] = { ":status", "200", "x-a", "some value", "x-b", "another", NULL };
    unsigned char block[512];
    const size_t n = peer_block(block, fields);
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_frame(p, HEADERS, END_STREAM, 1, block, 5);
    peer_frame(p, CONTINUATION, 0, 1, block + 5, n - 10);
    peer_frame(p, CONTINUATION, END_HEADERS, 1, block + n - 5, 5);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

static void padding_and_priority_are_no_part_of_a_block(void **state)
{
    static const char *const fields[] = { ":status", "200", NULL };
    unsigned char block[512] = { 2, 0x80, 0, 0, 0, 16 }; /* padding's length, dependency, weight */
    const size_t n = 6 + peer_block(block + 6, fields);
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_frame(p, HEADERS, END_STREAM | END_HEADERS | PADDED | 0x20, 1, block, n + 2);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

static void a_refused_stream_is_repeatable(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_one_value(p, RST_STREAM, 1, HTTP2_REFUSED_STREAM);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_end(p, 0, HTTP2_REFUSED);
    peer_submit(p, 0);
    PEER_FIELDS(p, 3, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

static void a_reset_has_the_code_of_the_server(void **state)
{
    struct peer *p = peer_new(state);
    for (int i = 0; i < 3; i++)
        peer_submit(p, i);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    peer_one_value(p, RST_STREAM, 1, HTTP2_INTERNAL_ERROR);
    peer_one_value(p, RST_STREAM, 3, HTTP2_ENHANCE_YOUR_CALM);
    peer_one_value(p, RST_STREAM, 5, 0xdeadbeef);
    assert_int_equal(peer_feed(p), 0);
    static const uint32_t codes[] = { HTTP2_INTERNAL_ERROR, HTTP2_ENHANCE_YOUR_CALM, 0xdeadbeef };
    for (int i = 0; i < 3; i++) {
        peer_expect_end(p, i, HTTP2_RESET);
        assert_int_equal(p->streams[i].code, codes[i]);
    }
    assert_int_equal(p->h->n_open, 0);
    peer_free(p);
}

static void a_reset_behind_the_response_changes_nothing(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    peer_one_value(p, RST_STREAM, 1, HTTP2_NO_ERROR);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_expect_none(p);
    peer_free(p);
}

static void streams_above_the_last_one_of_a_goaway_are_unprocessed(void **state)
{
    struct peer *p = peer_new(state);
    for (int i = 0; i < 4; i++)
        peer_submit(p, i);
    peer_goaway(p, 3, HTTP2_NO_ERROR);
    assert_int_equal(peer_feed(p), 0);
    assert_true(p->h->is_going_away);
    assert_int_equal(p->h->n_goaways, 1);
    assert_int_equal(p->h->n_open, 2);
    assert_int_equal(http2_room(p->h, 100), 0);
    bool has_ended[4] = { false };
    for (int i = 0; i < 2; i++) {
        enum http2_end end;
        const int at = peer_ended(p, &end);
        assert_in_range(at, 2, 3);
        assert_int_equal(end, HTTP2_UNPROCESSED);
        has_ended[at] = true;
    }
    assert_true(has_ended[2] && has_ended[3]);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    PEER_FIELDS(p, 3, END_STREAM, ":status", "404");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_expect_done(p, 1, 404);
    peer_free(p);
}

static void a_second_goaway_may_lower_the_last_stream(void **state)
{
    struct peer *p = peer_new(state);
    for (int i = 0; i < 3; i++)
        peer_submit(p, i);
    peer_goaway(p, 0x7fffffff, HTTP2_NO_ERROR);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_none(p);
    peer_goaway(p, 1, HTTP2_ENHANCE_YOUR_CALM);
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(p->h->n_goaways, 2);
    assert_int_equal(p->h->goaway_code, HTTP2_ENHANCE_YOUR_CALM);
    assert_int_equal(p->h->n_open, 1);
    peer_free(p);
}

static void a_cancelled_stream_is_forgotten(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_submit(p, 1);
    peer_forget_sent(p);
    p->h->kind->cancel(p->h, &p->streams[0]);
    assert_int_equal(p->h->n_open, 1);
    const struct sent frame = peer_sent_of(p, RST_STREAM, 1);
    assert_int_equal(peer_number(frame.bytes, 4), HTTP2_CANCEL);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    peer_data(p, 1, END_STREAM, "late");
    PEER_FIELDS(p, 3, END_STREAM, ":status", "404");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 1, 404);
    peer_expect_none(p);
    peer_free(p);
}

static void a_late_block_of_a_cancelled_stream_still_counts_for_the_table(void **state)
{
    /* "x-a: 1" with indexing, then by its index (RFC 7541 sections 6.2.1 and 6.1) */
    static const unsigned char adds[] = { 0x88, 0x40, 3, 'x', '-', 'a', 1, '1' }, looks[] = { 0x88, 0xbe };
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_submit(p, 1);
    p->h->kind->cancel(p->h, &p->streams[0]);
    peer_frame(p, HEADERS, END_HEADERS | END_STREAM, 1, adds, sizeof adds);
    peer_frame(p, HEADERS, END_HEADERS | END_STREAM, 3, looks, sizeof looks);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 1, 200);
    peer_free(p);
}

static void the_peers_limit_is_the_room(void **state)
{
    struct peer *p = peer_new_bare(*state, 65535);
    assert_false(p->h->has_settings);
    assert_int_equal(http2_room(p->h, 1000), HTTP2_STREAMS_UNTIL_SETTINGS);
    peer_settings(p, 2, (const uint32_t[]){ MAX_CONCURRENT_STREAMS, 5 });
    assert_int_equal(peer_feed(p), 0);
    assert_true(p->h->has_settings);
    assert_int_equal(http2_room(p->h, 1000), 5);
    assert_int_equal(http2_room(p->h, 3), 3);
    for (int i = 0; i < 5; i++)
        peer_submit(p, i);
    assert_int_equal(http2_room(p->h, 1000), 0);
    peer_settings(p, 2, (const uint32_t[]){ MAX_CONCURRENT_STREAMS, 2 });
    for (uint32_t i = 0; i < 4; i++)
        PEER_FIELDS(p, i * 2 + 1, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    for (int i = 0; i < 4; i++)
        peer_expect_done(p, i, 200);
    assert_int_equal(http2_room(p->h, 1000), 1);
    peer_free(p);
}

static void without_a_limit_there_is_room_for_all(void **state)
{
    struct peer *p = peer_new(state);
    assert_int_equal(http2_room(p->h, 300), 300);
    for (int i = 0; i < 300; i++)
        peer_submit(p, i);
    assert_int_equal(http2_room(p->h, 300), 0);
    struct sent frame;
    int n = 0;
    while (peer_sent(p, &frame))
        n += frame.type == HEADERS;
    assert_int_equal(n, 300);
    peer_free(p);
}

static void every_settings_and_ping_is_acknowledged(void **state)
{
    struct peer *p = peer_new(state);
    for (int i = 0; i < 3; i++)
        peer_settings(p, 0, NULL);
    peer_frame(p, PING, 0, 0, "abcdefgh", 8);
    assert_int_equal(peer_feed(p), 0);
    struct sent frame;
    int n_settings = 0, n_pings = 0;
    while (peer_sent(p, &frame)) {
        assert_int_equal(frame.flags, ACK);
        n_settings += frame.type == SETTINGS;
        if (frame.type == PING) {
            n_pings++;
            assert_memory_equal(frame.bytes, "abcdefgh", 8);
        }
    }
    assert_int_equal(n_settings, 3);
    assert_int_equal(n_pings, 1);
    peer_free(p);
}

static void what_is_unknown_is_ignored(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_frame(p, 0x42, 0xff, 1, "whatever", 8);
    peer_frame(p, 0x43, 0, 0, NULL, 0);
    peer_settings(p, 2, (const uint32_t[]){ 0x4242, 17 });
    peer_frame(p, PRIORITY, 0, 1, "\0\0\0\0\020", 5);
    peer_frame(p, PING, ACK, 0, "abcdefgh", 8);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

static void a_connection_can_begin_again(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_goaway(p, 0, HTTP2_INTERNAL_ERROR);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_end(p, 0, HTTP2_UNPROCESSED);
    p->h->kind->drop(p->h);
    assert_int_equal(p->h->kind->begin(p->h), 0);
    assert_false(p->h->is_going_away);
    assert_int_equal(p->h->n_goaways, 0);
    peer_settings(p, 0, NULL);
    assert_int_equal(peer_feed(p), 0);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(the_preface_and_settings_come_first),
        PEER_TEST(a_response_completes_its_stream),
        PEER_TEST(results_do_not_depend_on_how_bytes_are_cut),
        PEER_TEST(streams_end_in_the_order_of_the_server),
        PEER_TEST(a_stream_can_be_submitted_again),
        PEER_TEST(interim_responses_are_skipped),
        PEER_TEST(a_response_to_head_may_have_a_length),
        PEER_TEST(a_304_may_have_a_length),
        PEER_TEST(header_blocks_may_be_split),
        PEER_TEST(padding_and_priority_are_no_part_of_a_block),
        PEER_TEST(a_refused_stream_is_repeatable),
        PEER_TEST(a_reset_has_the_code_of_the_server),
        PEER_TEST(a_reset_behind_the_response_changes_nothing),
        PEER_TEST(streams_above_the_last_one_of_a_goaway_are_unprocessed),
        PEER_TEST(a_second_goaway_may_lower_the_last_stream),
        PEER_TEST(a_cancelled_stream_is_forgotten),
        PEER_TEST(a_late_block_of_a_cancelled_stream_still_counts_for_the_table),
        PEER_TEST(the_peers_limit_is_the_room),
        PEER_TEST(without_a_limit_there_is_room_for_all),
        PEER_TEST(every_settings_and_ping_is_acknowledged),
        PEER_TEST(what_is_unknown_is_ignored),
        PEER_TEST(a_connection_can_begin_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
