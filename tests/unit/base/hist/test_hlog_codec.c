/* Published vectors come from the test suites of HdrHistogram for Java, C, Go, Python and JavaScript
 * (https://hdrhistogram.org). What zlib makes of the same bytes differs by version, so histograms are
 * compared by their counters, never by their text. */
#include "base64.h"
#include "err.h"
#include "hist.h"
#include "hlog_codec.h"
#include "hlog_format.h"

#include "cm.h"
#include "layout_bins.h"
#include "same_hist.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct codec {
    struct hlog_encoder *encoder;
    struct hlog_decoder *decoder;
};

static int make(void **state)
{
    static struct codec codec;
    codec = (struct codec){ hlog_encoder_new(), hlog_decoder_new() };
    *state = &codec;
    return codec.encoder && codec.decoder ? 0 : -1;
}

static int drop(void **state)
{
    struct codec *c = *state;
    hlog_encoder_free(c->encoder);
    hlog_decoder_free(c->decoder);
    return 0;
}

/* An encoding made by hand, with whatever is wrong about it. */
struct made {
    uint32_t outer_cookie, inner_cookie, stated_payload_bytes, offset, digits;
    uint64_t lowest, highest, ratio;
    const char *payload;
    size_t payload_bytes;
    int stated_stream_bytes_more; /* added to the length in the outer header */
};

static const struct made sound = {
    .outer_cookie = HLOG_OUTER_COOKIE,
    .inner_cookie = HLOG_INNER_COOKIE,
    .stated_payload_bytes = 2,
    .digits = 3,
    .lowest = 1,
    .highest = HIST_HIGHEST_NS,
    .ratio = HLOG_RATIO_ONE,
    .payload = "\x53\x02",
    .payload_bytes = 2,
};

static size_t make_text(const struct made *m, char *text)
{
    uint8_t raw[4096] = { 0 };
    uint8_t packed[4096];
    uLongf stream_bytes = sizeof packed - HLOG_OUTER_BYTES;
    hlog_put_u32(raw, m->inner_cookie);
    hlog_put_u32(raw + HLOG_AT_PAYLOAD_LENGTH, m->stated_payload_bytes);
    hlog_put_u32(raw + 8, m->offset);
    hlog_put_u32(raw + HLOG_AT_DIGITS, m->digits);
    hlog_put_u64(raw + HLOG_AT_LOWEST, m->lowest);
    hlog_put_u64(raw + HLOG_AT_HIGHEST, m->highest);
    hlog_put_u64(raw + HLOG_AT_RATIO, m->ratio);
    memcpy(raw + HLOG_HEADER_BYTES, m->payload, m->payload_bytes);
    compress(packed + HLOG_OUTER_BYTES, &stream_bytes, raw, HLOG_HEADER_BYTES + m->payload_bytes);
    hlog_put_u32(packed, m->outer_cookie);
    hlog_put_u32(packed + 4, (uint32_t)((int)stream_bytes + m->stated_stream_bytes_more));
    base64_encode(packed, HLOG_OUTER_BYTES + stream_bytes, text);
    return base64_text_bytes(HLOG_OUTER_BYTES + stream_bytes);
}

/* The one sentence that a broken text gives. */
static const char *sentence(struct codec *c, const char *text, size_t length)
{
    static struct err e;
    struct hist *h = hist_new();
    e.text[0] = '\0';
    assert_int_equal(hlog_add_to(c->decoder, text, length, h, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    hist_free(h);
    return e.text;
}

static const char *sentence_of(struct codec *c, const struct made *m)
{
    char text[4096];
    return sentence(c, text, make_text(m, text));
}

static void assert_payload(struct codec *c, const struct hist *h, const char *payload, size_t payload_bytes)
{
    size_t length;
    size_t packed_bytes;
    uint8_t packed[1024];
    uint8_t raw[1024];
    uLongf raw_bytes = sizeof raw;
    const char *text = hlog_encode(c->encoder, h, &length);
    assert_memory_equal(text, "HISTFAAA", 8);
    assert_int_equal(base64_decode(text, length, packed, &packed_bytes), 0);
    assert_int_equal(hlog_get_u32(packed), 0x1c849314);
    assert_int_equal(hlog_get_u32(packed + 4), packed_bytes - 8);
    assert_int_equal(uncompress(raw, &raw_bytes, packed + 8, packed_bytes - 8), Z_OK);
    assert_int_equal(raw_bytes, 40 + payload_bytes);
    assert_memory_equal(raw, "\x1c\x84\x93\x13", 4);
    assert_int_equal(hlog_get_u32(raw + 4), payload_bytes);
    assert_int_equal(hlog_get_u32(raw + 8), 0);
    assert_int_equal(hlog_get_u32(raw + 12), 3);
    assert_int_equal(hlog_get_u64(raw + 16), 1);
    assert_int_equal(hlog_get_u64(raw + 24), HIST_HIGHEST_NS);
    assert_memory_equal(raw + 32, "\x3f\xf0\0\0\0\0\0\0", 8);
    assert_memory_equal(raw + 40, payload, payload_bytes);
}

static void payloads_are_the_published_ones(void **state)
{
    struct hist *h = hist_new();
    hist_add(h, 42);
    assert_payload(*state, h, "\x53\x02", 2);
    hist_clear(h);
    for (int i = 0; i < 10000; i++)
        hist_add(h, 1000);
    hist_add(h, 100000000);
    assert_payload(*state, h, "\xcf\x0f\xa0\x9c\x01\x97\x88\x02\x02", 9);
    hist_free(h);
}

static void an_empty_histogram_has_a_payload(void **state)
{
    struct codec *c = *state;
    struct hist *h = hist_new();
    struct err e;
    size_t length;
    assert_payload(c, h, "\x01", 1);
    const char *text = hlog_encode(c->encoder, h, &length);
    assert_int_equal(hlog_add_to(c->decoder, text, length, h, &e), 0);
    assert_int_equal(h->n, 0);
    hist_free(h);
}

static void the_vector_with_the_value_42_decodes(void **state)
{
    static const char text[] = "HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM=";
    struct codec *c = *state;
    struct hlog_bins bins;
    struct err e;
    uint32_t index;
    uint64_t count;
    assert_int_equal(hlog_unpack(c->decoder, text, sizeof text - 1, &bins, &e), 0);
    assert_true(next_bin(&bins, &index, &count));
    assert_int_equal(layout_lowest(&bins.layout, index), 42);
    assert_int_equal(layout_highest(&bins.layout, index), 42);
    assert_int_equal(count, 1);
    assert_false(next_bin(&bins, &index, &count));
}

static void counters_survive_both_ways(void **state)
{
    struct codec *c = *state;
    struct hist *in = hist_new();
    struct hist *out = hist_new();
    struct err e;
    size_t length;
    for (uint64_t round = 0; round < 4; round++) {
        hist_clear(in);
        hist_clear(out);
        for (uint64_t v = round; v < HIST_HIGHEST_NS; v += v / (3 + 40 * round) + 1)
            hist_add(in, v);
        hist_add_bin(in, 5000, UINT64_C(1) << 60);
        hist_add(in, UINT64_MAX);
        const char *text = hlog_encode(c->encoder, in, &length);
        assert_int_equal(hlog_add_to(c->decoder, text, length, out, &e), 0);
        assert_same_counts(in, out);
        assert_int_equal(in->n, out->n);
        assert_int_equal(hist_first(in), hist_first(out));
        assert_int_equal(hist_last(in), hist_last(out));
        assert_int_equal(hist_value_at_ppm(in, 990000), hist_value_at_ppm(out, 990000));
    }
    hist_free(in);
    hist_free(out);
}

/* 2^63 - 1 is the most that a log holds. */
static void counts_add_up_to_as_much_as_63_bits_hold(void **state)
{
    struct codec *c = *state;
    for (uint64_t more = 0; more <= 1; more++) {
        struct hist *in = hist_new(), *out = hist_new();
        struct err e;
        size_t length;
        hist_add_bin(in, 5000, INT64_MAX);
        hist_add_bin(out, 7, more);
        const char *text = hlog_encode(c->encoder, in, &length);
        assert_int_equal(hlog_add_to(c->decoder, text, length, out, &e), more ? -1 : 0);
        if (more)
            assert_string_equal(e.text, "the histogram is broken: its counts add up to more than 2^63 - 1");
        else
            assert_int_equal(out->n, INT64_MAX);
        hist_free(in);
        hist_free(out);
    }
}

static void decoding_adds_to_what_is_there(void **state)
{
    struct codec *c = *state;
    struct hist *h = hist_new();
    struct err e;
    size_t length;
    hist_add(h, 7);
    hist_add(h, 7000);
    const char *text = hlog_encode(c->encoder, h, &length);
    assert_int_equal(hlog_add_to(c->decoder, text, length, h, &e), 0);
    assert_int_equal(h->n, 4);
    assert_int_equal(hist_count(h, 7), 2);
    hist_free(h);
}

static void known_quirks_of_other_writers_are_read(void **state)
{
    struct made quirks[] = { sound, sound, sound, sound, sound };
    struct codec *c = *state;
    struct err e;
    quirks[1].stated_payload_bytes = 42; /* Python: the header counted in */
    quirks[2].offset = 1;                /* JavaScript and Go: an offset and a denormal ratio */
    quirks[2].ratio = 1;
    quirks[3].inner_cookie &= ~HLOG_WORD_SIZE;
    quirks[4].payload_bytes = quirks[4].stated_payload_bytes = 0; /* Go: an empty histogram has no payload */
    for (size_t i = 0; i < N_OF(quirks); i++) {
        char text[4096];
        struct hist *h = hist_new();
        assert_int_equal(hlog_add_to(c->decoder, text, make_text(&quirks[i], text), h, &e), 0);
        assert_int_equal(h->n, i < 4 ? 1 : 0);
        assert_int_equal(hist_count(h, 42), i < 4 ? 1 : 0);
        hist_free(h);
    }
}

static void a_payload_beyond_the_layout_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
    } payloads[] = {
        { "\xff\x8f\x04\x02", 4 },                          /* 33 792 empty bins and one more */
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10 }, /* 2^63 empty bins */
        { "\x53\x80", 2 },                                  /* the second number goes on */
    };
    struct codec *c = *state;
    for (size_t i = 0; i < N_OF(payloads); i++) {
        struct made m = sound;
        m.payload = payloads[i].bytes;
        m.payload_bytes = m.stated_payload_bytes = (uint32_t)payloads[i].n;
        assert_non_null(
            strstr(sentence_of(c, &m), i < 2 ? "more counters than its layout has" : "cut short"));
    }
}

/* Its sums would be those of another histogram, or none. */
static void counts_that_add_up_to_more_than_63_bits_are_refused(void **state)
{
    static const char twice_2_62[] =
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80";
    struct codec *c = *state;
    struct hist *h = hist_new();
    struct err e;
    char text[4096];
    struct made m = sound;
    m.payload = twice_2_62;
    for (uint32_t n = 2; n <= 4; n++) { /* four of them make 0 in 64 bits */
        m.payload_bytes = m.stated_payload_bytes = 9 * n;
        assert_string_equal(sentence_of(c, &m),
                            "the histogram is broken: its counts add up to more than 2^63 - 1");
    }
    m.payload_bytes = m.stated_payload_bytes = 9;
    assert_int_equal(hlog_add_to(c->decoder, text, make_text(&m, text), h, &e), 0);
    assert_true(h->n == UINT64_C(1) << 62);
    assert_int_equal(hlog_add_to(c->decoder, text, make_text(&m, text), h, &e), -1); /* with what is there */
    hist_free(h);
}

/* A single empty bin is a count of 0 to some writers, and nothing says how many bytes a number may take. */
static void zeros_and_long_numbers_are_read_as_they_are_meant(void **state)
{
    struct codec *c = *state;
    struct err e;
    char text[4096];
    struct hist *h = hist_new();
    struct made m = sound;
    m.payload = "\x4f\x00\x80\x00\x82\x00\x00";
    m.payload_bytes = m.stated_payload_bytes = 7;
    assert_int_equal(hlog_add_to(c->decoder, text, make_text(&m, text), h, &e), 0);
    assert_int_equal(h->n, 1);
    assert_int_equal(h->counts[42], 1);
    assert_int_equal(hist_first(h), 42);
    assert_int_equal(hist_last(h), 42);
    hist_free(h);
}

static void broken_encodings_give_one_sentence_each(void **state)
{
    struct codec *c = *state;
    struct made m = sound;
    m.outer_cookie = 0x1c849302;
    assert_non_null(strstr(sentence_of(c, &m), "V2 compressed encoding"));
    m = sound;
    m.inner_cookie = 0x1c849301;
    assert_non_null(strstr(sentence_of(c, &m), "cookie"));
    m = sound;
    m.digits = 9;
    assert_non_null(strstr(sentence_of(c, &m), "no layout from 1 to 3600000000000 with 9 digits"));
    m = sound;
    m.stated_payload_bytes = 3;
    assert_non_null(strstr(sentence_of(c, &m), "its stated length"));
    m = sound;
    m.stated_stream_bytes_more = 1;
    assert_non_null(strstr(sentence_of(c, &m), "cut short"));
    m = sound;
    m.stated_stream_bytes_more = -1;
    assert_non_null(strstr(sentence_of(c, &m), "behind its end"));
    assert_non_null(strstr(sentence(c, "", 0), "cut short"));
    assert_non_null(strstr(sentence(c, "HIST", 4), "cut short"));
    assert_non_null(strstr(sentence(c, "HIST*AAA", 8), "not Base64"));
}

static void a_histogram_of_another_layout_is_named_and_refused(void **state)
{
    struct codec *c = *state;
    struct made m = sound;
    m.lowest = 1000;
    assert_string_equal(sentence_of(c, &m),
                        "the histogram goes from 1000 to 3600000000000 with 3 digits; it must go from 1 to "
                        "3600000000000 with 3");
}

static void every_flipped_bit_is_noticed_or_harmless(void **state)
{
    struct codec *c = *state;
    char text[4096];
    uint8_t packed[4096];
    size_t packed_bytes;
    const size_t length = make_text(&sound, text);
    assert_int_equal(base64_decode(text, length, packed, &packed_bytes), 0);
    for (size_t bit = 0; bit < 8 * packed_bytes; bit++) {
        struct hist *h = hist_new();
        struct err e;
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        base64_encode(packed, packed_bytes, text);
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (hlog_add_to(c->decoder, text, length, h, &e) == 0)
            assert_true(h->n == 1 && hist_count(h, 42) == 1);
        hist_free(h);
    }
}

/* A layout of five digits has more counters than ours, and so may have a longer payload than ours could. */
static void a_longer_payload_than_ours_can_have_is_read(void **state)
{
    enum { N = 700000, TEXT_BYTES = 4 * N };
    struct codec *c = *state;
    struct hlog_bins bins = { 0 };
    struct err e;
    uint8_t *raw = calloc(1, HLOG_HEADER_BYTES + N);
    uint8_t *packed = calloc(1, 2 * N);
    char *text = malloc(TEXT_BYTES);
    uLongf stream_bytes = 2 * N - HLOG_OUTER_BYTES;
    assert_true(raw && packed && text);
    hlog_put_u32(raw, HLOG_INNER_COOKIE);
    hlog_put_u32(raw + HLOG_AT_PAYLOAD_LENGTH, N);
    hlog_put_u32(raw + HLOG_AT_DIGITS, 5);
    hlog_put_u64(raw + HLOG_AT_LOWEST, 1);
    hlog_put_u64(raw + HLOG_AT_HIGHEST, HIST_HIGHEST_NS);
    hlog_put_u64(raw + HLOG_AT_RATIO, HLOG_RATIO_ONE);
    memset(raw + HLOG_HEADER_BYTES, 2, N); /* a count of one each */
    assert_int_equal(compress(packed + HLOG_OUTER_BYTES, &stream_bytes, raw, HLOG_HEADER_BYTES + N), Z_OK);
    hlog_put_u32(packed, HLOG_OUTER_COOKIE);
    hlog_put_u32(packed + 4, (uint32_t)stream_bytes);
    base64_encode(packed, HLOG_OUTER_BYTES + stream_bytes, text);
    const size_t length = base64_text_bytes(HLOG_OUTER_BYTES + stream_bytes);
    if (hlog_unpack(c->decoder, text, length, &bins, &e))
        fail_msg("%s", e.text);
    assert_int_equal(bins.layout.digits, 5);
    hlog_put_u32(packed + 4, (uint32_t)stream_bytes - 5);
    base64_encode(packed, HLOG_OUTER_BYTES + stream_bytes - 5, text);
    assert_string_equal(sentence(c, text, base64_text_bytes(HLOG_OUTER_BYTES + stream_bytes - 5)),
                        "the histogram is broken: its zlib stream is cut short");
    free(raw);
    free(packed);
    free(text);
}

static void what_is_too_short_says_of_what(void **state)
{
    static const struct {
        size_t raw_bytes; /* of the stream's contents; 0: no stream at all */
        const char *sentence;
    } cases[] = {
        { 0, "the histogram is broken: its zlib stream is cut short" },
        { HLOG_HEADER_BYTES - 1, "the histogram is broken: it is shorter than its header" },
        { HLOG_HEADER_BYTES, "the histogram is broken: the cookie of the V2 encoding is missing" },
    };
    struct codec *c = *state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const uint8_t raw[HLOG_HEADER_BYTES] = { 0 };
        uint8_t packed[256];
        char text[512];
        uLongf stream_bytes = cases[i].raw_bytes > 0 ? sizeof packed - HLOG_OUTER_BYTES : 0;
        if (stream_bytes > 0)
            compress(packed + HLOG_OUTER_BYTES, &stream_bytes, raw, cases[i].raw_bytes);
        hlog_put_u32(packed, HLOG_OUTER_COOKIE);
        hlog_put_u32(packed + 4, (uint32_t)stream_bytes);
        base64_encode(packed, HLOG_OUTER_BYTES + stream_bytes, text);
        assert_string_equal(sentence(c, text, base64_text_bytes(HLOG_OUTER_BYTES + stream_bytes)),
                            cases[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_are_the_published_ones),
        cmocka_unit_test(an_empty_histogram_has_a_payload),
        cmocka_unit_test(the_vector_with_the_value_42_decodes),
        cmocka_unit_test(counters_survive_both_ways),
        cmocka_unit_test(counts_add_up_to_as_much_as_63_bits_hold),
        cmocka_unit_test(decoding_adds_to_what_is_there),
        cmocka_unit_test(known_quirks_of_other_writers_are_read),
        cmocka_unit_test(a_payload_beyond_the_layout_is_refused),
        cmocka_unit_test(counts_that_add_up_to_more_than_63_bits_are_refused),
        cmocka_unit_test(zeros_and_long_numbers_are_read_as_they_are_meant),
        cmocka_unit_test(broken_encodings_give_one_sentence_each),
        cmocka_unit_test(a_histogram_of_another_layout_is_named_and_refused),
        cmocka_unit_test(every_flipped_bit_is_noticed_or_harmless),
        cmocka_unit_test(a_longer_payload_than_ours_can_have_is_read),
        cmocka_unit_test(what_is_too_short_says_of_what),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
