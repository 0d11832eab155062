#include "err.h"
#include "yaml_tree.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

/* Puts a place into the text of a file around the sentence that is in `e`. */
static void place(struct err *e, char *text, uint32_t line, uint32_t column, uint32_t width)
{
    char path[] = "f.yaml";
    const struct yaml_file file = { .path = path, .text = text };
    const struct yaml_node node = { .line = line, .column = column, .width = width };
    assert_int_equal(yaml_place(&file, &node, e), -1);
}

static void the_line_and_a_caret_stand_below_the_sentence(void **state)
{
    static const struct {
        char text[20];
        uint32_t line, column, width;
        const char *right;
    } cases[] = {
        { "one: 1\ntwo: -3\n", 2, 6, 2, "f.yaml:2:6: error: no\ntwo: -3\n     ^~" },
        { "one: 1\r\ntwo: -3", 2, 1, 3, "f.yaml:2:1: error: no\ntwo: -3\n^~~" },
        { "\t\xC3\xA4: x", 1, 5, 1, "f.yaml:1:5: error: no\n\t\xC3\xA4: x\n\t   ^" },
        { "one", 1, 3, 9, "f.yaml:1:3: error: no\none\n  ^~" },
        { "abc", 1, 1, 3, "f.yaml:1:1: error: no\nabc\n^~~" }, /* marks end with the line, or one behind it */
        { "abc", 1, 2, 9, "f.yaml:1:2: error: no\nabc\n ^~~" },
        { "abc", 1, 4, 2, "f.yaml:1:4: error: no\nabc\n   ^" },
        { "a\rb\r\nc\n", 3, 1, 1, "f.yaml:3:1: error: no\nc\n^" },
        { "a\r", 1, 1, 1, "f.yaml:1:1: error: no\na\n^" },
        { "one\n", 7, 1, 1, "f.yaml:7:1: error: no" },
        { "one\n", 0, 0, 1, "f.yaml: error: no" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct err e;
        char text[sizeof cases[i].text];
        memcpy(text, cases[i].text, sizeof text);
        err_set(&e, ERR_INPUT, "no");
        place(&e, text, cases[i].line, cases[i].column, cases[i].width);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_string_equal(e.text, cases[i].right);
    }
}

static void of_a_long_line_the_stretch_around_the_place_is_shown(void **state)
{
    char text[401];
    struct err e;
    (void)state;
    memset(text, 'a', 400);
    text[400] = '\0';
    text[299] = 'X';
    err_set(&e, ERR_INPUT, "no");
    place(&e, text, 1, 300, 1);
    const char *line = strchr(e.text, '\n') + 1;
    const char *marks = strchr(line, '\n') + 1;
    assert_int_equal(marks - line - 1, 100);
    assert_int_equal(line[strcspn(marks, "^")], 'X');
}

/* A line of up to 100 characters is shown whole; of a longer one the place has 50 before it, if there are. */
static void half_of_what_is_shown_of_a_long_line_stands_before_the_place(void **state)
{
    static const struct {
        unsigned length, column, from, shown;
    } cases[] = {
        { 100, 100, 0, 100 }, { 101, 51, 0, 100 },   { 101, 52, 1, 100 },
        { 101, 101, 50, 51 }, { 300, 150, 99, 100 }, { 300, 300, 249, 51 },
    };
    char text[301];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct err e;
        for (size_t k = 0; k < cases[i].length; k++)
            text[k] = (char)('!' + k % 89);
        text[cases[i].length] = '\0';
        err_set(&e, ERR_INPUT, "no");
        place(&e, text, 1, cases[i].column, 1);
        const char *line = strchr(e.text, '\n') + 1;
        const char *marks = strchr(line, '\n') + 1;
        assert_int_equal(marks - line - 1, cases[i].shown);
        assert_memory_equal(line, text + cases[i].from, cases[i].shown);
        assert_int_equal(strcspn(marks, "^"), cases[i].column - 1 - cases[i].from);
    }
}

static void what_is_quoted_cannot_disturb_the_terminal(void **state)
{
    char text[] = "x";
    struct err e;
    (void)state;
    err_set(&e, ERR_INPUT, "not '\033[2J\n'");
    place(&e, text, 1, 1, 1);
    assert_string_equal(e.text, "f.yaml:1:1: error: not '?[2J?'\nx\n^");
}

static void a_failure_of_the_program_has_no_place(void **state)
{
    char text[] = "x";
    struct err e;
    (void)state;
    err_set(&e, ERR_FAILED, "out of memory");
    place(&e, text, 1, 1, 1);
    assert_string_equal(e.text, "out of memory");
}

/* Whatever room the sentence leaves. */
static void what_does_not_fit_below_the_sentence_is_cut(void **state)
{
    static char sentence[ERR_TEXT_BYTES + 1];
    char line[] = "\ta line of text";
    (void)state;
    for (size_t length = ERR_TEXT_BYTES - 60; length < ERR_TEXT_BYTES; length++) {
        struct err *e = calloc(1, sizeof *e);
        assert_non_null(e);
        memset(sentence, 's', length);
        sentence[length] = '\0';
        err_set(e, ERR_INPUT, "%s", sentence);
        place(e, line, 1, 4, 9);
        assert_true(strlen(e->text) < ERR_TEXT_BYTES);
        assert_memory_equal(e->text, "f.yaml:1:4: error: sss", 22);
        free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_and_a_caret_stand_below_the_sentence),
        cmocka_unit_test(of_a_long_line_the_stretch_around_the_place_is_shown),
        cmocka_unit_test(half_of_what_is_shown_of_a_long_line_stands_before_the_place),
        cmocka_unit_test(what_is_quoted_cannot_disturb_the_terminal),
        cmocka_unit_test(a_failure_of_the_program_has_no_place),
        cmocka_unit_test(what_does_not_fit_below_the_sentence_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
