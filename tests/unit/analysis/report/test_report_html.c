/* Text from files cannot become markup, and drawings in one page do not mix. */
#include "cm.h"

#include "report_html.h"
#include "report_tex_text.h"

#include <stdlib.h>
#include <string.h>

static char written[4096];

/* Runs the statement with a stream `out` into `written`. */
#define WRITE(statement)                                                                                     \
    do {                                                                                                     \
        written[0] = '\0'; /* a stream without output leaves the buffer unchanged */                         \
        FILE *out = fmemopen(written, sizeof written, "w");                                                  \
        assert_non_null(out);                                                                                \
        statement;                                                                                           \
        assert_int_equal(fclose(out), 0);                                                                    \
    } while (0)

static void html_from_a_file_is_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "plain", "plain" },
        { "<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" },
        { "a & \"b\"", "a &amp; &quot;b&quot;" },
        { "two\nlines\tand a tab", "two\nlines\tand a tab" },
        { "bell\a", "bell\xEF\xBF\xBD" },
        { "\xC2\xB5s", "\xC2\xB5s" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WRITE(report_html_text(out, cases[i][0]));
        assert_string_equal(written, cases[i][1]);
    }
}

static void a_formatted_text_is_escaped_as_a_whole(void **state)
{
    (void)state;
    WRITE(report_html_printf(out, "%s < %d", "<b>", 3));
    assert_string_equal(written, "&lt;b&gt; &lt; 3");
}

static void links_are_percent_encoded(void **state)
{
    (void)state;
    WRITE(report_html_link(out, "figures/a b\"#?.csv", "a <b>"));
    assert_string_equal(written, "<a href=\"figures/a%20b%22%23%3F.csv\">a &lt;b&gt;</a>");
}

static void words_in_backticks_become_code_and_always_end(void **state)
{
    (void)state;
    WRITE(report_html_prose(out, "try `a <b>` now"));
    assert_string_equal(written, "try <code>a &lt;b&gt;</code> now");
    WRITE(report_html_prose(out, "open `end"));
    assert_string_equal(written, "open <code>end</code>");
}

static void columns_of_numbers_are_marked(void **state)
{
    (void)state;
    WRITE(report_html_table(out, "name|#count, <n>"));
    assert_non_null(
        strstr(written, "<th scope=\"col\">name</th><th scope=\"col\" class=\"n\">count, &lt;n&gt;</th>"));
}

static void ids_of_a_drawing_and_what_refers_to_them_get_its_prefix(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<svg id=\"a\">", "<svg id=\"f-a\">" },
        { "<svg><use xlink:href='#gpPt5' id='gpPt6'/>", "<svg><use xlink:href='#f-gpPt5' id='f-gpPt6'/>" },
        { "<svg><path clip-path=\"url(#c)\"/>", "<svg><path clip-path=\"url(#f-c)\"/>" },
        { "<svg><title>Gnuplot</title><desc>by</desc><!-- c --><g/>", "<svg><g/>" },
        { "<svg><title>never closed", "<svg><title>never closed" },
        { "no drawing at all", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WRITE(report_html_svg(out, cases[i][0], "f"));
        assert_string_equal(written, cases[i][1]);
    }
}

static void tex_from_a_file_is_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "plain", "plain" },
        { "50 % of $5 & #1_a {b}", "50 \\% of \\$5 \\& \\#1\\_a \\{b\\}" },
        { "\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}" },
        { "~^", "\\textasciitilde{}\\textasciicircum{}" },
        { "--pairs", "-{}-{}pairs" },
        { "\xC2\xB5s \xC3\xA9", "\xC2\xB5s \xC3\xA9" }, /* Latin-1 stays */
        { "\xE2\x80\xA6 \xF0\x9F\x98\x80!", "? ?!" },   /* characters that pdflatex may lack are replaced */
        { "cut \xE2\x80", "cut ?" },
        { "\xC3", "?" },
        { "bell\a", "bell " },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WRITE(report_tex_text(out, cases[i][0]));
        assert_string_equal(written, cases[i][1]);
    }
    WRITE(report_tex_printf(out, "%s%s", "", "")); /* nothing is a text, too */
    assert_string_equal(written, "");
    WRITE(report_tex_printf(out, "%d %%", 5));
    assert_string_equal(written, "5 \\%");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_from_a_file_is_text),
        cmocka_unit_test(a_formatted_text_is_escaped_as_a_whole),
        cmocka_unit_test(links_are_percent_encoded),
        cmocka_unit_test(words_in_backticks_become_code_and_always_end),
        cmocka_unit_test(columns_of_numbers_are_marked),
        cmocka_unit_test(ids_of_a_drawing_and_what_refers_to_them_get_its_prefix),
        cmocka_unit_test(tex_from_a_file_is_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
