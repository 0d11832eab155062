/* Encodings that are broken, or beyond what may be read. */
#include "err.h"

#include "cm.h"
#include "made_encoding.h"

#include <stdlib.h>

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
        cmocka_unit_test(a_payload_beyond_the_layout_is_refused),
        cmocka_unit_test(counts_that_add_up_to_more_than_63_bits_are_refused),
        cmocka_unit_test(broken_encodings_give_one_sentence_each),
        cmocka_unit_test(a_histogram_of_another_layout_is_named_and_refused),
        cmocka_unit_test(every_flipped_bit_is_noticed_or_harmless),
        cmocka_unit_test(a_longer_payload_than_ours_can_have_is_read),
        cmocka_unit_test(what_is_too_short_says_of_what),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
