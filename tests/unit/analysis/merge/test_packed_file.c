#include "packed_file.h"

#include "cm.h"
#include "scratch.h"

#include <zstd.h>

enum { TEXT_BYTES = 300000, PACKED_BYTES = 400000 };

static char text[TEXT_BYTES], packed[PACKED_BYTES], read_back[TEXT_BYTES + 1];

/* A file with the first bytes of the packed text; all of them when `n_bytes` is 0. */
static const char *write_packed(size_t n_bytes)
{
    for (size_t i = 0; i < TEXT_BYTES; i++)
        text[i] = (char)('a' + i * i % 23);
    const size_t all_bytes = ZSTD_compress(packed, PACKED_BYTES, text, TEXT_BYTES, 1);
    assert_false(ZSTD_isError(all_bytes));
    return scratch_write("text.zst", packed, n_bytes ? n_bytes : all_bytes);
}

static void what_was_packed_is_read(void **state)
{
    (void)state;
    FILE *stream = packed_file_open(write_packed(0), false);
    assert_non_null(stream);
    assert_int_equal(fread(read_back, 1, sizeof read_back, stream), TEXT_BYTES);
    assert_memory_equal(read_back, text, TEXT_BYTES);
    assert_true(feof(stream) && !ferror(stream));
    assert_int_equal(fclose(stream), 0);
}

static void a_file_without_its_end_fails_unless_it_may_be_cut(void **state)
{
    (void)state;
    for (int may_be_cut = 0; may_be_cut < 2; may_be_cut++) {
        FILE *stream = packed_file_open(write_packed(40), may_be_cut);
        assert_non_null(stream);
        assert_true(fread(read_back, 1, sizeof read_back, stream) < TEXT_BYTES);
        assert_int_equal(ferror(stream) != 0, !may_be_cut);
        fclose(stream);
    }
}

static void what_is_not_packed_cannot_be_read(void **state)
{
    (void)state;
    FILE *stream = packed_file_open(scratch_write("plain.zst", "why,stream\n", 11), true);
    assert_non_null(stream);
    assert_int_equal(fread(read_back, 1, sizeof read_back, stream), 0);
    assert_true(ferror(stream));
    fclose(stream);
    assert_null(packed_file_open(scratch_path("missing.zst"), true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_is_read),
        cmocka_unit_test(a_file_without_its_end_fails_unless_it_may_be_cut),
        cmocka_unit_test(what_is_not_packed_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
