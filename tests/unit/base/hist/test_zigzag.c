#include "zigzag.h"

#include "cm.h"

static const struct {
    int64_t value;
    size_t n_bytes;
    uint8_t bytes[ZIGZAG_BYTES_MOST];
} vectors[] = {
    { 0, 1, { 0x00 } },
    { -1, 1, { 0x01 } },
    { 1, 1, { 0x02 } },
    { 42, 1, { 0x54 } },
    { -64, 1, { 0x7f } },
    { 64, 2, { 0x80, 0x01 } },
    { 456, 2, { 0x90, 0x07 } },
    { -456, 2, { 0x8f, 0x07 } },
    { 10000, 3, { 0xa0, 0x9c, 0x01 } },
    { INT64_C(1) << 50, 8, { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x04 } },
    { INT64_MIN, 9, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
    { INT64_MAX, 9, { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
};

static void numbers_have_the_published_bytes(void **state)
{
    uint8_t out[ZIGZAG_BYTES_MOST];
    (void)state;
    for (size_t i = 0; i < N_OF(vectors); i++) {
        assert_int_equal(zigzag_put(out, vectors[i].value), vectors[i].n_bytes);
        assert_memory_equal(out, vectors[i].bytes, vectors[i].n_bytes);
    }
}

static void bytes_give_the_number_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(vectors); i++) {
        int64_t value = 7;
        assert_int_equal(zigzag_get(vectors[i].bytes, vectors[i].bytes + ZIGZAG_BYTES_MOST, &value),
                         vectors[i].n_bytes);
        assert_true(value == vectors[i].value);
    }
    for (unsigned shift = 0; shift < 63; shift++) {
        const int64_t around[] = { (INT64_C(1) << shift) - 1, INT64_C(1) << shift, -(INT64_C(1) << shift) };
        for (size_t i = 0; i < N_OF(around); i++) {
            uint8_t out[ZIGZAG_BYTES_MOST];
            int64_t value;
            const size_t n = zigzag_put(out, around[i]);
            assert_int_equal(zigzag_get(out, out + n, &value), n);
            assert_true(value == around[i]);
        }
    }
}

static void a_number_cut_short_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(vectors); i++)
        for (size_t n = 0; n < vectors[i].n_bytes; n++) {
            int64_t value;
            assert_int_equal(zigzag_get(vectors[i].bytes, vectors[i].bytes + n, &value), 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_the_published_bytes),
        cmocka_unit_test(bytes_give_the_number_back),
        cmocka_unit_test(a_number_cut_short_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
