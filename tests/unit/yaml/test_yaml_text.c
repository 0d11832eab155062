#include "yaml_text.h"

#include "cm.h"
#include "err.h"

#include <string.h>

static void text_files_pass(void **state)
{
    (void)state;
    const char *texts[] = {
        "",           "name: tp1\n", "a: 100 %\n", "\tb\r\n", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\n",
        "a: |\n %x\n"
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct err e = { 0 };
        assert_int_equal(yaml_text_check("f.yaml", texts[i], strlen(texts[i]), &e), 0);
    }
}

static void other_bytes_and_directives_are_refused_with_their_line(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t bytes;
        const char *words;
    } cases[] = {
        { "a: 1\nb: \xFF\n", 10, "line 2" },
        { "\0", 1, "line 1" },
        { "a\nb\n\x1B[1m", 8, "line 3" },
        { "\xC3", 1, "line 1" },     /* cut short */
        { "\xC0\xAF", 2, "line 1" }, /* longer than needed */
        { "a: 1\n%YAML 1.2\n", 15, "f.yaml:2:1:" },
        { "%TAG", 4, "f.yaml:1:1:" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = { 0 };
        assert_int_equal(yaml_text_check("f.yaml", cases[i].text, cases[i].bytes, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_non_null(strstr(e.text, cases[i].words));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_files_pass),
        cmocka_unit_test(other_bytes_and_directives_are_refused_with_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
