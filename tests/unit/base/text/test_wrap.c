#include "wrap.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

static void expect(const char *text, size_t column, size_t indent, const char *right)
{
    char *written;
    size_t bytes;
    FILE *out = open_memstream(&written, &bytes);
    wrap_print(out, text, column, indent);
    fclose(out);
    assert_string_equal(written, right);
    free(written);
}

#define FORTY "forty forty forty forty forty forty for."

static void lines_are_broken_at_80_columns_and_indented(void **state)
{
    (void)state;
    expect("short", 0, 4, "    short\n");
    expect("short", 4, 4, "short\n");
    expect(FORTY " " FORTY "y", 0, 0, FORTY " forty forty forty forty forty forty\nfor.y\n");
    expect(FORTY " 4444 forty forty forty forty forty long", 0, 0,
           FORTY " 4444 forty forty forty forty forty long\n");
    expect(FORTY " 4444 forty forty forty forty forty long.", 0, 2,
           "  " FORTY " 4444 forty forty forty forty forty\n  long.\n");
}

static void a_long_word_stays_whole(void **state)
{
    (void)state;
    expect("a " FORTY FORTY, 0, 0,
           "a forty forty forty forty forty forty for.forty forty forty forty forty forty\n"
           "for.\n");
    expect("a ==========================================================================================", 0,
           0,
           "a\n==========================================================================================\n");
}

static void a_number_keeps_its_unit(void **state)
{
    (void)state;
    expect(FORTY " forty forty forty forty forty forty 5 ms.", 0, 0,
           FORTY " forty forty forty forty forty forty\n5 ms.\n");
    expect(FORTY " forty forty forty forty forty forty 5 me", 0, 0,
           FORTY " forty forty forty forty forty forty 5\nme\n");
    assert_false(wrap_may_break("95 % of", 2));
    assert_true(wrap_may_break("95 % of", 4));
    assert_true(wrap_may_break(" ms", 0));
    assert_false(wrap_may_break("212 601 requests", 3));
    assert_true(wrap_may_break("212 601 requests", 7));
    assert_true(wrap_may_break("threads 1 to 2", 9));
    assert_true(wrap_may_break("2 12a", 1));
    assert_true(wrap_may_break("2 1234", 1));
}

static void line_ends_are_blanks_but_paragraphs_and_examples_stay(void **state)
{
    (void)state;
    expect("one\ntwo\n\nthree\n  loadgen run x\n  loadgen run y\nfour", 0, 0,
           "one two\n\nthree\n  loadgen run x\n  loadgen run y\nfour\n");
    expect("", 0, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_at_80_columns_and_indented),
        cmocka_unit_test(a_long_word_stays_whole),
        cmocka_unit_test(a_number_keeps_its_unit),
        cmocka_unit_test(line_ends_are_blanks_but_paragraphs_and_examples_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
