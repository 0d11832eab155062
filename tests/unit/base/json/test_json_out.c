#include "json_out.h"

#include "random.h"
#include "text_out.h"

#include "cm.h"
#include "scratch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_number_is_as_short_as_it_can_be(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 5, "5" },
        { -2.5, "-2.5" },
        { 98.815, "98.815" },
        { 98.814999999999998, "98.815" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 1.0 / 3, "0.3333333333333333" },
        { 412000, "412000" },
        { 0.000012, "0.000012" },
        { 0.0000012, "1.2e-06" },
        { 1e22, "1e+22" },
        { 123456789012.345, "123456789012.345" },
        { 1.7976931348623157e308, "1.7976931348623157e+308" },
        { 5e-324, "5e-324" },
        { NAN, "null" },
        { -INFINITY, "null" },
    };
    char text[JSON_OUT_REAL_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_string_equal(json_out_real(cases[i].value, text), cases[i].text);
}

/* The significant digits: without sign, point, exponent and zeros at either end. */
static int n_digits(const char *text)
{
    char digits[JSON_OUT_REAL_BYTES];
    int n = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (n > 0 || *text != '0'))
            digits[n++] = *text;
    while (n > 0 && digits[n - 1] == '0')
        n--;
    return n;
}

static void assert_shortest(double value)
{
    char text[JSON_OUT_REAL_BYTES], shorter[JSON_OUT_REAL_BYTES];
    json_out_real(value, text);
    assert_true(strtod(text, NULL) == value);
    const int n = n_digits(text);
    assert_in_range(n, 0, 17);
    if (n > 1) {
        snprintf(shorter, sizeof shorter, "%.*e", n - 2, value);
        assert_false(strtod(shorter, NULL) == value);
    }
}

static void every_number_reads_back_equal_and_no_shorter_one_would(void **state)
{
    (void)state;
    for (uint64_t ns = 1; ns < UINT64_C(1) << 40; ns += ns / 97 + 1) {
        assert_shortest((double)ns / 1e3);
        assert_shortest((double)ns / 1e9);
        assert_shortest(1e9 / (double)ns);
    }
    struct random random;
    random_init(&random, 12, 0);
    for (int i = 0; i < 20000; i++) {
        const uint64_t bits = random_u64(&random);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            assert_shortest(value);
    }
}

static char *json_out_text(const json_t *tree)
{
    struct text_out t;
    assert_true(text_out_begin(&t));
    assert_int_equal(json_out_write(t.file, tree), 0);
    return text_out_end(&t);
}

static void assert_text(json_t *tree, const char *expected)
{
    char *text = json_out_text(tree);
    assert_string_equal(text, expected);
    free(text);
    json_decref(tree);
}

static void keys_keep_their_order_and_nothing_is_left_out(void **state)
{
    (void)state;
    assert_text(json_pack("{s:i, s:[s, b, n, f], s:{}, s:[], s:{s:b}}", "z", 1, "a", "x", 1, 0.5, "o", "l",
                          "m", "k", 0),
                "{\n  \"z\": 1,\n  \"a\": [\n    \"x\",\n    true,\n    null,\n    0.5\n  ],\n  \"o\": {},\n"
                "  \"l\": [],\n  \"m\": {\n    \"k\": false\n  }\n}\n");
    assert_text(json_integer(INT64_MIN), "-9223372036854775808\n");
}

static void what_a_terminal_would_act_upon_is_escaped_and_not_lost(void **state)
{
    static const char harmful[] = "a\"\\/\n\t\r\x1B[2J\x7F\xC2\x9B\xE2\x80\xAE\xC3\xBC\xF0\x9F\x98\x80";
    json_t *string = json_string(harmful);
    char *text = json_out_text(string);
    (void)state;
    assert_string_equal(
        text, "\"a\\\"\\\\/\\n\\t\\u000d\\u001b[2J\\u007f\\u009b\\u202e\xC3\xBC\xF0\x9F\x98\x80\"\n");
    json_t *again = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_string_equal(json_string_value(again), harmful);
    json_decref(again);
    json_decref(string);
    free(text);
}

static void what_is_no_text_is_replaced(void **state)
{
    (void)state;
    assert_text(json_string_nocheck("o\xE9t"), "\"o\\ufffdt\"\n");
    assert_text(json_stringn("a\0b", 3), "\"a\\ufffdb\"\n");
}

static void no_tree_and_a_full_disk_are_errors(void **state)
{
    json_t *tree = json_pack("{s:i}", "a", 1);
    FILE *full = fopen("/dev/full", "w");
    struct err e;
    (void)state;
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(json_out_write(full, tree), -1);
    assert_int_equal(json_out_write(stdout, NULL), -1);
    assert_int_equal(json_out_file(scratch_path("none.json"), 0644, NULL, &e), -1);
    assert_non_null(strstr(e.text, "out of memory while writing"));
    assert_int_equal(json_out_file_unsynced(scratch_path("none.json"), 0644, NULL, &e), -1);
    assert_int_equal(json_out_file("/nowhere/x.json", 0644, tree, &e), -1);
    assert_int_equal(json_out_file_unsynced("/nowhere/x.json", 0644, tree, &e), -1);
    fclose(full);
    json_decref(tree);
}

static void a_file_is_replaced_whole(void **state)
{
    const char *path = scratch_write("a.json", "old", 3);
    json_t *tree = json_pack("{s:f}", "a", 0.1);
    struct err e;
    (void)state;
    assert_int_equal(json_out_file(path, 0600, tree, &e), 0);
    char *text = scratch_read(path, NULL);
    assert_string_equal(text, "{\n  \"a\": 0.1\n}\n");
    free(text);
    json_object_set_new(tree, "a", json_true());
    assert_int_equal(json_out_file_unsynced(path, 0600, tree, &e), 0);
    text = scratch_read(path, NULL);
    assert_string_equal(text, "{\n  \"a\": true\n}\n");
    free(text);
    json_decref(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_as_short_as_it_can_be),
        cmocka_unit_test(every_number_reads_back_equal_and_no_shorter_one_would),
        cmocka_unit_test(keys_keep_their_order_and_nothing_is_left_out),
        cmocka_unit_test(what_a_terminal_would_act_upon_is_escaped_and_not_lost),
        cmocka_unit_test(what_is_no_text_is_replaced),
        cmocka_unit_test(a_file_is_replaced_whole),
        cmocka_unit_test(no_tree_and_a_full_disk_are_errors),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
