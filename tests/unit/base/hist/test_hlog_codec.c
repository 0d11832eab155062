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
#include "made_encoding.h"
#include "same_hist.h"

#include <zlib.h>

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
    uint32_t index = 0;
    uint64_t count = 0;
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
        cmocka_unit_test(zeros_and_long_numbers_are_read_as_they_are_meant),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
