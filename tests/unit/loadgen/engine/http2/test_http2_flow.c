/* Flow control (RFC 9113 section 5.2): what is sent of a request's body, and windows that are granted. */
#include "peer.h"

static char body[3 * 1024 * 1024];

static void submit_body(struct peer *p, int i, size_t n_bytes)
{
    assert_int_equal(peer_submit_body(p, i, "POST", body, n_bytes, true), 0);
}

static void initial_window(struct peer *p, uint32_t n_bytes)
{
    peer_settings(p, 2, (const uint32_t[]){ INITIAL_WINDOW_SIZE, n_bytes });
    assert_int_equal(peer_feed(p), 0);
}

static void grow(struct peer *p, uint32_t id, uint32_t n_bytes)
{
    peer_one_value(p, WINDOW_UPDATE, id, n_bytes);
    assert_int_equal(peer_feed(p), 0);
}

static void expect_sent(struct peer *p, uint32_t id, size_t n_bytes, bool ends)
{
    bool has_ended;
    assert_int_equal(peer_sent_body(p, id, &has_ended), n_bytes);
    assert_int_equal(has_ended, ends);
}

static void answer(struct peer *p, int i, uint32_t id)
{
    PEER_FIELDS(p, id, END_STREAM, ":status", "200");
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, i, 200);
}

static void a_body_that_fits_is_sent_at_once(void **state)
{
    struct peer *p = peer_new(state);
    submit_body(p, 0, 1000);
    const struct sent head = peer_sent_of(p, HEADERS, 1);
    assert_int_equal(head.flags & END_STREAM, 0);
    expect_sent(p, 1, 1000, true);
    assert_int_equal(p->h->n_held_up, 0);
    answer(p, 0, 1);
    peer_free(p);
}

static void a_window_of_0_holds_a_body_up(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 0);
    submit_body(p, 0, 10);
    peer_sent_of(p, HEADERS, 1);
    expect_sent(p, 1, 0, false);
    assert_int_equal(p->h->n_held_up, 1);
    grow(p, 1, 4);
    expect_sent(p, 1, 4, false);
    assert_int_equal(p->h->n_held_up, 1);
    grow(p, 1, 100);
    expect_sent(p, 1, 6, true);
    assert_int_equal(p->h->n_held_up, 0);
    answer(p, 0, 1);
    peer_free(p);
}

static void a_window_of_1_passes_a_byte_each_time(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 1);
    submit_body(p, 0, 5);
    for (int i = 0; i < 4; i++) {
        expect_sent(p, 1, 1, false);
        assert_int_equal(p->h->n_held_up, 1);
        grow(p, 1, 1);
    }
    expect_sent(p, 1, 1, true);
    assert_int_equal(p->h->n_held_up, 0);
    peer_free(p);
}

static void a_window_that_is_lowered_may_be_negative(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 100);
    submit_body(p, 0, 300);
    expect_sent(p, 1, 100, false);
    initial_window(p, 50); /* now -50 */
    grow(p, 1, 50);
    expect_sent(p, 1, 0, false);
    assert_int_equal(p->h->n_held_up, 1);
    grow(p, 1, 1);
    expect_sent(p, 1, 1, false);
    initial_window(p, 249); /* 199 more */
    expect_sent(p, 1, 199, true);
    peer_free(p);
}

static void a_window_that_is_raised_frees_all(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 0);
    for (int i = 0; i < 10; i++)
        submit_body(p, i, 100);
    assert_int_equal(p->h->n_held_up, 10);
    initial_window(p, 100);
    assert_int_equal(p->h->n_held_up, 0);
    struct sent frame;
    int n = 0;
    while (peer_sent(p, &frame))
        if (frame.type == DATA) {
            assert_int_equal(frame.n_bytes, 100);
            assert_true(frame.flags & END_STREAM);
            n++;
        }
    assert_int_equal(n, 10);
    peer_free(p);
}

static void the_connections_window_holds_bodies_up_too(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 1000000);
    submit_body(p, 0, 100000);
    expect_sent(p, 1, 65535, false);
    submit_body(p, 1, 10);
    assert_int_equal(p->h->n_held_up, 2);
    expect_sent(p, 3, 0, false);
    grow(p, 0, 100000);
    struct sent frame;
    size_t n[4] = { 0 };
    while (peer_sent(p, &frame))
        if (frame.type == DATA)
            n[frame.id] += frame.n_bytes;
    assert_int_equal(n[1], 100000 - 65535);
    assert_int_equal(n[3], 10);
    assert_int_equal(p->h->n_held_up, 0);
    peer_free(p);
}

/* A request without a body needs no window. */
static void other_requests_pass_those_held_up(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 0);
    submit_body(p, 0, 10);
    peer_submit(p, 1);
    const struct sent head = peer_sent_of(p, HEADERS, 3);
    assert_true(head.flags & END_STREAM);
    answer(p, 1, 3);
    assert_int_equal(p->h->n_held_up, 1);
    peer_free(p);
}

static void bodies_share_the_connections_window(void **state)
{
    enum { N = 3, BYTES = 100000 };
    struct peer *p = peer_new(state);
    size_t n[2 * N] = { 0 };
    struct sent frame;
    initial_window(p, 1000000);
    for (int i = 0; i < N; i++)
        submit_body(p, i, BYTES);
    for (int round = 0; round < 22; round++) {
        while (peer_sent(p, &frame))
            if (frame.type == DATA)
                n[frame.id] += frame.n_bytes;
        if (round == 10) /* each has had its turn */
            assert_true(n[1] > 16000 && n[3] > 16000 && n[5] > 16000);
        grow(p, 0, 12000);
    }
    for (int i = 0; i < N; i++)
        assert_int_equal(n[2 * i + 1], BYTES);
    assert_int_equal(p->h->n_held_up, 0);
    peer_free(p);
}

static void data_frames_are_at_most_16_kib(void **state)
{
    struct peer *p = peer_new(state);
    struct sent frame;
    size_t n = 0;
    peer_settings(p, 4, (const uint32_t[]){ INITIAL_WINDOW_SIZE, 0x7fffffff, MAX_FRAME_SIZE, 1 << 20 });
    grow(p, 0, 0x7fffffff - 65535);
    submit_body(p, 0, sizeof body);
    while (peer_sent(p, &frame))
        if (frame.type == DATA) {
            assert_true(frame.n_bytes <= 16384);
            n += frame.n_bytes;
        }
    assert_int_equal(n, sizeof body);
    peer_free(p);
}

/* What is queued and unsent must not grow with the body. */
static void a_large_body_is_queued_in_parts(void **state)
{
    struct peer *p = peer_new(state);
    const char *bytes;
    peer_settings(p, 2, (const uint32_t[]){ INITIAL_WINDOW_SIZE, 0x7fffffff });
    grow(p, 0, 0x7fffffff - 65535);
    submit_body(p, 0, sizeof body);
    assert_true(p->h->kind->pending(p->h, &bytes) < sizeof body / 2);
    assert_int_equal(p->h->n_held_up, 0); /* by no window */
    expect_sent(p, 1, sizeof body, true);
    peer_free(p);
}

static void a_body_that_does_not_last_is_copied(void **state)
{
    struct peer *p = peer_new(state);
    char text[] = "0123456789";
    initial_window(p, 4);
    assert_int_equal(peer_submit_body(p, 0, "POST", text, 10, false), 0);
    memset(text, 'x', sizeof text);
    struct sent frame = peer_sent_of(p, DATA, 1);
    assert_memory_equal(frame.bytes, "0123", 4);
    grow(p, 1, 6);
    frame = peer_sent_of(p, DATA, 1);
    assert_int_equal(frame.n_bytes, 6);
    assert_memory_equal(frame.bytes, "456789", 6);
    answer(p, 0, 1);
    peer_free(p);
}

static void an_early_response_ends_the_body(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 10);
    submit_body(p, 0, 1000);
    peer_forget_sent(p);
    answer(p, 0, 1);
    assert_int_equal(p->h->n_held_up, 0);
    const struct sent frame = peer_sent_of(p, RST_STREAM, 1);
    assert_int_equal(peer_number(frame.bytes, 4), HTTP2_NO_ERROR);
    grow(p, 1, 1000);
    expect_sent(p, 1, 0, false);
    peer_free(p);
}

/* RFC 9113 section 8.1: the server may ask for that with RST_STREAM(NO_ERROR) behind its response. */
static void an_early_response_may_be_followed_by_a_reset(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 10);
    submit_body(p, 0, 1000);
    PEER_FIELDS(p, 1, END_STREAM, ":status", "413");
    peer_one_value(p, RST_STREAM, 1, HTTP2_NO_ERROR);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, 413);
    peer_expect_none(p);
    peer_free(p);
}

static void streams_that_end_are_held_up_no_longer(void **state)
{
    struct peer *p = peer_new(state);
    initial_window(p, 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(peer_submit_body(p, i, "POST", body, 1000, false), 0);
    assert_int_equal(p->h->n_held_up, 6);
    p->h->kind->cancel(p->h, &p->streams[0]);
    assert_int_equal(p->h->n_held_up, 5);
    peer_one_value(p, RST_STREAM, 3, HTTP2_REFUSED_STREAM);
    peer_one_value(p, RST_STREAM, 5, HTTP2_INTERNAL_ERROR);
    PEER_FIELDS(p, 7, END_STREAM, "x", "y");
    peer_goaway(p, 9, HTTP2_NO_ERROR);
    assert_int_equal(peer_feed(p), 0);
    peer_expect_end(p, 1, HTTP2_REFUSED);
    peer_expect_end(p, 2, HTTP2_RESET);
    peer_expect_end(p, 3, HTTP2_MALFORMED);
    peer_expect_end(p, 5, HTTP2_UNPROCESSED);
    assert_int_equal(p->h->n_held_up, 1);
    p->h->kind->drop(p->h); /* frees the copy of the last one */
    assert_int_equal(p->h->n_held_up, 0);
    peer_free(p);
}

/* Those that wait stand in a queue, which others leave from its beginning, its end and its middle. */
static void the_others_are_sent_when_one_that_waits_has_ended(void **state)
{
    for (int ended = 0; ended < 3; ended++) {
        struct peer *p = peer_new(state);
        initial_window(p, 0);
        for (int i = 0; i < 3; i++)
            submit_body(p, i, 10);
        p->h->kind->cancel(p->h, &p->streams[ended]);
        submit_body(p, 3, 10);
        peer_forget_sent(p);
        initial_window(p, 10);
        bool is_sent[4] = { false };
        for (struct sent frame; peer_sent(p, &frame);)
            if (frame.type == DATA)
                is_sent[frame.id / 2] = frame.n_bytes == 10 && frame.flags & END_STREAM;
        for (int i = 0; i < 4; i++)
            assert_int_equal(is_sent[i], i != ended);
        peer_free(p);
    }
}

/* Windows granted to the server */

static void data_of(struct peer *p, uint32_t id, size_t n_bytes)
{
    for (; n_bytes > 0; n_bytes -= n_bytes < 16384 ? n_bytes : 16384)
        peer_frame(p, DATA, 0, id, body, n_bytes < 16384 ? n_bytes : 16384);
    assert_int_equal(peer_feed(p), 0);
}

static uint32_t granted(struct peer *p, uint32_t id)
{
    struct sent frame;
    uint32_t sum = 0;
    const size_t at = p->out_at;
    while (peer_sent(p, &frame))
        if (frame.type == WINDOW_UPDATE && frame.id == id)
            sum += peer_number(frame.bytes, 4);
    p->out_at = at;
    return sum;
}

static void windows_are_granted_anew_from_half_on(void **state)
{
    struct peer *p = peer_new_with_window(state, 100000);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    data_of(p, 1, 40000);
    assert_int_equal(granted(p, 0), 0);
    assert_int_equal(granted(p, 1), 0);
    data_of(p, 1, 15000);
    assert_true(granted(p, 0) >= 49152 && granted(p, 0) <= 55000);
    assert_true(granted(p, 1) >= 49152 && granted(p, 1) <= 55000);
    peer_free(p);
}

static void data_of_cancelled_streams_counts_for_the_connection(void **state)
{
    struct peer *p = peer_new_with_window(state, 100000);
    peer_submit(p, 0);
    p->h->kind->cancel(p->h, &p->streams[0]);
    data_of(p, 1, 60000);
    assert_true(granted(p, 0) >= 50000);
    assert_int_equal(granted(p, 1), 0);
    peer_free(p);
}

/* Padding counts, too (RFC 9113 section 6.9.1). */
static void empty_data_costs_nothing_and_padding_counts(void **state)
{
    static const unsigned char padded[256] = { 255 };
    struct peer *p = peer_new_with_window(state, 65535);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, 0, ":status", "200");
    for (int i = 0; i < 1000; i++)
        peer_frame(p, DATA, 0, 1, NULL, 0);
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(granted(p, 0), 0);
    for (int i = 0; i < 200; i++)
        peer_frame(p, DATA, PADDED, 1, padded, 256);
    assert_int_equal(peer_feed(p), 0);
    assert_true(granted(p, 0) >= 32768);
    assert_int_equal(p->streams[0].exchange.response.body_bytes, 0);
    peer_free(p);
}

int main(void)
{
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (char)('a' + i % 26);
    const struct CMUnitTest tests[] = {
        PEER_TEST(a_body_that_fits_is_sent_at_once),
        PEER_TEST(a_window_of_0_holds_a_body_up),
        PEER_TEST(a_window_of_1_passes_a_byte_each_time),
        PEER_TEST(a_window_that_is_lowered_may_be_negative),
        PEER_TEST(a_window_that_is_raised_frees_all),
        PEER_TEST(the_connections_window_holds_bodies_up_too),
        PEER_TEST(other_requests_pass_those_held_up),
        PEER_TEST(bodies_share_the_connections_window),
        PEER_TEST(data_frames_are_at_most_16_kib),
        PEER_TEST(a_large_body_is_queued_in_parts),
        PEER_TEST(a_body_that_does_not_last_is_copied),
        PEER_TEST(an_early_response_ends_the_body),
        PEER_TEST(an_early_response_may_be_followed_by_a_reset),
        PEER_TEST(streams_that_end_are_held_up_no_longer),
        PEER_TEST(the_others_are_sent_when_one_that_waits_has_ended),
        PEER_TEST(windows_are_granted_anew_from_half_on),
        PEER_TEST(data_of_cancelled_streams_counts_for_the_connection),
        PEER_TEST(empty_data_costs_nothing_and_padding_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
