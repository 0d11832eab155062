/* Header compression: the examples of RFC 7541, appendix C, as responses; and requests as a server reads
 * them, whatever table it allows. */
#include "peer.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>

enum { HEADER_TABLE_SIZE = 1 };

/* Bytes written in hexadecimal, as the RFC has them; blanks do not count. */
static size_t from_hex(unsigned char *out, const char *hex)
{
    size_t n = 0;
    for (; *hex; hex++) {
        unsigned byte;
        if (*hex == ' ')
            continue;
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        out[n++] = (unsigned char)byte;
        hex++;
    }
    return n;
}

/* The next response has this block and these fields. */
static void expect_fields(struct peer *p, uint32_t id, const char *hex, uint16_t status,
                          struct plan_header *fields, size_t n_fields)
{
    unsigned char block[1024];
    p->expect.headers = fields;
    p->expect.n_headers = (uint32_t)n_fields;
    peer_submit(p, 0);
    peer_frame(p, HEADERS, END_STREAM | END_HEADERS, id, block, from_hex(block, hex));
    assert_int_equal(peer_feed(p), 0);
    peer_expect_done(p, 0, status);
    assert_int_equal(exchange_outcome(&p->streams[0].exchange), OUTCOME_OK);
}

#define FIELD(n, v)                                                                                          \
    {                                                                                                        \
        (char[]){ n }, (char[])                                                                              \
        {                                                                                                    \
            v                                                                                                \
        }                                                                                                    \
    }

/* Table of 256 bytes, as the examples have it, set by an update in front of the first block. */
static void responses_of_appendix_c(struct peer *p, const char *const *hex)
{
    char first[1024];
    struct plan_header of_first[] = { FIELD("cache-control", "private"),
                                      FIELD("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
                                      FIELD("location", "https://www.example.com") };
    struct plan_header of_third[] = {
        FIELD("date", "Mon, 21 Oct 2013 20:13:22 GMT"),
        FIELD("cache-control", "private"),
        FIELD("location", "https://www.example.com"),
        FIELD("content-encoding", "gzip"),
        FIELD("set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"),
    };
    snprintf(first, sizeof first, "3fe101 %s", hex[0]);
    expect_fields(p, 1, first, 302, of_first, N_OF(of_first));
    expect_fields(p, 3, hex[1], 307, of_first, N_OF(of_first));
    expect_fields(p, 5, hex[2], 200, of_third, N_OF(of_third));
    peer_free(p);
}

static void examples_without_huffman_code(void **state)
{
    static const char *const hex[] = {
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 "
        "3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 "
        "7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 "
        "6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
    };
    responses_of_appendix_c(peer_new(state), hex);
}

static void examples_with_huffman_code(void **state)
{
    static const char *const hex[] = {
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad "
        "1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 "
        "e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
    };
    responses_of_appendix_c(peer_new(state), hex);
}

/* Sections C.1.2 and C.2: a number of several bytes, and the forms of a literal. */
static void forms_of_literals(void **state)
{
    struct peer *p = peer_new(state);
    struct plan_header custom[] = { FIELD("custom-key", "custom-header") };
    struct plan_header secret[] = { FIELD("password", "secret") };
    struct plan_header sample[] = { FIELD("sample", "value") };
    expect_fields(p, 1, "3f9a0a 88 400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", 200,
                  custom, 1);
    expect_fields(p, 3, "88 1008 7061 7373 776f 7264 0673 6563 7265 74", 200, secret, 1);
    expect_fields(p, 5, "88 0006 7361 6d70 6c65 0576 616c 7565", 200, sample, 1);
    expect_fields(p, 7, "88 be", 200, custom, 1); /* the only one that entered the table */
    peer_free(p);
}

static void the_table_forgets_what_a_smaller_one_cannot_hold(void **state)
{
    struct peer *p = peer_new(state);
    struct plan_header custom[] = { FIELD("custom-key", "custom-header") };
    unsigned char block[8];
    expect_fields(p, 1, "88 400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", 200, custom,
                  1);
    p->expect.n_headers = 0;
    expect_fields(p, 3, "20 3fe11f 88", 200, NULL, 0); /* no table, then one of 4 096 bytes again */
    peer_submit(p, 0);
    peer_frame(p, HEADERS, END_HEADERS, 5, block, from_hex(block, "88be"));
    peer_expect_broken(p);
    peer_free(p);
}

/* Requests */

struct reader {
    nghttp2_hd_inflater *inflater;
    char text[8192];
};

/* The next request as the server reads it: "name: value\n". */
static const char *read_request(struct peer *p, struct reader *r, uint32_t id)
{
    struct sent frame = peer_sent_of(p, HEADERS, id);
    size_t at = 0, n = 0;
    assert_true(frame.flags & END_HEADERS);
    for (;;) {
        nghttp2_nv field;
        int flags = 0;
        const ssize_t used =
            nghttp2_hd_inflate_hd2(r->inflater, &field, &flags, frame.bytes + at, frame.n_bytes - at, 1);
        assert_true(used >= 0);
        at += (size_t)used;
        if (flags & NGHTTP2_HD_INFLATE_EMIT)
            n += (size_t)snprintf(r->text + n, sizeof r->text - n, "%s: %s\n", field.name, field.value);
        if (flags & NGHTTP2_HD_INFLATE_FINAL)
            break;
        assert_true(flags & NGHTTP2_HD_INFLATE_EMIT || used > 0);
    }
    nghttp2_hd_inflate_end_headers(r->inflater);
    return r->text;
}

static void submit_fields(struct peer *p, int i, int number)
{
    char path[32], made[32], long_one[600];
    const int path_bytes = snprintf(path, sizeof path, "/%d", number);
    const int made_bytes = snprintf(made, sizeof made, "value %d", number);
    memset(long_one, 'a' + number % 26, sizeof long_one);
    const struct http2_field fields[] = {
        { ":method", number % 2 ? "GET" : "DELETE", 7, number % 2 ? 3 : 6 },
        { ":scheme", "https", 7, 5 },
        { ":path", path, 5, (uint32_t)path_bytes },
        { ":authority", "example.org", 10, 11 },
        { "user-agent", "loadgen", 10, 7 },
        { "x-made", made, 6, (uint32_t)made_bytes },
        { "x-long", long_one, 6, sizeof long_one },
        { "x-empty", "", 7, 0 },
        { "authorization", "Basic abc", 13, 9 },
    };
    const struct http2_request request = { .fields = fields, .n_fields = N_OF(fields) };
    assert_int_equal(p->h->kind->submit(p->h, &p->streams[i], &request), 0);
}

static void expect_request(struct peer *p, struct reader *r, uint32_t id, int number)
{
    char wanted[2048], long_one[601] = "";
    memset(long_one, 'a' + number % 26, 600);
    snprintf(wanted, sizeof wanted,
             ":method: %s\n:scheme: https\n:path: /%d\n:authority: example.org\nuser-agent: loadgen\n"
             "x-made: value %d\nx-long: %s\nx-empty: \nauthorization: Basic abc\n",
             number % 2 ? "GET" : "DELETE", number, number, long_one);
    assert_string_equal(read_request(p, r, id), wanted);
}

static void reader_init(struct reader *r)
{
    assert_int_equal(nghttp2_hd_inflate_new(&r->inflater), 0);
}

static void requests_arrive_as_they_were_submitted(void **state)
{
    struct peer *p = peer_new(state);
    struct reader r;
    reader_init(&r);
    for (int i = 0; i < 200; i++) {
        submit_fields(p, i, i);
        expect_request(p, &r, (uint32_t)i * 2 + 1, i);
    }
    nghttp2_hd_inflate_del(r.inflater);
    peer_free(p);
}

/* The server's table of any size, changed at any time (RFC 7541 section 4.2). */
static void requests_follow_the_servers_table(void **state)
{
    static const uint32_t sizes[] = { 0, 4096, 100, 0, 1, 64, 256, 1000, 0, 65536, 4096 };
    struct peer *p = peer_new(state);
    struct reader r;
    int number = 0;
    reader_init(&r);
    for (size_t i = 0; i < N_OF(sizes); i++) {
        peer_settings(p, 2, (const uint32_t[]){ HEADER_TABLE_SIZE, sizes[i] });
        assert_int_equal(peer_feed(p), 0);
        peer_sent_of(p, SETTINGS, 0);
        assert_int_equal(nghttp2_hd_inflate_change_table_size(r.inflater, sizes[i]), 0);
        for (int k = 0; k < 5; k++, number++) {
            submit_fields(p, number, number);
            expect_request(p, &r, (uint32_t)number * 2 + 1, number);
        }
    }
    nghttp2_hd_inflate_del(r.inflater);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(examples_without_huffman_code),
        PEER_TEST(examples_with_huffman_code),
        PEER_TEST(forms_of_literals),
        PEER_TEST(the_table_forgets_what_a_smaller_one_cannot_hold),
        PEER_TEST(requests_arrive_as_they_were_submitted),
        PEER_TEST(requests_follow_the_servers_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
