/* Which bytes are valid where in a chunked body, and how many of them. */
#include "chunks.h"

#include "cm.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct eaten {
    enum chunks_state state;
    uint64_t n_data;
    size_t n_left; /* bytes behind the end */
    const char *cause;
};

static struct eaten eat(const char *bytes, size_t length)
{
    struct chunks k;
    struct eaten out = { .state = CHUNKS_DATA };
    const char *at = bytes, *end = bytes + length, *data;
    chunks_begin(&k);
    while (out.state == CHUNKS_DATA) {
        size_t n = 0;
        out.state = chunks_eat(&k, &at, end, &data, &n);
        if (out.state == CHUNKS_DATA)
            out.n_data += n;
    }
    out.n_left = (size_t)(end - at);
    out.cause = k.cause;
    return out;
}

#define DIGITS  "0123456789abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define TOKEN   LETTERS "0123456789!#$%&'*+-.^_`|~"

/* Every byte, after each of the beginnings. */
static void each_byte_may_stand_in_its_places_only(void **state)
{
    static const struct {
        const char *begin;
        const char *bytes; /* those that may follow; with `others`: all but these */
        bool others;
    } cases[] = {
        { "", DIGITS, false },
        { "1", DIGITS " \t;\r", false },
        { "1 ", " \t;\r", false },
        { "1;", "\n\177\1\2\3\4\5\6\7\10\13\14\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37", true },
        { "1\r", "\n", false },
        { "1\r\n", "", true },
        { "1\r\na", "\r", false },
        { "1\r\na\r", "\n", false },
        { "1\r\na\r\n", DIGITS, false },
        { "0\r\n", TOKEN "\r\n", false },
        { "0\r\nX", TOKEN ":", false },
        { "0\r\nX:", "", true },
        { "0\r\nX:\r", "\n", false },
        { "0\r\nX:\n", TOKEN " \t\r\n", false },
        { "0\r\n\r", "\n", false },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (int c = 0; c < 256; c++) {
            char bytes[32];
            const size_t length = strlen(cases[i].begin);
            memcpy(bytes, cases[i].begin, length);
            bytes[length] = (char)c;
            const bool is_named = c != 0 && strchr(cases[i].bytes, c);
            /* NUL ends a string here, and is valid in data only */
            const bool fits = c == 0 ? strcmp(cases[i].begin, "1\r\n") == 0 : is_named != cases[i].others;
            const struct eaten out = eat(bytes, length + 1);
            if ((out.state != CHUNKS_BROKEN) != fits || (out.cause != NULL) == fits)
                fail_msg("case %zu, byte %d: %s", i, c, out.cause ? out.cause : "taken");
        }
}

static void a_size_has_64_bits(void **state)
{
    static const struct {
        const char *size;
        bool fits;
    } cases[] = { { "ffffffffffffffff", true },   { "0ffffffffffffffff", true },
                  { "fffffffffffffff", true },    { "10000000000000000", false },
                  { "fffffffffffffffff", false }, { "00000000000000000001", true } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_int_equal(eat(cases[i].size, strlen(cases[i].size)).state != CHUNKS_BROKEN, cases[i].fits);
}

static void a_size_says_how_many_bytes_follow(void **state)
{
    static const struct {
        const char *size;
        size_t n;
    } cases[] = {
        { "1", 1 }, { "9", 9 }, { "a", 10 }, { "F", 15 }, { "10", 16 }, { "1f", 31 }, { "A0", 160 }
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char bytes[256];
        size_t length = strlen(cases[i].size);
        memcpy(bytes, cases[i].size, length);
        memcpy(bytes + length, "\r\n", 2);
        memset(bytes + length + 2, 'x', cases[i].n);
        length += 2 + cases[i].n;
        memcpy(bytes + length, "\r\n0\r\n\r\nHTTP", 11);
        const struct eaten out = eat(bytes, length + 11);
        assert_int_equal(out.state, CHUNKS_DONE);
        assert_int_equal(out.n_data, cases[i].n);
        assert_int_equal(out.n_left, 4);
        assert_int_equal(eat(bytes, length + 6).state, CHUNKS_MORE);
    }
}

/* `begin`, and then as many bytes of filling that `n_bytes` are there before `end`. */
static enum chunks_state eat_long(const char *begin, size_t n_bytes, const char *end)
{
    char *bytes = malloc(n_bytes + strlen(end));
    assert_non_null(bytes);
    memset(bytes, 'x', n_bytes);
    memcpy(bytes, begin, strlen(begin));
    memcpy(bytes + n_bytes, end, strlen(end));
    const enum chunks_state state = eat(bytes, n_bytes + strlen(end)).state;
    free(bytes);
    return state;
}

static void lines_are_not_endless(void **state)
{
    (void)state;
    const size_t most = CHUNKS_LINES_MOST_BYTES;
    assert_int_equal(eat_long("1;", most - 1, "\r\na"), CHUNKS_MORE);
    assert_int_equal(eat_long("1;", most, "\r\na"), CHUNKS_BROKEN);
    /* The size's line does not count as a trailer. */
    assert_int_equal(eat_long("0\r\nX:", 3 + most - 3, "\r\n\r\n"), CHUNKS_DONE);
    assert_int_equal(eat_long("0\r\nX:", 3 + most - 2, "\r\n\r\n"), CHUNKS_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_may_stand_in_its_places_only),
        cmocka_unit_test(a_size_has_64_bits),
        cmocka_unit_test(a_size_says_how_many_bytes_follow),
        cmocka_unit_test(lines_are_not_endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
