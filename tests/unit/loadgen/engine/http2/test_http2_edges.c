/* What a server may just do: the extreme values that RFC 9113 allows. */
#include "peer.h"

static void settings_may_have_their_extreme_values(void **state)
{
    static const uint32_t values[][2] = {
        { 1, 4096 },
        { MAX_CONCURRENT_STREAMS, UINT32_MAX },
        { INITIAL_WINDOW_SIZE, 0x7fffffff },
        { MAX_FRAME_SIZE, 16384 },
        { MAX_FRAME_SIZE, 0xffffff },
    };
    struct peer *p = peer_new(state);
    for (uint32_t i = 0; i < N_OF(values); i++) {
        peer_settings(p, 2, values[i]);
        assert_int_equal(peer_feed(p), 0);
        peer_submit(p, 0);
        PEER_FIELDS(p, 2 * i + 1, END_STREAM, ":status", "200");
        assert_int_equal(peer_feed(p), 0);
        peer_expect_done(p, 0, 200);
    }
    peer_free(p);
}

static void frames_follow_an_acknowledgement_at_once(void **state)
{
    struct peer *p = peer_new_bare(*state, 65535);
    peer_settings(p, 0, NULL);
    peer_frame(p, SETTINGS, ACK, 0, NULL, 0);
    peer_frame(p, PING, 0, 0, "abcdefgh", 8);
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(peer_sent_of(p, PING, 0).flags, ACK);
    peer_free(p);
}

static void frames_follow_a_late_reset_at_once(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    peer_one_value(p, RST_STREAM, 1, HTTP2_NO_ERROR);
    peer_frame(p, PING, 0, 0, "abcdefgh", 8);
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(peer_sent_of(p, PING, 0).flags, ACK);
    peer_free(p);
}

static void a_length_may_have_any_digit(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, 0, ":status", "200", "content-length", "009");
    peer_data(p, 1, END_STREAM, "012345678");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_submit_head(p, 1);
    PEER_FIELDS(p, 3, END_STREAM, ":status", "200", "content-length", "9223372036854775807");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 1, 200);
    peer_submit(p, 2);
    PEER_FIELDS(p, 5, END_STREAM, ":status", "204", "content-length", "0");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 2, 204);
    peer_free(p);
}

/* Ten fields of 4 000 bytes, in frames of any size. */
static void a_block_may_fill_many_frames(void **state)
{
    enum { VALUE_BYTES = 4000 };
    static const size_t sizes[] = { 16384, 8000 };
    static unsigned char block[50000];
    size_t n = 0;
    block[n++] = 0x88;
    for (int i = 0; i < 10; i++) {
        memcpy(block + n, "\0\001x\x7f", 4); /* a literal; a length of 127 + 3873 bytes */
        n += 4;
        block[n++] = 0x80 | ((VALUE_BYTES - 127) & 0x7f);
        block[n++] = (VALUE_BYTES - 127) >> 7;
        memset(block + n, 'v', VALUE_BYTES);
        n += VALUE_BYTES;
    }
    for (size_t i = 0; i < N_OF(sizes); i++) {
        struct peer *p = peer_new(state);
        peer_submit(p, 0);
        for (size_t at = 0, size; at < n; at += size) {
            size = n - at < sizes[i] ? n - at : sizes[i];
            peer_frame(p, at ? CONTINUATION : HEADERS,
                       (at ? 0 : END_STREAM) | (at + size == n ? END_HEADERS : 0), 1, block + at, size);
        }
        assert_int_equal(peer_feed(p), 0);
        peer_expect_done(p, 0, 200);
        peer_free(p);
    }
}

static void frames_may_be_nothing_but_padding(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    peer_frame(p, DATA, PADDED, 1, "\002\0\0", 3);
    peer_frame(p, HEADERS, END_STREAM | END_HEADERS | PADDED, 1, "\002\0\0", 3); /* trailers */
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    peer_free(p);
}

/* However many others come and go. Numbers of streams only grow (section 5.1.1). */
static void a_stream_may_stay_open_for_ever(void **state)
{
    struct peer *p = peer_new(state);
    uint32_t last = 1;
    peer_submit(p, 0);
    for (int i = 0; i < 5 * PEER_STREAMS; i++) {
        peer_submit(p, 1);
        const uint32_t id = p->streams[1].id;
        assert_true(id > last && id % 2 == 1);
        last = id;
        PEER_FIELDS(p, id, END_STREAM, ":status", "200");
        assert_int_equal(peer_feed(p), 0);
        peer_expect_done(p, 1, 200);
        peer_forget_sent(p);
    }
    PEER_FIELDS(p, 1, END_STREAM, ":status", "404");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 404);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(settings_may_have_their_extreme_values),
        PEER_TEST(frames_follow_an_acknowledgement_at_once),
        PEER_TEST(frames_follow_a_late_reset_at_once),
        PEER_TEST(a_length_may_have_any_digit),
        PEER_TEST(a_block_may_fill_many_frames),
        PEER_TEST(frames_may_be_nothing_but_padding),
        PEER_TEST(a_stream_may_stay_open_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
