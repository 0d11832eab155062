#include "markdown.h"

#include "text_out.h"

#include "cm.h"

#include <stdlib.h>

typedef void write_fn(FILE *out, const char *text);

static void assert_written(write_fn *write, const char *text, const char *expected)
{
    struct text_out t;
    assert_true(text_out_begin(&t));
    write(t.file, text);
    char *written = text_out_end(&t);
    assert_string_equal(written, expected);
    free(written);
}

static void a_text_shows_as_it_is(void **state)
{
    (void)state;
    assert_written(markdown_text, "", "");
    assert_written(markdown_text, "1.9 ms! \xC3\xBC", "1.9 ms! \xC3\xBC");
    assert_written(markdown_text, "*a* _b_ `c` [d](e) #1 ~~f~~ $g$ \\",
                   "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\#1 \\~\\~f\\~\\~ \\$g\\$ \\\\");
    assert_written(markdown_text, "<img src=x onerror=y> & a|b", "&lt;img src=x onerror=y&gt; &amp; a\\|b");
    assert_written(markdown_text, "a\nb\x1B[2J\xE9\xE2\x80\xAE", "a b?\\[2J??");
}

static void code_is_fenced_by_more_backticks_than_it_holds(void **state)
{
    (void)state;
    assert_written(markdown_code, "p99 < 5ms", "`p99 < 5ms`");
    assert_written(markdown_code, "a`b", "``a`b``");
    assert_written(markdown_code, "``a|b", "``` ``a\\|b ```");
    assert_written(markdown_code, "", "`  `");
}

static void a_table_aligns_numbers_right_and_cells_end_where_they_should(void **state)
{
    static const struct markdown_column columns[] = { { "cluster", false }, { "p99", true } };
    static const char *const cells[] = { "m4|x", "4.9 ms~" };
    struct text_out t;
    (void)state;
    assert_true(text_out_begin(&t));
    markdown_head(t.file, columns, 2);
    markdown_row(t.file, cells, 2);
    char *text = text_out_end(&t);
    assert_string_equal(text, "| cluster | p99 |\n| --- | ---: |\n| m4\\|x | 4.9 ms\\~ |\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_shows_as_it_is),
        cmocka_unit_test(code_is_fenced_by_more_backticks_than_it_holds),
        cmocka_unit_test(a_table_aligns_numbers_right_and_cells_end_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
