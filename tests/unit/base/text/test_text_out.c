#include "text_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void what_is_written_becomes_a_text(void **state)
{
    struct text_out t;
    (void)state;
    assert_true(text_out_begin(&t));
    fprintf(t.file, "%d and %s", 1, "more");
    char *text = text_out_end(&t);
    assert_string_equal(text, "1 and more");
    assert_int_equal(t.length_bytes, 10);
    free(text);
}

static void nothing_is_an_empty_text(void **state)
{
    struct text_out t;
    (void)state;
    assert_true(text_out_begin(&t));
    char *text = text_out_end(&t);
    assert_string_equal(text, "");
    free(text);
}

static void without_memory_there_is_no_text(void **state)
{
    struct text_out t = { 0 };
    (void)state;
    assert_null(text_out_end(&t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_becomes_a_text),
        cmocka_unit_test(nothing_is_an_empty_text),
        cmocka_unit_test(without_memory_there_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
