#include "table.h"

#include "cm.h"

#include <stdlib.h>

static char *print(const struct table *t)
{
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    assert_int_equal(table_print(t, out), 0);
    fclose(out);
    return text;
}

static void numbers_stand_right_and_words_left(void **state)
{
    (void)state;
    struct table t = { 0 };
    table_column(&t, TABLE_LEFT, 2);
    table_column(&t, TABLE_RIGHT, 2);
    table_column(&t, TABLE_LEFT, 0);
    table_cell(&t, "%s", "");
    table_cell(&t, "p50");
    table_end_row(&t);
    table_cell(&t, "cluster1");
    table_cell(&t, "%.2f", 12.5);
    table_cell(&t, "*");
    table_cell(&t, "t2");
    table_cell(&t, "%d", 7);
    table_end_row(&t);
    char *text = print(&t);
    assert_string_equal(text, "              p50\n"
                              "  cluster1  12.50*\n"
                              "  t2            7\n");
    free(text);
    table_fini(&t);
}

static void width_counts_characters_not_bytes(void **state)
{
    (void)state;
    struct table t = { 0 };
    table_column(&t, TABLE_RIGHT, 0);
    table_column(&t, TABLE_LEFT, 1);
    table_cell(&t, "µs");
    table_cell(&t, "a");
    table_cell(&t, "abcd");
    table_cell(&t, "b");
    char *text = print(&t);
    assert_string_equal(text, "  µs a\nabcd b\n");
    free(text);
    table_fini(&t);
}

static void points_stand_below_each_other(void **state)
{
    (void)state;
    static const char *const cells[] = { "p99", "2.31", "14.7", "398", "6.1*", "0.5", "9", "-" };
    struct table t = { 0 };
    table_column(&t, TABLE_POINT, 1);
    table_column(&t, TABLE_LEFT, 1);
    for (size_t i = 0; i < N_OF(cells); i++) {
        table_cell(&t, "%s", cells[i]);
        table_cell(&t, "|");
    }
    char *text = print(&t);
    assert_string_equal(text, "    p99 |\n"
                              "   2.31 |\n"
                              "  14.7  |\n"
                              " 398    |\n"
                              "   6.1* |\n"
                              "   0.5  |\n"
                              "   9    |\n"
                              "      - |\n");
    free(text);
    table_fini(&t);
}

static void an_empty_table_prints_nothing(void **state)
{
    (void)state;
    struct table t = { 0 };
    table_column(&t, TABLE_RIGHT, 0);
    char *text = print(&t);
    assert_string_equal(text, "");
    free(text);
    table_fini(&t);
}

static void a_table_has_as_many_rows_as_it_is_given(void **state)
{
    (void)state;
    char want[4096];
    size_t n = 0;
    struct table t = { 0 };
    table_column(&t, TABLE_LEFT, 0);
    table_column(&t, TABLE_RIGHT, 1);
    for (int i = 0; i < 100; i++) {
        table_cell(&t, "r%d", 100 + i);
        table_cell(&t, "%d", 10 + i % 90);
        n += (size_t)snprintf(want + n, sizeof want - n, "r%d %d\n", 100 + i, 10 + i % 90);
    }
    char *text = print(&t);
    assert_string_equal(text, want);
    free(text);
    table_fini(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stand_right_and_words_left),
        cmocka_unit_test(width_counts_characters_not_bytes),
        cmocka_unit_test(points_stand_below_each_other),
        cmocka_unit_test(an_empty_table_prints_nothing),
        cmocka_unit_test(a_table_has_as_many_rows_as_it_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
