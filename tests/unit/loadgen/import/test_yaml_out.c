/* Any text that is UTF-8 reads back from YAML as it was. */
#include "cm.h"
#include "err.h"
#include "text_out.h"
#include "yaml_out.h"
#include "yaml_tree.h"

#include <stdlib.h>
#include <string.h>

static void reads_back(const char *text)
{
    struct text_out made;
    struct yaml_out y;
    struct yaml_file file;
    struct err e;
    assert_true(text_out_begin(&made));
    yaml_out_begin(&y, made.file);
    yaml_out_comment(&y, text);
    yaml_out_open(&y, "list");
    yaml_out_item(&y);
    yaml_out_text(&y, "key", text);
    yaml_out_text(&y, "second", "x");
    yaml_out_end(&y);
    yaml_out_item_text(&y, text);
    yaml_out_end(&y);
    char *yaml = text_out_end(&made);
    assert_non_null(yaml);
    if (yaml_parse(&file, "x.yaml", yaml, made.length_bytes, &e))
        fail_msg("%s\n%s", e.text, yaml);
    const struct yaml_node *list = yaml_find(file.root, "list");
    assert_string_equal(yaml_find(yaml_item(list, 0), "key")->text, text);
    assert_string_equal(yaml_find(yaml_item(list, 0), "second")->text, "x");
    assert_string_equal(yaml_item(list, 1)->text, text);
    yaml_fini(&file);
    free(yaml);
}

static void texts_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "a",
        "yes",
        "No",
        "~",
        "null",
        "1",
        "-1.5",
        "0x1F",
        "1e5",
        "a: b",
        "a #b",
        "# a",
        "- a",
        "? a",
        "[a]",
        "{a: b}",
        "'",
        "\"",
        "it's \"so\" \\n",
        "a\nb",
        "a\nb\n",
        "a\n\nb\n\n",
        "\na\nb",
        " a\nb",
        "\ta\nb",
        "a\n b\n",
        "a\r\nb",
        "\x01\x1f",
        "a\tb",
        "\xC3\xA9 {x}",
        "\xE2\x80\xA8",
        "\xEF\xBB\xBF"
        "a",
        "\xF0\x9F\x98\x80",
        "%a",
        "@a",
        "`a",
        "|",
        "> a",
        "a ",
        "a:",
        "---",
        "...\nb",
        "---\nb\n",
        "*a",
        "&a !b",
        "\x7F",
        "\xC2\x85\xC2\xA0",
        "a\n#b\n",
        "{\n  \"a\": [1]\n}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        reads_back(texts[i]);
}

static void every_pair_of_marks_reads_back(void **state)
{
    (void)state;
    static const char marks[] = " \n\t'\"\\#:-?[]{},&*!|>%@`=~a1";
    char text[4] = "";
    for (const char *a = marks; *a; a++)
        for (const char *b = marks; *b; b++)
            for (const char *c = "a \n:"; *c; c++) {
                text[0] = *a;
                text[1] = *b;
                text[2] = *c;
                reads_back(text);
            }
}

static void what_reads_well_stays_plain(void **state)
{
    (void)state;
    static const struct {
        const char *text, *yaml;
    } cases[] = { { "/items", "/items" },
                  { "$.id", "$.id" },
                  { "text/html; q=0.5", "text/html; q=0.5" },
                  { "{\"a\":'b'}", "'{\"a\":''b''}'" },
                  { "no", "\"no\"" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text_out made;
        assert_true(text_out_begin(&made));
        yaml_out_scalar(made.file, cases[i].text);
        char *yaml = text_out_end(&made);
        assert_string_equal(yaml, cases[i].yaml);
        free(yaml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_read_back),
        cmocka_unit_test(every_pair_of_marks_reads_back),
        cmocka_unit_test(what_reads_well_stays_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
