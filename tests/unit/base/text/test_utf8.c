#include "utf8.h"

#include "text_out.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

static void a_character_is_as_long_as_the_standard_has_it(void **state)
{
    static const struct {
        const char *text;
        size_t bytes;
    } cases[] = {
        { "a", 1 },
        { "\xC3\xBC", 2 },
        { "\xE2\x80\xA6", 3 },
        { "\xF0\x9F\x98\x80", 4 },
        { "\xF4\x8F\xBF\xBF", 4 },
        { "\x80", 0 }, /* no beginning */
        { "\xC3", 0 }, /* no end */
        { "\xC3(", 0 },
        { "\xC0\xAF", 0 }, /* overlong '/' */
        { "\xE0\x80\xAF", 0 },
        { "\xF0\x80\x80\xAF", 0 },
        { "\xED\xA0\x80", 0 },     /* a surrogate */
        { "\xF4\x90\x80\x80", 0 }, /* above U+10FFFF */
        { "\xF9\x90\x80\x80", 0 },
        { "\xFF", 0 },
    };
    uint32_t code;
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_int_equal(utf8_decode(cases[i].text, &code), cases[i].bytes);
}

static void a_text_is_valid_to_its_end_or_not_at_all(void **state)
{
    (void)state;
    assert_true(utf8_is_valid(""));
    assert_true(utf8_is_valid("a\xC3\xBC\n\x1B"));
    assert_false(utf8_is_valid("a\xC3\xBC\xE9"));
    assert_false(utf8_is_valid("\xE9"
                               "abc"));
}

static void a_line_keeps_what_can_be_shown_and_nothing_else(void **state)
{
    static const char *const cases[][2] = {
        { "", "" },
        { "m4 (cluster1) \xC3\xBC \xE2\x80\xA6 %d $(id) `id` \\ \"",
          "m4 (cluster1) \xC3\xBC \xE2\x80\xA6 %d $(id) `id` \\ \"" },
        { "a\nb\tc\rd", "a b c d" },
        { "\x1B[2J\x07\x7F", "?[2J??" },
        { "\xC2\x9B"
          "2J",
          "??2J" },               /* CSI in eight bits */
        { "o\xE9t\x9B", "o?t?" }, /* Latin-1 */
        { "\xE2\x80\xAE"
          "gnp.exe",
          "???gnp.exe" }, /* from right to left */
        { "\xE2", "?" },
        /* U+200D, 200E, 200F, 2010 and the like: the first and the last of each range, and their neighbours
         */
        { "\xE2\x80\x8D|\xE2\x80\x8E|\xE2\x80\x8F|\xE2\x80\x90", "\xE2\x80\x8D|???|???|\xE2\x80\x90" },
        { "\xE2\x80\xA7|\xE2\x80\xA8|\xE2\x80\xAE|\xE2\x80\xAF", "\xE2\x80\xA7|???|???|\xE2\x80\xAF" },
        { "\xE2\x81\xA5|\xE2\x81\xA6|\xE2\x81\xA9|\xE2\x81\xAA", "\xE2\x81\xA5|???|???|\xE2\x81\xAA" },
        { "\x1F|\x20|\x7E|\x7F", "?| |~|?" },
        { "\xC2\x80|\xC2\x9F|\xC2\xA0", "??|??|\xC2\xA0" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char text[100];
        strcpy(text, cases[i][0]);
        utf8_line(text);
        assert_string_equal(text, cases[i][1]);
    }
}

static void a_terminal_gets_lines_but_no_escapes(void **state)
{
    struct text_out t;
    (void)state;
    assert_true(text_out_begin(&t));
    utf8_print(t.file, "a.yaml:1: \x1B]0;title\x07 \xFF \xC3\xBC\n\tx ^\r");
    char *text = text_out_end(&t);
    assert_string_equal(text, "a.yaml:1: ?]0;title? ? \xC3\xBC\n\tx ^?");
    free(text);
}

static void a_character_that_was_cut_in_two_is_cut_off(void **state)
{
    static const char *const cases[][2] = {
        { "", "" },       { "abc", "abc" },     { "a\xC3\xBC", "a\xC3\xBC" },
        { "a\xC3", "a" }, { "a\xE2\x80", "a" }, { "a\xF0\x9F\x98", "a" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char text[20];
        strcpy(text, cases[i][0]);
        utf8_trim(text);
        assert_string_equal(text, cases[i][1]);
    }
}

static void what_is_no_utf8_is_replaced_byte_by_byte(void **state)
{
    static const char text[] = "o\xE9t\xFF \xC3\xBC \x1B";
    (void)state;
    char *valid = utf8_valid(text, sizeof text - 1);
    assert_string_equal(valid, "o\xEF\xBF\xBDt\xEF\xBF\xBD \xC3\xBC \x1B");
    free(valid);
    valid = utf8_valid("\xC3\xBC", 1); /* the end of the text is within the character */
    assert_string_equal(valid, "\xEF\xBF\xBD");
    free(valid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_is_as_long_as_the_standard_has_it),
        cmocka_unit_test(a_text_is_valid_to_its_end_or_not_at_all),
        cmocka_unit_test(a_line_keeps_what_can_be_shown_and_nothing_else),
        cmocka_unit_test(a_terminal_gets_lines_but_no_escapes),
        cmocka_unit_test(a_character_that_was_cut_in_two_is_cut_off),
        cmocka_unit_test(what_is_no_utf8_is_replaced_byte_by_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
