#include "yaml_tree.h"

#include "cm.h"
#include "err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void parse(struct yaml_file *f, const char *text)
{
    struct err e = { 0 };
    if (yaml_parse(f, "f.yaml", text, strlen(text), &e))
        fail_msg("%s", e.text);
}

static void assert_refused(const char *text, size_t length, const char *expected)
{
    struct yaml_file f;
    struct err e = { 0 };
    const int status = yaml_parse(&f, "f.yaml", text, length, &e);
    yaml_fini(&f);
    assert_int_equal(status, -1);
    assert_int_equal(e.kind, ERR_INPUT);
    if (strncmp(e.text, expected, strlen(expected)) != 0)
        fail_msg("%s\ngave:  %s\nright: %s", text, e.text, expected);
}

/* A library that drew them itself crashed on the first and leaked on the second. */
static void files_that_broke_a_parser_are_refused_with_their_place(void **state)
{
    char tabs[256];
    char quotes[256] = "clusters:\n- {";
    (void)state;
    snprintf(tabs, sizeof tabs, "%.*sd\n%.*s\nr:", 38,
             "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t", 38,
             "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t");
    assert_refused(tabs, strlen(tabs), "f.yaml:1:1: error: not YAML: a tab must not stand here");
    memset(quotes + strlen(quotes), '\'', 61);
    strcat(quotes, "}\n");
    assert_refused(quotes, strlen(quotes),
                   "f.yaml:2:4: error: not YAML: the quote that begins here has no end");
}

static void what_is_not_yaml_is_reported_with_its_place_and_what_to_do(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        { "a: 'b\nc: d\n",
          "f.yaml:1:4: error: not YAML: the quote that begins here has no end\na: 'b\n   ^" },
        { "a: @b\n", "f.yaml:1:4: error: not YAML: no value begins with this character: quote the text\n"
                     "a: @b\n   ^" },
        { "a: b: c\n", "f.yaml:1:5: error: not YAML: no ':' is expected here: indent the line like those "
                       "above it, and quote a text with ': ' in it\na: b: c\n    ^" },
        { "a: 1\nb\nc: 2\n", "f.yaml:2:1: error: not YAML: a key must be followed by ': ' and its value (in "
                             "the map that begins in line 1)\nb\n^" },
        { "a:\n  b: 1\n c: 2\n", "f.yaml:3:2: error: not YAML: a key was expected here: indent the line like "
                                 "those above it (in the map that begins in line 1)\n c: 2\n ^" },
        { "a:\n  - 1\n  b: 2\n",
          "f.yaml:3:3: error: not YAML: an item '- ' was expected here: indent the "
          "line like those above it (in the list that begins in line 2)\n  b: 2\n  ^" },
        { "a: [1, 2\n", "f.yaml:2:1: error: not YAML: a ',' or the ']' that ends the list was expected here "
                        "(in the list that begins in line 1)" },
        { "a: { b: 1\n", "f.yaml:2:1: error: not YAML: a ',' or the '}' that ends the map was expected here "
                         "(in the map that begins in line 1)" },
        { "a: \"\\q\"\n", "f.yaml:1:5: error: not YAML: found unknown escape character\na: \"\\q\"\n    ^" },
        { "a: b\n---\nc: d\n", "f.yaml:2:1: error: further documents (---) are not allowed here\n---\n^~~" },
        { "a: &x b\n", "f.yaml:1:4: error: anchors are not allowed here\na: &x b\n   ^~~~" },
        { "a: [ *x ]\n", "f.yaml:1:6: error: aliases are not allowed here" },
        { "a: !x b\n", "f.yaml:1:4: error: tags are not allowed here" },
        { "? [ a ]\n: b\n", "f.yaml:1:3: error: a key must be a plain word" },
        { "\xC3\xA4: 1\n\xC3\xA4: 2\n",
          "f.yaml:2:1: error: '\xC3\xA4' is given twice; the first is in line 1" },
        { "a: 1\rb: [\r", "f.yaml:3:1: error: not YAML: " },
        { "a: \"\\0\"\n", "f.yaml:1:5: error: a text must not hold NUL bytes" },
        { "---\n", "f.yaml:2:1: error: the file must hold a map of keys and values" },
        { "\xEF\xBB\xBF", "f.yaml is empty" },
        { "\xFF\xFE"
          "a",
          "f.yaml is not a UTF-8 text file: line 1 holds the byte 0xFF" },
        { "a: b\nc: \xE2\x80\xA8\n", "f.yaml is not plain text: line 2 holds the character U+2028" },
        { "a: \xC2\x85\n", "f.yaml is not plain text: line 1 holds the character U+0085" },
        { "a: \xEF\xBB\xBF\n", "f.yaml is not plain text: line 1 holds the character U+FEFF" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].expected);
}

static void lists_and_maps_are_walked_in_the_order_of_the_file(void **state)
{
    struct yaml_file f;
    (void)state;
    parse(&f, "\xEF\xBB\xBFz: 1\na: [x, { y: 2 }]\nempty: {}\n");
    assert_int_equal(f.root->n_items, 3);
    assert_string_equal(f.root->first->key->text, "z");
    assert_int_equal(f.root->first->key->column, 1); /* the byte order mark is no character */
    const struct yaml_node *list = yaml_find(f.root, "a");
    assert_string_equal(yaml_item(list, 0)->text, "x");
    assert_string_equal(yaml_find(yaml_item(list, 1), "y")->text, "2");
    assert_null(yaml_item(list, 2));
    assert_null(yaml_item(f.root, 0));
    assert_null(yaml_find(list, "y"));
    assert_int_equal(yaml_find(f.root, "empty")->n_items, 0);
    yaml_fini(&f);
}

/* Only what stands there plain can be nothing; what a number or a flag is, its reader judges by the text. */
static void a_quoted_text_is_never_nothing(void **state)
{
    static const struct {
        const char *text;
        bool is_null;
    } cases[] = {
        { "a:\n", true },       { "a: ~\n", true },    { "a: null\n", true },      { "a: ''\n", false },
        { "a: \"\"\n", false }, { "a: '~'\n", false }, { "a: \"null\"\n", false }, { "a: |\n  null", false },
        { "a: 0\n", false },    { "a: no\n", false },  { "a: false\n", false },    { "a: '5'\n", false },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct yaml_file f;
        parse(&f, cases[i].text);
        assert_int_equal(f.root->first->is_null, cases[i].is_null);
        yaml_fini(&f);
    }
}

static void a_scalar_knows_its_bytes_in_the_file(void **state)
{
    static const struct {
        const char *text, *bytes;
    } cases[] = {
        { "\xC3\xA4: 1\na: \xE2\x82\xAC 5 # c\n", "\xE2\x82\xAC 5" },
        { "\xC3\xA4: 1\r\na: \"\xE2\x82\xAC \\u20ac\"\r\n", "\xE2\x82\xAC \\u20ac" },
        { "\xC3\xA4: 1\na: 'it''s'\n", "it''s" },
        { "\xC3\xA4: 1\na: ''\n", "" },
        { "b: 1\na: two\n  lines\nc: 3\n", "two\n  lines" },
        { "b: 1\na: >- # c\n  \xC3\xA4\n  b\nc: 3\n", "  \xC3\xA4\n  b\n" },
        { "b: 1\na: |\r\n  x\r\nc: 3\r\n", "  x\r\n" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct yaml_file f;
        char bytes[64];
        parse(&f, cases[i].text);
        const struct yaml_node *node = yaml_find(f.root, "a");
        snprintf(bytes, sizeof bytes, "%.*s", (int)(node->end_byte - node->begin_byte),
                 f.text + node->begin_byte);
        assert_string_equal(bytes, cases[i].bytes);
        yaml_fini(&f);
    }
}

static void depth_and_keys_are_limited(void **state)
{
    char *text = malloc((size_t)64 * 1024);
    size_t used = 0;
    (void)state;
    for (int i = 0; i <= YAML_MEMBERS_MOST; i++)
        used += (size_t)sprintf(text + used, "k%d: 1\n", i);
    assert_refused(text, used, "f.yaml:257:1: error: a map may have at most 256 keys");
    memcpy(text, "a: ", 3);
    memset(text + 3, '[', 60000);
    assert_refused(text, 60003, "f.yaml:1:19: error: lists and maps may be nested at most 16 deep");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_broke_a_parser_are_refused_with_their_place),
        cmocka_unit_test(what_is_not_yaml_is_reported_with_its_place_and_what_to_do),
        cmocka_unit_test(lists_and_maps_are_walked_in_the_order_of_the_file),
        cmocka_unit_test(a_quoted_text_is_never_nothing),
        cmocka_unit_test(a_scalar_knows_its_bytes_in_the_file),
        cmocka_unit_test(depth_and_keys_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
