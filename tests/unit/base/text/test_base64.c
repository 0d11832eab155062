/* Vectors: RFC 4648, section 10. */
#include "base64.h"

#include "cm.h"

#include <string.h>

static void rfc_vectors_hold_both_ways(void **state)
{
    static const char *const vectors[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xfb\xff\xbf", "+/+/" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(vectors); i++) {
        const size_t n = strlen(vectors[i][0]);
        const size_t n_text = strlen(vectors[i][1]);
        char text[16];
        uint8_t bytes[16];
        size_t n_bytes = 99;
        assert_int_equal(base64_text_bytes(n), n_text);
        base64_encode((const uint8_t *)vectors[i][0], n, text);
        assert_memory_equal(text, vectors[i][1], n_text);
        assert_int_equal(base64_decode(vectors[i][1], n_text, bytes, &n_bytes), 0);
        assert_int_equal(n_bytes, n);
        assert_memory_equal(bytes, vectors[i][0], n);
    }
}

static void every_byte_survives(void **state)
{
    uint8_t in[256];
    uint8_t out[258];
    char text[344];
    size_t n;
    (void)state;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 167);
    base64_encode(in, sizeof in, text);
    assert_int_equal(base64_decode(text, sizeof text, out, &n), 0);
    assert_int_equal(n, sizeof in);
    assert_memory_equal(in, out, n);
}

static void what_is_not_base64_is_refused(void **state)
{
    static const char *const texts[] = { "Zg=",      "Z",        "Zg",   "Zm9v!", "Zm 9",
                                         "Zg==Zm9v", "====",     "Z===", "=m9v",  "Z=9v",
                                         "Zm=v",     "Zm9v\xc3", "Zm9-", "Zm9_",  "Zm9vZ\n==" };
    uint8_t out[16];
    size_t n;
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++)
        assert_int_equal(base64_decode(texts[i], strlen(texts[i]), out, &n), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_vectors_hold_both_ways),
        cmocka_unit_test(every_byte_survives),
        cmocka_unit_test(what_is_not_base64_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
