#include "cm.h"
#include "decoder.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BODY_BYTES_MOST = 64 * 1024, FRAME_GZIP = 31, FRAME_ZLIB = 15, FRAME_NONE = -15 };

struct coder {
    struct buffers buffers;
    struct decoders decoders;
    struct buffer out;
};

static struct coder coder;

static int begin(void **state)
{
    (void)state;
    coder = (struct coder){ .out = { 0 } };
    return 0;
}

static int end(void **state)
{
    (void)state;
    buffer_release(&coder.buffers, &coder.out);
    buffers_fini(&coder.buffers);
    decoders_fini(&coder.decoders);
    assert_int_equal(coder.buffers.held_bytes, 0);
    return 0;
}

static size_t deflated(const char *text, size_t n_bytes, int frame, char *out, size_t room)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, frame, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)text;
    z.avail_in = (uInt)n_bytes;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

/* In pieces of `step` bytes, 0: one. */
static const char *decoded(enum coding coding, const char *bytes, size_t n_bytes, size_t step)
{
    const char *cause = NULL;
    struct decoder *d = decoder_take(&coder.decoders, coding);
    assert_non_null(d);
    coder.out.n_bytes = 0;
    for (size_t at = 0; at < n_bytes && !cause;) {
        const size_t n = step > 0 && step < n_bytes - at ? step : n_bytes - at;
        cause = decoder_feed(d, bytes + at, n, &coder.buffers, &coder.out, BODY_BYTES_MOST);
        at += n;
    }
    if (!cause)
        cause = decoder_end(d);
    decoder_release(&coder.decoders, d);
    return cause;
}

static void assert_decoded(enum coding coding, const char *bytes, size_t n_bytes, const char *wanted)
{
    for (size_t step = 0; step <= n_bytes; step++) {
        assert_null(decoded(coding, bytes, n_bytes, step));
        assert_int_equal(coder.out.n_bytes, strlen(wanted));
        assert_memory_equal(coder.out.bytes, wanted, strlen(wanted));
    }
}

static const char text[] = "{\"token\":\"abc\",\"items\":[{\"id\":1},{\"id\":2},{\"id\":3}]}";
/* "hello, hello, hello" */
static const char in_br[] =
    "\x1f\x12\x00\xf8\x8d\x94\x6e\xde\x44\x09\x52\x86\x96\x6c\x2c\x6f\x11\x4f\x24\xd0\x71\x00";

static void codings_are_undone_however_the_bytes_are_cut(void **state)
{
    static const int frames[] = { FRAME_GZIP, FRAME_ZLIB, FRAME_NONE };
    char bytes[200];
    (void)state;
    for (size_t i = 0; i < N_OF(frames); i++) {
        const size_t n = deflated(text, sizeof text - 1, frames[i], bytes, sizeof bytes);
        assert_decoded(i == 0 ? CODING_GZIP : CODING_DEFLATE, bytes, n, text);
    }
    assert_decoded(CODING_BR, in_br, sizeof in_br - 1, "hello, hello, hello");
}

static void members_of_gzip_follow_each_other(void **state)
{
    char bytes[300];
    (void)state;
    size_t n = deflated("ab", 2, FRAME_GZIP, bytes, sizeof bytes);
    n += deflated("cd", 2, FRAME_GZIP, bytes + n, sizeof bytes - n);
    assert_decoded(CODING_GZIP, bytes, n, "abcd");
    bytes[n] = 'x';
    assert_string_equal(decoded(CODING_GZIP, bytes, n + 1, 0),
                        "the body has more bytes behind its coded data");
}

static void what_is_cut_or_changed_is_named(void **state)
{
    char bytes[200];
    (void)state;
    const size_t n = deflated(text, sizeof text - 1, FRAME_GZIP, bytes, sizeof bytes);
    for (size_t cut = 1; cut < n; cut++)
        for (size_t step = 0; step < 3; step++)
            assert_string_equal(decoded(CODING_GZIP, bytes, cut, step),
                                "the body's coded data ends too soon");
    bytes[n - 6] ^= 1; /* the checksum */
    assert_string_equal(decoded(CODING_GZIP, bytes, n, 0), "the body is not what gzip makes");
    assert_string_equal(decoded(CODING_GZIP, text, sizeof text - 1, 0), "the body is not what gzip makes");
    assert_string_equal(decoded(CODING_DEFLATE, "\xff\xff\xff", 3, 1), "the body is not what deflate makes");
    assert_string_equal(decoded(CODING_DEFLATE, "\x78", 1, 1), "the body's coded data ends too soon");
    assert_string_equal(decoded(CODING_BR, text, sizeof text - 1, 0), "the body is not what br makes");
    for (size_t cut = 1; cut < sizeof in_br - 1; cut++)
        assert_non_null(decoded(CODING_BR, in_br, cut, 0));
}

static void a_bomb_ends_at_the_limit(void **state)
{
    enum { N = 16 * 1024 * 1024 };
    char *zeros = calloc(1, N), *bytes = malloc(N / 100);
    (void)state;
    assert_true(zeros && bytes);
    const size_t n = deflated(zeros, N, FRAME_GZIP, bytes, N / 100);
    assert_string_equal(decoded(CODING_GZIP, bytes, n, 0), "the body is longer than 'body_most'");
    assert_true(coder.buffers.held_bytes <= (size_t)4 * BODY_BYTES_MOST);
    const size_t n_exact = deflated(zeros, BODY_BYTES_MOST, FRAME_GZIP, bytes, N / 100);
    assert_null(decoded(CODING_GZIP, bytes, n_exact, 0));
    assert_int_equal(coder.out.n_bytes, BODY_BYTES_MOST);
    free(zeros);
    free(bytes);
}

static void codings_are_known_by_name(void **state)
{
    (void)state;
    assert_int_equal(coding_of("gzip", 4), CODING_GZIP);
    assert_int_equal(coding_of("X-GZip", 6), CODING_GZIP);
    assert_int_equal(coding_of("deflate", 7), CODING_DEFLATE);
    assert_int_equal(coding_of("BR", 2), CODING_BR);
    assert_int_equal(coding_of("identity", 8), CODING_NONE);
    assert_int_equal(coding_of("", 0), CODING_NONE);
    assert_int_equal(coding_of("gzip, gzip", 10), CODING_OTHER);
    assert_int_equal(coding_of("zstd", 4), CODING_OTHER);
}

static void all_buffers_together_have_a_limit(void **state)
{
    enum { LARGE = 64 * 1024 * 1024, N = 5 };
    struct buffer large[N] = { { 0 } };
    struct buffer small = { 0 };
    (void)state;
    for (int i = 0; i < N; i++)
        assert_true(buffer_reserve(&coder.buffers, &large[i], LARGE) == (i < 4));
    assert_int_equal(coder.buffers.n_refused, 1);
    assert_false(buffer_append(&coder.buffers, &small, "x", 1));
    assert_int_equal(small.n_bytes, 0);
    buffer_release(&coder.buffers, &large[0]); /* what is not in use makes room for other sizes */
    assert_true(buffer_append(&coder.buffers, &small, "x", 1));
    assert_false(buffer_reserve(&coder.buffers, &large[0], LARGE));
    assert_false(buffer_reserve(&coder.buffers, &large[0], (size_t)LARGE * 4));
    for (int i = 0; i < N; i++)
        buffer_release(&coder.buffers, &large[i]);
    buffer_release(&coder.buffers, &small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(codings_are_undone_however_the_bytes_are_cut, begin, end),
        cmocka_unit_test_setup_teardown(members_of_gzip_follow_each_other, begin, end),
        cmocka_unit_test_setup_teardown(what_is_cut_or_changed_is_named, begin, end),
        cmocka_unit_test_setup_teardown(a_bomb_ends_at_the_limit, begin, end),
        cmocka_unit_test(codings_are_known_by_name),
        cmocka_unit_test_setup_teardown(all_buffers_together_have_a_limit, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
