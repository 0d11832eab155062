/* Values as they are written: whoever reads them back has the value. */
#include "escape.h"

#include "base64.h"
#include "random.h"

#include "cm.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_BYTES_MOST = 64, VALUES = 3000 };

static const char evil[] = "\"\n</\xC3\xA9\0";
enum { EVIL_BYTES = sizeof evil }; /* with a NUL, and that of the literal */

static char *escaped(enum plan_escape how, const char *bytes, size_t n_bytes, size_t *n)
{
    const size_t n_said = escape_bytes(how, bytes, n_bytes);
    char *out = malloc(n_said + 1); /* the sanitizer sees any byte beyond */
    *n = escape_write(how, bytes, n_bytes, out);
    assert_int_equal(*n, n_said);
    assert_true(*n <= escape_bytes_most(how, n_bytes));
    out[*n] = '\0';
    return out;
}

static unsigned hex(char c)
{
    return c >= 'a' ? (unsigned)(c - 'a') + 10 : c >= 'A' ? (unsigned)(c - 'A') + 10 : (unsigned)(c - '0');
}

static size_t decode_percent(const char *text, bool is_form, char *out)
{
    size_t n = 0;
    for (; *text; text++)
        if (*text == '%') {
            out[n++] = (char)(hex(text[1]) << 4 | hex(text[2]));
            text += 2;
        } else {
            out[n++] = is_form && *text == '+' ? ' ' : *text;
        }
    return n;
}

static void assert_read_back(const char *bytes, size_t n_bytes)
{
    char decoded[3 * VALUE_BYTES_MOST];
    size_t n;
    for (int is_form = 0; is_form < 2; is_form++) {
        char *text = escaped(is_form ? PLAN_FORM : PLAN_URL, bytes, n_bytes, &n);
        assert_true(escape_fits(PLAN_IN_PATH, text, n));
        assert_int_equal(decode_percent(text, is_form, decoded), n_bytes);
        assert_memory_equal(decoded, bytes, n_bytes);
        free(text);
    }
    char *text = escaped(PLAN_BASE64, bytes, n_bytes, &n);
    assert_int_equal(base64_decode(text, n, (uint8_t *)decoded, &n), 0);
    assert_int_equal(n, n_bytes);
    assert_memory_equal(decoded, bytes, n_bytes);
    free(text);
}

static void assert_json_read_back(const char *bytes, size_t n_bytes)
{
    size_t n;
    char *text = escaped(PLAN_JSON, bytes, n_bytes, &n);
    char *whole = malloc(n + 3);
    snprintf(whole, n + 3, "\"%s\"", text);
    json_t *value = json_loads(whole, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    assert_int_equal(json_string_length(value), n_bytes);
    assert_memory_equal(json_string_value(value), bytes, n_bytes);
    json_decref(value);
    free(whole);
    free(text);
}

static void what_breaks_messages_is_read_back_as_it_was(void **state)
{
    (void)state;
    assert_read_back(evil, EVIL_BYTES);
    assert_json_read_back(evil, EVIL_BYTES);
    assert_read_back("", 0);
    assert_json_read_back("", 0);
}

static void any_bytes_are_read_back_as_they_were(void **state)
{
    char bytes[VALUE_BYTES_MOST];
    struct random r;
    (void)state;
    random_init(&r, 1, 0);
    for (int i = 0; i < VALUES; i++) {
        const size_t n = (size_t)random_below(&r, VALUE_BYTES_MOST + 1);
        for (size_t k = 0; k < n; k++)
            bytes[k] = (char)random_below(&r, 256);
        assert_read_back(bytes, n);
        for (size_t k = 0; k < n; k++)
            bytes[k] &= 0x7F; /* JSON is UTF-8 */
        assert_json_read_back(bytes, n);
    }
}

static void each_place_has_its_form(void **state)
{
    static const struct {
        enum plan_escape how;
        const char *value, *right;
    } cases[] = {
        { PLAN_AS_IS, "a b&", "a b&" },
        { PLAN_URL, "a b/c?d=~e*", "a%20b%2Fc%3Fd%3D~e%2A" },
        { PLAN_FORM, "a b/c?d=~e*", "a+b%2Fc%3Fd%3D%7Ee*" },
        { PLAN_JSON, "a\"b\\c\b\t\n\f\r\x01/", "a\\\"b\\\\c\\b\\t\\n\\f\\r\\u0001/" },
        { PLAN_HTML, "<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;" },
        { PLAN_BASE64, "u:p", "dTpw" },
        { PLAN_NUMBER, "12", "12" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n;
        char *text = escaped(cases[i].how, cases[i].value, strlen(cases[i].value), &n);
        assert_string_equal(text, cases[i].right);
        free(text);
    }
}

static void a_number_is_one_of_json(void **state)
{
    static const char *const right[] = { "0",    "-0",     "12",   "-3.5",  "1e9", "1E+2",
                                         "0.25", "1.0e-3", "true", "false", "null" };
    static const char *const wrong[] = { "",    "-",  "01", "+1",  ".5",  "1.",   "1e",    "1e+",
                                         "0x1", " 1", "1 ", "1,2", "NaN", "True", "\"1\"", "1\n" };
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_true(escape_is_scalar(right[i], strlen(right[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(escape_is_scalar(wrong[i], strlen(wrong[i])));
    assert_false(escape_is_scalar("12\0", 3));
}

static void each_place_refuses_what_would_break_it(void **state)
{
    static const struct {
        enum plan_place place;
        const char *bytes;
        size_t n_bytes;
        bool fits;
    } cases[] = {
        { PLAN_IN_BODY, "\r\n\0", 3, true },  { PLAN_IN_HEADER, "a b\t\xC3\xA9", 6, true },
        { PLAN_IN_HEADER, "a\rb", 3, false }, { PLAN_IN_HEADER, "a\n", 2, false },
        { PLAN_IN_HEADER, "a\0", 2, false },  { PLAN_IN_PATH, "a/b?c=d", 7, true },
        { PLAN_IN_PATH, "", 0, true },        { PLAN_IN_PATH, "a b", 3, false },
        { PLAN_IN_PATH, "a#", 2, false },     { PLAN_IN_PATH, "\xC3\xA9", 2, false },
        { PLAN_IN_PATH, "a\x7F", 2, false },  { PLAN_AT_PATH, "/a", 2, true },
        { PLAN_AT_PATH, "a", 1, false },      { PLAN_AT_PATH, "", 0, false },
        { PLAN_AT_PATH, "/a b", 4, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(escape_fits(cases[i].place, cases[i].bytes, cases[i].n_bytes), cases[i].fits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_breaks_messages_is_read_back_as_it_was),
        cmocka_unit_test(any_bytes_are_read_back_as_they_were),
        cmocka_unit_test(each_place_has_its_form),
        cmocka_unit_test(a_number_is_one_of_json),
        cmocka_unit_test(each_place_refuses_what_would_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
