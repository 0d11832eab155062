/* Prepared requests: whatever is sent first, the peer's table holds the same, and each request arrives as it
 * is. */
#include "peer.h"

#include "http2_hpack.h"
#include "http2_prepared.h"

#include <nghttp2/nghttp2.h>

#define FIELD(n, v)                                                                                          \
    {                                                                                                        \
        n, v, sizeof(n) - 1, sizeof(v) - 1                                                                   \
    }

static const struct http2_field home[] = {
    FIELD(":method", "GET"),          FIELD(":scheme", "http"),     FIELD(":path", "/"),
    FIELD(":authority", "a.example"), FIELD("user-agent", "loads"), FIELD("x-both", "1"),
};
static const struct http2_field item[] = {
    FIELD(":method", "POST"),    FIELD(":scheme", "http"),
    FIELD(":path", "/item?n=1"), FIELD(":authority", "a.example"),
    FIELD("x-own", "2"),         FIELD("user-agent", "loads"),
    FIELD("x-both", "1"),
};

static struct http2_request request_of(const struct http2_field *fields, size_t n)
{
    return (struct http2_request){ .fields = fields, .n_fields = n, .is_lasting = true };
}

static bool is_text(const uint8_t *bytes, size_t n_bytes, const char *text, size_t length)
{
    return n_bytes == length && memcmp(bytes, text, length) == 0;
}

/* The frame's block has these fields, in this order. */
static void expect_fields(nghttp2_hd_inflater *inflater, const struct sent *frame,
                          const struct http2_request *request)
{
    const unsigned char *at = frame->bytes;
    size_t left = frame->n_bytes, n = 0;
    for (int flags = 0; !(flags & NGHTTP2_HD_INFLATE_FINAL);) {
        nghttp2_nv nv;
        const ssize_t used = nghttp2_hd_inflate_hd2(inflater, &nv, &flags, at, left, 1);
        assert_true(used >= 0);
        at += used;
        left -= (size_t)used;
        if (!(flags & NGHTTP2_HD_INFLATE_EMIT))
            continue;
        assert_true(n < request->n_fields);
        const struct http2_field *field = &request->fields[n++];
        assert_true(is_text(nv.name, nv.namelen, field->name, field->name_bytes));
        assert_true(is_text(nv.value, nv.valuelen, field->value, field->value_bytes));
    }
    assert_int_equal(n, request->n_fields);
    assert_int_equal(nghttp2_hd_inflate_end_headers(inflater), 0);
}

/* Two requests and a server that decodes them. */
struct scene {
    struct peer *p;
    struct http2_request requests[2];
    struct http2_prepared *prepared;
    nghttp2_hd_inflater *inflater;
    int n;
};

static struct scene begin_with(void **state, struct http2_request one, struct http2_request two)
{
    struct scene s = { .p = peer_new(state), .requests = { one, two } };
    s.prepared = http2_prepare(s.requests, 2);
    assert_non_null(s.prepared);
    s.requests[0].prepared = &s.prepared[0];
    s.requests[1].prepared = &s.prepared[1];
    assert_int_equal(nghttp2_hd_inflate_new(&s.inflater), 0);
    return s;
}

static struct scene begin(void **state)
{
    return begin_with(state, request_of(home, N_OF(home)), request_of(item, N_OF(item)));
}

static void end(struct scene *s)
{
    peer_free(s->p);
    http2_prepared_free(s->prepared, 2);
    nghttp2_hd_inflate_del(s->inflater);
}

/* Returns how long its block was. */
static size_t expect_request(struct scene *s, int i)
{
    assert_int_equal(s->p->h->kind->submit(s->p->h, &s->p->streams[s->n++], &s->requests[i]), 0);
    const struct sent frame = peer_sent_of(s->p, HEADERS, s->p->streams[s->n - 1].id);
    assert_true(frame.flags & END_STREAM);
    expect_fields(s->inflater, &frame, &s->requests[i]);
    return frame.n_bytes;
}

static void prepared_requests_arrive_in_any_order(void **state)
{
    for (int order = 0; order < 64; order++) {
        struct scene s = begin(state);
        for (int i = 0; i < 6; i++)
            expect_request(&s, order >> i & 1);
        end(&s);
    }
}

static void a_get_takes_a_byte_per_field_from_the_second_on(void **state)
{
    struct scene s = begin(state);
    assert_in_range(expect_request(&s, 0), 20, 60);
    assert_int_equal(expect_request(&s, 0), N_OF(home));
    end(&s);
}

/* Such a field would stand in the table or not, or elsewhere, depending on which is sent first. */
static void fields_that_another_lacks_or_has_elsewhere_are_literals(void **state)
{
    static const struct http2_field fields[] = {
        FIELD(":method", "GET"),  FIELD(":authority", "a.example"), FIELD("x-both", "1"),
        FIELD("x-first", "only"), FIELD("user-agent", "loads"),
    };
    for (int order = 0; order < 8; order++) {
        struct scene s = begin_with(state, request_of(fields, N_OF(fields)), request_of(item, N_OF(item)));
        for (int i = 0; i < 3; i++)
            expect_request(&s, order >> i & 1);
        end(&s);
    }
}

/* They are made anew each time. */
static void requests_without_fields_do_not_count(void **state)
{
    struct scene s = begin_with(state, request_of(NULL, 0), request_of(home, N_OF(home)));
    expect_request(&s, 1);
    assert_int_equal(expect_request(&s, 1), N_OF(home));
    end(&s);
    struct http2_request *alone = calloc(1, sizeof *alone);
    assert_non_null(alone);
    struct http2_prepared *prepared = http2_prepare(alone, 1);
    assert_non_null(prepared);
    http2_prepared_free(prepared, 1);
    free(alone);
}

static void a_table_of_the_first_size_is_used(void **state)
{
    struct scene s = begin(state);
    peer_settings(s.p, 2, (const uint32_t[]){ 1, 4096 });
    assert_int_equal(peer_feed(s.p), 0);
    expect_request(&s, 0);
    assert_int_equal(expect_request(&s, 0), N_OF(home));
    end(&s);
}

static void a_small_table_of_the_peer_is_left_alone(void **state)
{
    struct scene s = begin(state);
    expect_request(&s, 1);
    peer_settings(s.p, 2, (const uint32_t[]){ 1, 0 });
    assert_int_equal(peer_feed(s.p), 0);
    assert_int_equal(nghttp2_hd_inflate_change_table_size(s.inflater, 0), 0);
    expect_request(&s, 0); /* the inflater insists on the update */
    expect_request(&s, 1);
    assert_int_equal(nghttp2_hd_inflate_get_dynamic_table_size(s.inflater), 0);
    peer_settings(s.p, 2, (const uint32_t[]){ 1, 4096 });
    assert_int_equal(peer_feed(s.p), 0);
    assert_int_equal(nghttp2_hd_inflate_change_table_size(s.inflater, 4096), 0);
    expect_request(&s, 0);
    expect_request(&s, 1);
    end(&s);
}

static void a_new_connection_begins_with_the_first_blocks(void **state)
{
    struct scene s = begin(state);
    expect_request(&s, 0);
    s.p->h->kind->drop(s.p->h);
    assert_int_equal(s.p->h->kind->begin(s.p->h), 0);
    peer_forget_sent(s.p);
    nghttp2_hd_inflate_del(s.inflater);
    assert_int_equal(nghttp2_hd_inflate_new(&s.inflater), 0);
    expect_request(&s, 0);
    expect_request(&s, 1);
    end(&s);
}

static void fields_beyond_the_table_are_literals(void **state)
{
    static char large[8000];
    memset(large, 'v', sizeof large);
    const struct http2_field fields[] = { FIELD(":method", "GET"),
                                          FIELD(":scheme", "http"),
                                          FIELD(":path", "/"),
                                          { "x-large", large, 7, sizeof large },
                                          FIELD("x-small", "1") };
    struct scene s = begin_with(state, request_of(fields, N_OF(fields)), request_of(fields, N_OF(fields)));
    expect_request(&s, 0);
    assert_in_range(expect_request(&s, 1), 8000, 8020);
    end(&s);
}

/* An entry takes 32 bytes more than its name and value (RFC 7541 section 4.1). */
static void the_table_is_used_to_its_last_byte(void **state)
{
    static char large[4096];
    struct http2_field fields[] = { FIELD(":method", "GET"), { "x-large", large, 7, 4096 - 32 - 7 } };
    memset(large, 'v', sizeof large);
    for (int is_beyond = 0; is_beyond < 2; is_beyond++) {
        fields[1].value_bytes += (uint32_t)is_beyond;
        struct scene s =
            begin_with(state, request_of(fields, N_OF(fields)), request_of(fields, N_OF(fields)));
        expect_request(&s, 0);
        assert_int_equal(expect_request(&s, 1) > N_OF(fields), is_beyond);
        end(&s);
    }
}

/* The frames of a block of more than 16 KiB, put together. */
static void a_long_block_goes_on_in_continuations(void **state)
{
    static char large[40000];
    static unsigned char block[41000];
    memset(large, 'v', sizeof large);
    const struct http2_field fields[] = { FIELD(":method", "GET"), { "x-large", large, 7, sizeof large } };
    const struct http2_request request = request_of(fields, N_OF(fields));
    struct peer *p = peer_new(state);
    nghttp2_hd_inflater *inflater;
    struct sent frame = { 0 }, whole = { .bytes = block };
    assert_int_equal(nghttp2_hd_inflate_new(&inflater), 0);
    assert_int_equal(p->h->kind->submit(p->h, &p->streams[0], &request), 0);
    do {
        assert_true(peer_sent(p, &frame));
        assert_int_equal(frame.type, whole.n_bytes ? CONTINUATION : HEADERS);
        assert_int_equal(frame.id, 1);
        assert_true(frame.n_bytes <= 16384);
        memcpy(block + whole.n_bytes, frame.bytes, frame.n_bytes);
        whole.n_bytes += frame.n_bytes;
    } while (!(frame.flags & END_HEADERS));
    expect_fields(inflater, &whole, &request);
    nghttp2_hd_inflate_del(inflater);
    peer_free(p);
}

/* Appendix A of RFC 7541: every entry that requests may have. */
static void static_fields_are_found(void **state)
{
    nghttp2_hd_inflater *inflater;
    (void)state;
    assert_int_equal(nghttp2_hd_inflate_new(&inflater), 0);
    for (unsigned char i = 1; i <= HPACK_STATIC_ENTRIES; i++) {
        const unsigned char block = 0x80 | i;
        unsigned char encoded[64];
        nghttp2_nv nv;
        int flags = 0;
        assert_int_equal(nghttp2_hd_inflate_hd2(inflater, &nv, &flags, &block, 1, 1), 1);
        const struct http2_field field = { (const char *)nv.name, (const char *)nv.value,
                                           (uint32_t)nv.namelen, (uint32_t)nv.valuelen };
        const struct hpack_static found = hpack_find(&field);
        if (found.index > 0 && nv.valuelen > 0) {
            assert_true(found.is_whole);
            assert_int_equal(found.index, i);
            assert_ptr_equal(hpack_put_field(encoded, &field), encoded + 1);
            assert_int_equal(encoded[0], block);
        } else if (found.index > 0) {
            assert_false(found.is_whole);
            assert_int_equal(found.index, i);
        } else { /* of responses only */
            assert_true((i >= 8 && i <= 14) || i == 53 || i == 56 || i == 61);
        }
        nghttp2_hd_inflate_end_headers(inflater);
    }
    nghttp2_hd_inflate_del(inflater);
}

static void other_values_of_a_name_are_not_found(void **state)
{
    static const struct http2_field fields[] = {
        FIELD(":method", "PUT"),   FIELD(":method", "GETS"), FIELD(":method", "GE"),
        FIELD(":scheme", "httpx"), FIELD(":path", "?"),      FIELD(":path", ""),
    };
    (void)state;
    for (size_t i = 0; i < N_OF(fields); i++) {
        const struct hpack_static found = hpack_find(&fields[i]);
        assert_true(found.index > 0);
        assert_false(found.is_whole);
    }
}

static void no_block_is_longer_than_foreseen(void **state)
{
    static char text[9000];
    static unsigned char encoded[2 * sizeof text];
    memset(text, 'x', sizeof text);
    (void)state;
    for (uint32_t n = 0; n < sizeof text; n += n < 300 ? 1 : 997) {
        const struct http2_field field = { text, text, n, n };
        const struct http2_request request = request_of(&field, 1);
        const unsigned char *end = hpack_put_field(hpack_put_size(encoded, 4096), &field);
        assert_true((size_t)(end - encoded) <= hpack_most_bytes(&request));
    }
}

static void other_names_are_not_found(void **state)
{
    static const char *const names[] = {
        "", "a", "x-own", ":path2", "accept-encodinh", "a-name-of-many-bytes-indeed-it-is"
    };
    (void)state;
    for (size_t i = 0; i < N_OF(names); i++) {
        const struct http2_field field = { names[i], "", (uint32_t)strlen(names[i]), 0 };
        assert_int_equal(hpack_find(&field).index, 0);
    }
}

#define FRAMES_TEST(test) PEER_TEST_OF(test, "frames", http2_frames)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRAMES_TEST(prepared_requests_arrive_in_any_order),
        FRAMES_TEST(a_get_takes_a_byte_per_field_from_the_second_on),
        FRAMES_TEST(fields_that_another_lacks_or_has_elsewhere_are_literals),
        FRAMES_TEST(requests_without_fields_do_not_count),
        FRAMES_TEST(a_table_of_the_first_size_is_used),
        FRAMES_TEST(a_small_table_of_the_peer_is_left_alone),
        FRAMES_TEST(a_new_connection_begins_with_the_first_blocks),
        FRAMES_TEST(fields_beyond_the_table_are_literals),
        FRAMES_TEST(the_table_is_used_to_its_last_byte),
        FRAMES_TEST(a_long_block_goes_on_in_continuations),
        cmocka_unit_test(static_fields_are_found),
        cmocka_unit_test(other_names_are_not_found),
        cmocka_unit_test(other_values_of_a_name_are_not_found),
        cmocka_unit_test(no_block_is_longer_than_foreseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
