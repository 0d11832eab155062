/* Servers that break the rules: malformed responses (RFC 9113 section 8.1.1) end their stream, everything
 * that desynchronizes the connection breaks it. */
#include "peer.h"

static void expect_malformed(struct peer *p)
{
    assert_int_equal(peer_feed(p), 0);
    assert_null(p->h->cause);
    peer_expect_end(p, 0, HTTP2_MALFORMED);
    assert_non_null(exchange_cause(&p->streams[0].exchange));
    const struct sent frame = peer_sent_of(p, RST_STREAM, 1);
    assert_int_equal(peer_number(frame.bytes, 4), HTTP2_PROTOCOL_ERROR);
    assert_int_equal(p->h->n_open, 1);
    PEER_FIELDS(p, 3, END_STREAM, ":status", "200"); /* the other stream is none the worse */
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 1, 200);
    peer_expect_none(p);
    peer_free(p);
}

static struct peer *with_two(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    peer_submit(p, 1);
    peer_forget_sent(p);
    return p;
}

static void fields_that_make_a_response_malformed(void **state)
{
    static const char *const heads[][7] = {
        { "x-no", "status" },
        { ":status", "2x0" },
        { ":status", "20" },
        { ":status", "2000" },
        { ":status", "" },
        { ":status", "101" },
        { ":status", "200", ":status", "200" },
        { "x-a", "before", ":status", "200" },
        { ":status", "200", ":path", "/" },
        { ":status", "200", ":unknown", "x" },
        { ":status", "200", "X-Upper", "x" },
        { ":status", "200", "connection", "close" },
        { ":status", "200", "keep-alive", "timeout=5" },
        { ":status", "200", "proxy-connection", "x" },
        { ":status", "200", "transfer-encoding", "chunked" },
        { ":status", "200", "upgrade", "h2c" },
        { ":status", "200", "te", "gzip" },
        { ":status", "200", "content-length", "1x" },
        { ":status", "200", "content-length", "-1" },
        { ":status", "200", "content-length", "" },
        { ":status", "200", "content-length", "99999999999999999999" },
        { ":status", "200", "content-length", "1", "content-length", "2" },
        { ":status", "200", "content-length", "1" }, /* with no body */
        { ":status", "204", "content-length", "1" },
        { ":status", "200", "", "nameless" },
        { ":status", "200", "x y", "blank" },
        { ":status", "200", "x\x7f", "delete" },
        { ":status", "200", "x\xc3\xa4", "not ASCII" },
        { ":status", "200", "x", "a\nb" },
        { ":status", "200", "x", "a\rb" },
        { ":status", "200", "x", " leading" },
        { ":status", "200", "x", "trailing\t" },
    };
    for (size_t i = 0; i < N_OF(heads); i++) {
        struct peer *p = with_two(state);
        peer_fields(p, 1, END_STREAM, heads[i]);
        expect_malformed(p);
    }
}

static void a_nul_in_a_value_is_malformed(void **state)
{
    static const unsigned char block[] = { 0x88, 0, 1, 'x', 3, 'a', 0, 'b' };
    struct peer *p = with_two(state);
    peer_frame(p, HEADERS, END_STREAM | END_HEADERS, 1, block, sizeof block);
    expect_malformed(p);
}

static void a_body_must_be_as_long_as_announced(void **state)
{
    struct peer *p = with_two(state);
    PEER_FIELDS(p, 1, 0, ":status", "200", "content-length", "5");
    peer_data(p, 1, END_STREAM, "four");
    expect_malformed(p);
    p = with_two(state);
    PEER_FIELDS(p, 1, 0, ":status", "200", "content-length", "5");
    peer_data(p, 1, 0, "sixsix");
    expect_malformed(p);
    p = with_two(state);
    PEER_FIELDS(p, 1, 0, ":status", "200", "content-length", "5");
    peer_data(p, 1, 0, "four");
    PEER_FIELDS(p, 1, END_STREAM, "x-trailer", "1");
    expect_malformed(p);
}

static void some_responses_have_no_body(void **state)
{
    static const char *const statuses[] = { "204", "304" };
    for (size_t i = 0; i < N_OF(statuses); i++) {
        struct peer *p = with_two(state);
        PEER_FIELDS(p, 1, 0, ":status", statuses[i]);
        peer_data(p, 1, END_STREAM, "x");
        expect_malformed(p);
    }
    struct peer *p = peer_new(state);
    peer_submit_head(p, 0);
    peer_submit(p, 1);
    PEER_FIELDS(p, 1, 0, ":status", "200", "content-length", "1");
    peer_data(p, 1, END_STREAM, "x");
    expect_malformed(p);
}

static void an_empty_data_frame_is_no_body(void **state)
{
    static const char *const statuses[] = { "204", "304" };
    for (size_t i = 0; i < N_OF(statuses); i++) {
        struct peer *p = with_two(state);
        PEER_FIELDS(p, 1, 0, ":status", statuses[i]);
        peer_data(p, 1, END_STREAM, "");
        assert_int_equal(peer_feed(p), 0);
        peer_expect_end(p, 0, HTTP2_DONE);
        peer_free(p);
    }
}

static void trailers_end_the_stream_and_have_no_status(void **state)
{
    struct peer *p = with_two(state);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    PEER_FIELDS(p, 1, 0, "x-trailer", "open");
    expect_malformed(p);
    p = with_two(state);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    expect_malformed(p);
}

static void an_interim_response_ends_no_stream(void **state)
{
    struct peer *p = with_two(state);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "103");
    expect_malformed(p);
    p = with_two(state);
    PEER_FIELDS(p, 1, 0, ":status", "103");
    peer_data(p, 1, 0, "x");
    expect_malformed(p);
}

/* What breaks the connection */

static void frames_that_break_the_connection(void **state)
{
    static const unsigned char block[] = { 0x88 };
    static const struct {
        int type, flags;
        uint32_t id;
        const char *payload;
        size_t n_bytes;
    } frames[] = {
        { DATA, 0, 0, "x", 1 },
        { DATA, 0, 2, "x", 1 },
        { DATA, 0, 99, "x", 1 },
        { DATA, 0, 1, "before HEADERS", 14 },
        { DATA, PADDED, 1, "\005abc", 4 },
        { HEADERS, END_HEADERS, 0, (const char *)block, 1 },
        { HEADERS, END_HEADERS, 2, (const char *)block, 1 },
        { HEADERS, END_HEADERS, 99, (const char *)block, 1 },
        { HEADERS, END_HEADERS | PADDED, 1, "\005\x88", 2 },
        { HEADERS, END_HEADERS | PADDED, 1, "\002\x88", 2 },
        { HEADERS, END_HEADERS, 1, "\x80", 1 },         /* index 0 */
        { HEADERS, END_HEADERS, 1, "\xff\x70", 2 },     /* no such index */
        { HEADERS, END_HEADERS, 1, "\x88\x40", 2 },     /* it ends within a field */
        { HEADERS, END_HEADERS, 1, "\x3f\xe2\x7f", 3 }, /* a table larger than allowed */
        { HEADERS, END_HEADERS, 1, "\x88\x20", 2 },     /* its size behind a field */
        { HEADERS, END_HEADERS, 1, "\x88\x00\x81\x01\x01x",
          6 }, /* padding of Huffman's code too long or wrong */
        { RST_STREAM, 0, 0, "\0\0\0\0", 4 },
        { RST_STREAM, 0, 99, "\0\0\0\0", 4 },
        { RST_STREAM, 0, 2, "\0\0\0\0", 4 },
        { RST_STREAM, 0, 1, "\0\0\0", 3 },
        { SETTINGS, 0, 1, NULL, 0 },
        { SETTINGS, 0, 0, "\0\0\0\0\0", 5 },
        { SETTINGS, ACK, 0, "\0\0\0\0\0\0", 6 },
        { SETTINGS, ACK, 0, NULL, 0 }, /* of none that was sent */
        { SETTINGS, 0, 0, "\0\002\0\0\0\001", 6 },
        { SETTINGS, 0, 0, "\0\002\0\0\0\002", 6 },
        { SETTINGS, 0, 0, "\0\004\x80\0\0\0", 6 },
        { SETTINGS, 0, 0, "\0\005\0\0\0\001", 6 },
        { SETTINGS, 0, 0, "\0\005\001\0\0\0", 6 },
        { PUSH_PROMISE, END_HEADERS, 1, "\0\0\0\002\x88", 5 },
        { PING, 0, 0, "1234567", 7 },
        { PING, 0, 1, "12345678", 8 },
        { GOAWAY, 0, 1, "\0\0\0\0\0\0\0\0", 8 },
        { GOAWAY, 0, 0, "\0\0\0\0\0\0\0", 7 },
        { WINDOW_UPDATE, 0, 0, "\0\0\0\0", 4 },
        { WINDOW_UPDATE, 0, 0, "\x7f\xff\xff\xff", 4 },
        { WINDOW_UPDATE, 0, 99, "\0\0\0\001", 4 },
        { WINDOW_UPDATE, 0, 1, "\0\0\001", 3 },
        { CONTINUATION, END_HEADERS, 1, (const char *)block, 1 },
    };
    for (size_t i = 0; i < N_OF(frames); i++) {
        struct peer *p = with_two(state);
        peer_frame(p, frames[i].type, frames[i].flags, frames[i].id, frames[i].payload, frames[i].n_bytes);
        assert_int_equal(peer_feed_cut(p, sizeof p->in, 1), -1);
        assert_non_null(p->h->cause);
        const struct sent goaway = peer_sent_of(p, GOAWAY, 0);
        assert_int_not_equal(peer_number(goaway.bytes + 4, 4), HTTP2_NO_ERROR);
        assert_int_equal(p->h->kind->feed(p->h, "x", 1, 1), -1); /* and stays broken */
        peer_free(p);
    }
}

static void a_frame_longer_than_16_kib_breaks_the_connection(void **state)
{
    static char data[16385];
    struct peer *p = with_two(state);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    peer_frame(p, DATA, 0, 1, data, sizeof data);
    peer_expect_broken(p);
    peer_free(p);
}

static void nothing_may_stand_within_a_block(void **state)
{
    static const unsigned char block[] = { 0x88 };
    struct peer *p = with_two(state);
    peer_frame(p, HEADERS, 0, 1, block, 1);
    peer_frame(p, PING, 0, 0, "12345678", 8);
    peer_expect_broken(p);
    peer_free(p);
    p = with_two(state);
    peer_frame(p, HEADERS, 0, 1, block, 1);
    peer_frame(p, CONTINUATION, END_HEADERS, 3, NULL, 0);
    peer_expect_broken(p);
    peer_free(p);
}

static void continuations_have_an_end(void **state)
{
    static const unsigned char block[] = { 0x88 };
    struct peer *p = with_two(state);
    peer_frame(p, HEADERS, 0, 1, block, 1);
    for (int i = 0; i < 1000; i++)
        peer_frame(p, CONTINUATION, 0, 1, NULL, 0);
    peer_expect_broken(p);
    peer_free(p);
}

/* "x: 16 000 bytes" goes into no table of 4 KiB, but is named again and again. */
static void a_block_has_a_limit(void **state)
{
    enum { N_VALUES = 9, VALUE_BYTES = 4000 };
    static unsigned char block[16384];
    struct peer *p = with_two(state);
    size_t n = 0;
    block[n++] = 0x88;
    memcpy(block + n, "\x40\001x\x7f", 4); /* with indexing, a value of 127 + 3873 bytes */
    n += 4;
    block[n++] = 0x80 | ((VALUE_BYTES - 127) & 0x7f);
    block[n++] = (VALUE_BYTES - 127) >> 7;
    memset(block + n, 'v', VALUE_BYTES);
    n += VALUE_BYTES;
    for (int i = 0; i < 100; i++) /* 100 times that entry: 400 kB */
        block[n++] = 0xbe;
    peer_frame(p, HEADERS, END_HEADERS, 1, block, n);
    peer_expect_broken(p);
    peer_free(p);
}

static void settings_come_first(void **state)
{
    struct peer *p = peer_new_bare(*state, 65535);
    peer_frame(p, PING, 0, 0, "12345678", 8);
    peer_expect_broken(p);
    peer_free(p);
    p = peer_new_bare(*state, 65535);
    peer_bytes(p, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    peer_expect_broken(p);
    peer_free(p);
}

/* A window that overflows, or an update of 0, ends the stream or the connection: both are right. */
static void bad_updates_of_a_streams_window_do_not_pass(void **state)
{
    static const uint32_t values[] = { 0, 0x7fffffff };
    for (size_t i = 0; i < N_OF(values); i++) {
        struct peer *p = with_two(state);
        peer_one_value(p, WINDOW_UPDATE, 1, values[i]);
        if (peer_feed(p) == 0)
            peer_expect_end(p, 0, HTTP2_MALFORMED);
        peer_free(p);
    }
}

static void more_than_the_window_does_not_pass(void **state)
{
    static char data[16384];
    struct peer *p = peer_new_with_window(state, 10000);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    peer_frame(p, DATA, 0, 1, data, sizeof data);
    if (peer_feed(p) == 0)
        peer_expect_end(p, 0, HTTP2_MALFORMED);
    peer_free(p);
}

/* What ended before the connection broke has ended. */
static void a_broken_connection_keeps_the_ends_before(void **state)
{
    struct peer *p = with_two(state);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    peer_frame(p, DATA, 0, 0, "x", 1);
    PEER_FIELDS(p, 3, END_STREAM, ":status", "200");
    peer_expect_broken(p);
    peer_expect_done(p, 0, 200);
    peer_expect_none(p);
    assert_int_equal(p->h->n_open, 1);
    peer_free(p);
}

static void a_goaway_may_not_raise_its_last_stream(void **state)
{
    struct peer *p = with_two(state);
    peer_goaway(p, 1, HTTP2_NO_ERROR);
    peer_goaway(p, 3, HTTP2_NO_ERROR);
    peer_expect_broken(p);
    peer_free(p);
}

static void what_a_goaway_leaves_out_ends_oldest_first(void **state)
{
    enum { N = 20 };
    struct peer *p = peer_new(state);
    for (uint32_t id = 1; id < 8 * PEER_STREAMS - N; id += 2) {
        peer_submit(p, 0);
        PEER_FIELDS(p, id, END_STREAM, ":status", "200");
        assert_int_equal(peer_feed(p), 0);
        peer_expect_done(p, 0, 200);
        peer_forget_sent(p);
    }
    for (int i = 0; i < N; i++)
        peer_submit(p, i); /* some of them stand at the end of the table, some at its beginning */
    peer_goaway(p, 1, HTTP2_NO_ERROR);
    assert_int_equal(peer_feed(p), 0);
    for (int i = 0; i < N; i++)
        peer_expect_end(p, i, HTTP2_UNPROCESSED);
    peer_free(p);
}

static void a_goodbye_is_a_goaway_without_an_error(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 200);
    p->h->kind->say_goodbye(p->h);
    const struct sent goaway = peer_sent_of(p, GOAWAY, 0);
    assert_int_equal(goaway.n_bytes, 8);
    assert_int_equal(peer_number(goaway.bytes, 4), 0);
    assert_int_equal(peer_number(goaway.bytes + 4, 4), HTTP2_NO_ERROR);
    struct sent more;
    assert_false(peer_sent(p, &more));
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(fields_that_make_a_response_malformed),
        PEER_TEST(a_nul_in_a_value_is_malformed),
        PEER_TEST(a_body_must_be_as_long_as_announced),
        PEER_TEST(some_responses_have_no_body),
        PEER_TEST(an_empty_data_frame_is_no_body),
        PEER_TEST(trailers_end_the_stream_and_have_no_status),
        PEER_TEST(an_interim_response_ends_no_stream),
        PEER_TEST(frames_that_break_the_connection),
        PEER_TEST(a_frame_longer_than_16_kib_breaks_the_connection),
        PEER_TEST(nothing_may_stand_within_a_block),
        PEER_TEST(continuations_have_an_end),
        PEER_TEST(a_block_has_a_limit),
        PEER_TEST(settings_come_first),
        PEER_TEST(bad_updates_of_a_streams_window_do_not_pass),
        PEER_TEST(more_than_the_window_does_not_pass),
        PEER_TEST(a_broken_connection_keeps_the_ends_before),
        PEER_TEST(a_goaway_may_not_raise_its_last_stream),
        PEER_TEST_OF(what_a_goaway_leaves_out_ends_oldest_first, "frames", http2_frames),
        PEER_TEST(a_goodbye_is_a_goaway_without_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
