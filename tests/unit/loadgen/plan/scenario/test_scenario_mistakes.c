/* tests/data/scenario/mistakes.txt and session_mistakes.txt, case by case, and the mistakes that are not in a
 * file's text. */
#include "err.h"
#include "files.h"
#include "plan.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT_BYTES = 8192, CASES_LEAST = 100, SESSION_CASES_LEAST = 80 };

struct mistake {
    char out[TEXT_BYTES], in[TEXT_BYTES], expected[TEXT_BYTES];
};

static char *data(const char *name)
{
    char path[512];
    char *text;
    size_t length;
    struct err e;
    snprintf(path, sizeof path, TESTS_DIR "/data/scenario/%s", name);
    if (files_read(path, 1024 * 1024, &text, &length, &e))
        fail_msg("%s", e.text);
    return text;
}

static void append(char *to, const char *line, size_t length)
{
    const size_t used = strlen(to);
    assert_true(used + length + 2 < TEXT_BYTES);
    snprintf(to + used, TEXT_BYTES - used, "%.*s\n", (int)length, line);
}

/* Reads the next case; false at the end. */
static bool next_mistake(const char **at, struct mistake *m)
{
    memset(m, 0, sizeof *m);
    while (**at == '#' || **at == '\n')
        *at += strcspn(*at, "\n") + 1;
    while (**at && **at != '\n') {
        const size_t length = strcspn(*at, "\n");
        if (!m->expected[0] && (**at == '-' || **at == '+'))
            append(**at == '-' ? m->out : m->in, *at + 1, length - 1);
        else
            append(m->expected, *at, length);
        *at += length + ((*at)[length] == '\n');
    }
    if (m->expected[0])
        m->expected[strlen(m->expected) - 1] = '\0'; /* the last line end is the printer's */
    return m->expected[0] != '\0';
}

static void assert_told(const char *sound, const struct mistake *m)
{
    static const struct scenario_overrides none = { 0 };
    char text[2 * TEXT_BYTES];
    struct plan plan;
    struct err e = { 0 };
    const char *at = strstr(sound, m->out);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - sound), sound, m->in, at + strlen(m->out));
    const int status = scenario_parse(&plan, "bad.yaml", text, strlen(text), &none, &e);
    plan_fini(&plan);
    assert_string_equal(e.text, m->expected);
    assert_int_equal(status, -1);
    assert_int_equal(e.kind, ERR_INPUT);
}

static void assert_all_reported(const char *sound_name, const char *mistakes_name, size_t n_least)
{
    char *sound = data(sound_name);
    char *text = data(mistakes_name);
    const char *at = text;
    struct mistake m;
    size_t n = 0;
    for (; next_mistake(&at, &m); n++)
        assert_told(sound, &m);
    assert_true(n >= n_least);
    free(text);
    free(sound);
}

static void each_mistake_is_reported_with_its_place_and_what_would_be_right(void **state)
{
    (void)state;
    assert_all_reported("sound.yaml", "mistakes.txt", CASES_LEAST);
}

static void each_mistake_in_a_session_is_reported_likewise(void **state)
{
    (void)state;
    assert_all_reported("session.yaml", "session_mistakes.txt", SESSION_CASES_LEAST);
}

static void assert_refused(const char *text, size_t length, const char *expected)
{
    static const struct scenario_overrides none = { 0 };
    struct plan plan;
    struct err e = { 0 };
    assert_int_equal(scenario_parse(&plan, "bad.yaml", text, length, &none, &e), -1);
    plan_fini(&plan);
    assert_string_equal(e.text, expected);
    assert_int_equal(e.kind, ERR_INPUT);
}

static void what_is_no_text_or_no_map_is_refused(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *expected;
    } cases[] = {
        { "", 0, "bad.yaml is empty" },
        { "# only this\n", 12, "bad.yaml is empty" },
        { "a: \0\n", 5, "bad.yaml is not a UTF-8 text file: line 1 holds the byte 0x00" },
        { "a: b\nc: \xFF\n", 10, "bad.yaml is not a UTF-8 text file: line 2 holds the byte 0xFF" },
        { "a: \xC3", 4, "bad.yaml is not a UTF-8 text file: line 1 holds the byte 0xC3" },
        { "a: \x1B[1m", 7, "bad.yaml is not a UTF-8 text file: line 1 holds the byte 0x1B" },
        { "%YAML 1.2\n---\na: b\n", 19,
          "bad.yaml:1:1: error: a line that begins with '%' is a YAML directive, which is not used here" },
        { "hello\n", 6, "bad.yaml:1:1: error: the file must hold a map of keys and values\nhello\n^~~~~" },
        { "- a\n", 4, "bad.yaml:1:1: error: the file must hold a map of keys and values\n- a\n^" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i].text, cases[i].length, cases[i].expected);
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    static const char text[] = "target: \"ftp://\\e[31m\"\nstreams: []\n";
    (void)state;
    assert_refused(text, sizeof text - 1,
                   "bad.yaml:1:10: error: the URL must begin with http:// or https://, not 'ftp://?[31m'\n"
                   "target: \"ftp://\\e[31m\"\n"
                   "         ^~~~~~~~~~~~");
    static const char c1[] = "target: \"ftp://\\x9b31m\"\nstreams: []\n"; /* the same in one character */
    assert_refused(c1, sizeof c1 - 1,
                   "bad.yaml:1:10: error: the URL must begin with http:// or https://, not 'ftp://??31m'\n"
                   "target: \"ftp://\\x9b31m\"\n"
                   "         ^~~~~~~~~~~~~");
}

static void of_a_long_line_the_place_is_shown(void **state)
{
    char text[1024] = "name: x\nxs: [";
    (void)state;
    for (int i = 0; i < 90; i++)
        strcat(text, "\xC3\xA4, ");
    strcat(text, "&a b]\n");
    struct plan plan;
    struct err e = { 0 };
    assert_int_equal(
        scenario_parse(&plan, "bad.yaml", text, strlen(text), &(struct scenario_overrides){ 0 }, &e), -1);
    plan_fini(&plan);
    const char *line = strchr(e.text, '\n') + 1;
    const char *caret = strchr(line, '\n') + 1;
    assert_memory_equal(e.text, "bad.yaml:2:276: error: anchors", 30);
    assert_int_equal(strspn(caret, " "), 50);
    assert_string_equal(caret + 50, "^~~~");
    assert_non_null(strstr(line, "&a b]\n"));
}

/* Columns count characters; the caret stands below the right one however many bytes they have. */
static void characters_of_several_bytes_are_one_column(void **state)
{
    static const char text[] =
        "name: x\n\"\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E"
        "\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\xCA\x9E\": *a\r\n";
    struct plan plan;
    struct err e = { 0 };
    (void)state;
    assert_int_equal(
        scenario_parse(&plan, "bad.yaml", text, sizeof text - 1, &(struct scenario_overrides){ 0 }, &e), -1);
    plan_fini(&plan);
    assert_memory_equal(e.text, "bad.yaml:2:25: error: aliases", 29);
    assert_string_equal(strrchr(e.text, '\n'), "\n                        ^~");
}

static void files_that_cannot_be_read_are_named(void **state)
{
    char folder[] = "/tmp/loadgen-test-XXXXXX";
    char path[64];
    struct plan plan;
    struct err e = { 0 };
    char expected[256];
    static const struct scenario_overrides none = { 0 };
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(scenario_load(&plan, folder, &none, &e), -1);
    snprintf(expected, sizeof expected, "cannot read %s: it is a folder", folder);
    assert_string_equal(e.text, expected);

    snprintf(path, sizeof path, "%s/big.yaml", folder);
    assert_int_equal(scenario_load(&plan, path, &none, &e), -1);
    snprintf(expected, sizeof expected, "cannot open %s: No such file or directory", path);
    assert_string_equal(e.text, expected);

    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fseek(f, 10 * 1024 * 1024, SEEK_SET), 0);
    fputs("a", f);
    fclose(f);
    assert_int_equal(scenario_load(&plan, path, &none, &e), -1);
    snprintf(expected, sizeof expected, "%s is larger than the 1024 KiB that such a file may have", path);
    assert_string_equal(e.text, expected);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_int_equal(files_remove_tree(folder, &e), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_reported_with_its_place_and_what_would_be_right),
        cmocka_unit_test(each_mistake_in_a_session_is_reported_likewise),
        cmocka_unit_test(what_is_no_text_or_no_map_is_refused),
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(of_a_long_line_the_place_is_shown),
        cmocka_unit_test(characters_of_several_bytes_are_one_column),
        cmocka_unit_test(files_that_cannot_be_read_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
