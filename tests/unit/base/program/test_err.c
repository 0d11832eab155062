#include "err.h"

#include "cm.h"

#include <errno.h>
#include <string.h>

static void a_sentence_is_set_and_minus_one_returned(void **state)
{
    struct err e = { ERR_NONE, "" };
    (void)state;
    assert_int_equal(err_set(&e, ERR_INPUT, "'%s' must be %d", "users", 7), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_string_equal(e.text, "'users' must be 7");
}

static void the_systems_reason_is_appended(void **state)
{
    struct err e;
    (void)state;
    errno = ENOENT;
    assert_int_equal(err_errno(&e, ERR_FAILED, "cannot open %s", "x.csv"), -1);
    assert_int_equal(e.kind, ERR_FAILED);
    assert_string_equal(e.text, "cannot open x.csv: No such file or directory");
}

static void each_layer_may_add_a_prefix(void **state)
{
    struct err e;
    (void)state;
    err_set(&e, ERR_INPUT, "too many");
    assert_int_equal(err_prefix(&e, "%s:%d", "run.json", 3), -1);
    err_prefix(&e, "merge");
    assert_string_equal(e.text, "merge: run.json:3: too many");
    assert_int_equal(e.kind, ERR_INPUT);
}

static void texts_too_long_are_cut(void **state)
{
    struct err e;
    char text[2 * ERR_TEXT_BYTES];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    err_set(&e, ERR_INPUT, "%s", text);
    assert_int_equal(strlen(e.text), ERR_TEXT_BYTES - 1);
    errno = EACCES;
    err_errno(&e, ERR_INPUT, "%s", text);
    assert_int_equal(strlen(e.text), ERR_TEXT_BYTES - 1);
    for (size_t i = 0; i < 4; i++) {
        const size_t prefix_length = ERR_TEXT_BYTES - 4 + i;
        err_set(&e, ERR_INPUT, "zz");
        err_prefix(&e, "%.*s", (int)prefix_length, text);
        assert_true(strlen(e.text) < ERR_TEXT_BYTES);
        assert_memory_equal(e.text, text, ERR_TEXT_BYTES - 4);
    }
}

static void a_line_that_is_added_is_never_cut_by_the_text_before(void **state)
{
    char text[2 * ERR_TEXT_BYTES];
    struct err e;
    (void)state;
    err_set(&e, ERR_FAILED, "it failed");
    assert_int_equal(err_append(&e, "it costs %d USD: `%s` ends that", 3, "down"), -1);
    assert_string_equal(e.text, "it failed\nit costs 3 USD: `down` ends that");
    memset(text, 'x', sizeof text);
    err_set(&e, ERR_FAILED, "%.*s", (int)sizeof text, text);
    err_append(&e, "`down` ends that");
    assert_int_equal(strlen(e.text), ERR_TEXT_BYTES - 1);
    assert_string_equal(strchr(e.text, '\n'), "\n`down` ends that");
    err_append(&e, "%.*s", (int)sizeof text, text);
    assert_true(strlen(e.text) < ERR_TEXT_BYTES);
}

static void no_sentence_holds_a_terminals_escape(void **state)
{
    struct err e;
    (void)state;
    err_set(&e, ERR_INPUT, "a.yaml:1:2: error: '%s'\n  x\n  ^", "\x1B[2J\xFF\xC3\xBC");
    assert_string_equal(e.text, "a.yaml:1:2: error: '?[2J?\xC3\xBC'\n  x\n  ^");
    err_prefix(&e, "\x1B]0;%s\x07", "title");
    assert_memory_equal(e.text, "?]0;title?: a.yaml", 18);
    errno = ENOENT;
    err_errno(&e, ERR_INPUT, "cannot open \x9B%s", "1m");
    assert_string_equal(e.text, "cannot open ?1m: No such file or directory");
}

static void memory_that_is_short_is_nobody_s_bad_input(void **state)
{
    struct err e;
    (void)state;
    errno = ENOENT;
    err_errno(&e, ERR_INPUT, "cannot read");
    assert_int_equal(e.kind, ERR_INPUT);
    errno = ENOMEM;
    err_errno(&e, ERR_INPUT, "cannot read");
    assert_int_equal(e.kind, ERR_FAILED);
    assert_string_equal(e.text, "cannot read: out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_set_and_minus_one_returned),
        cmocka_unit_test(the_systems_reason_is_appended),
        cmocka_unit_test(each_layer_may_add_a_prefix),
        cmocka_unit_test(texts_too_long_are_cut),
        cmocka_unit_test(a_line_that_is_added_is_never_cut_by_the_text_before),
        cmocka_unit_test(no_sentence_holds_a_terminals_escape),
        cmocka_unit_test(memory_that_is_short_is_nobody_s_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
