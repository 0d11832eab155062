#include "csv.h"
#include "err.h"

#include "cm.h"
#include "scratch.h"

#include <math.h>

static void results_hold_no_escapes_and_no_broken_characters(void **state)
{
    static const char text[] = "x,y\n\x1B[2Ja,\"two\nlines\"\no\xE9t,\xC3\xBC\n";
    struct csv_reader r;
    struct err e;
    (void)state;
    const char *path = scratch_write("escapes.csv", text, sizeof text - 1);
    assert_int_equal(csv_open_results(&r, path, &e), 0);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[0], "?[2Ja");
    assert_string_equal(r.fields[1], "two lines");
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[0], "o?t");
    assert_string_equal(r.fields[1], "\xC3\xBC");
    csv_reader_fini(&r);
    assert_int_equal(csv_open(&r, path, &e), 0); /* a feed is taken byte for byte */
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[0], "\x1B[2Ja");
    csv_reader_fini(&r);
}

static int open_text(struct csv_reader *r, const char *text, struct err *e)
{
    return csv_open(r, scratch_write("in.csv", text, strlen(text)), e);
}

static int open_results_text(struct csv_reader *r, const char *text, struct err *e)
{
    return csv_open_results(r, scratch_write("in.csv", text, strlen(text)), e);
}

static void rows_may_end_before_the_file_does(void **state)
{
    struct csv_reader r;
    struct err e;
    (void)state;
    assert_int_equal(open_results_text(&r, "t_s,x\n0,a\n1,b\n2,c\n1,d\n", &e), 0);
    csv_end_before(&r, 0, 2);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[1], "b");
    assert_int_equal(csv_next(&r, &e), 0);
    csv_reader_fini(&r);
    assert_int_equal(open_results_text(&r, "t_s,x\nlong,a\n", &e), 0);
    csv_end_before(&r, 0, 2);
    assert_int_equal(csv_next(&r, &e), -1);
    assert_non_null(strstr(e.text, "column 't_s' must hold a finite number"));
    csv_reader_fini(&r);
}

static void a_last_line_may_be_cut_short_where_that_is_allowed(void **state)
{
    struct csv_reader r;
    struct err e;
    (void)state;
    assert_int_equal(open_results_text(&r, "t_s,x\n0,a\n1,\"b", &e), 0);
    r.may_be_cut = true;
    assert_int_equal(csv_next(&r, &e), 1);
    assert_int_equal(csv_next(&r, &e), 0);
    csv_reader_fini(&r);
}

static void columns_are_found_by_name(void **state)
{
    struct csv_reader r;
    struct err e;
    (void)state;
    assert_int_equal(open_text(&r, "t_s,\"p50, us\",t_s2\n", &e), 0);
    assert_int_equal(csv_column(&r, "t_s", &e), 0);
    assert_int_equal(csv_column(&r, "p50, us", &e), 1);
    assert_int_equal(csv_column(&r, "t", &e), -1);
    assert_non_null(strstr(e.text, "in.csv has no column 't'"));
    csv_reader_fini(&r);
}

static void a_reader_goes_to_a_row_that_another_was_at(void **state)
{
    static const char text[] = "x,y\n1,\"two\nlines\"\n2,b\n3,c\n";
    struct csv_reader r;
    struct csv_place place;
    struct err e;
    (void)state;
    assert_int_equal(open_text(&r, text, &e), 0);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_int_equal(csv_next(&r, &e), 1);
    place = csv_place(&r);
    csv_reader_fini(&r);
    assert_int_equal(open_text(&r, text, &e), 0);
    assert_int_equal(csv_go(&r, place, &e), 0);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[0], "2");
    assert_int_equal(r.line_number, 4);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[0], "3");
    assert_int_equal(csv_place(&r).bytes, sizeof text - 1 - 4);
    csv_reader_fini(&r);
}

static void numbers_are_read_strictly(void **state)
{
    struct csv_reader r;
    struct err e;
    uint64_t whole;
    double real;
    (void)state;
    assert_int_equal(open_text(&r,
                               "a,b,c,d,e\n18446744073709551615,,-1,1e3,18446744073709551616\n12x,nan,0x10,1."
                               "5.2, 7\n0,007,9,1,2\n",
                               &e),
                     0);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_int_equal(csv_get_u64(&r, 0, 5, &whole, &e), 0);
    assert_true(whole == UINT64_MAX);
    assert_int_equal(csv_get_u64(&r, 1, 5, &whole, &e), 0);
    assert_int_equal(whole, 5);
    assert_int_equal(csv_get_u64(&r, 2, 5, &whole, &e), -1);
    assert_non_null(strstr(e.text, "in.csv:2: column 'c' must hold a whole number, not '-1'"));
    assert_int_equal(csv_get_u64(&r, 3, 5, &whole, &e), -1);
    assert_int_equal(csv_get_u64(&r, 4, 5, &whole, &e), -1);
    assert_int_equal(csv_get_real(&r, 1, NAN, &real, &e), 0);
    assert_true(isnan(real));
    assert_int_equal(csv_get_real(&r, 2, 0, &real, &e), 0);
    assert_true(real == -1);
    assert_int_equal(csv_get_real(&r, 3, 0, &real, &e), 0);
    assert_true(real == 1000);
    assert_int_equal(csv_next(&r, &e), 1);
    for (int column = 0; column < 5; column++) {
        assert_int_equal(csv_get_u64(&r, column, 0, &whole, &e), -1);
        assert_int_equal(csv_get_real(&r, column, 0, &real, &e), -1);
    }
    assert_int_equal(csv_next(&r, &e), 1);
    static const uint64_t want[] = { 0, 7, 9, 1, 2 };
    for (int column = 0; column < 5; column++) {
        assert_int_equal(csv_get_u64(&r, column, 5, &whole, &e), 0);
        assert_int_equal(whole, want[column]);
    }
    csv_reader_fini(&r);
}

static void broken_rows_name_file_and_line(void **state)
{
    static const struct {
        const char *row, *says;
    } cases[] = {
        { "1\n", "in.csv:3: the row has 1 cells where the header has 2" },
        { "1,2,3\n", "in.csv:3: the row has 3 cells where the header has 2" },
        { "\n", "in.csv:3: the row has 1 cells" },
        { "\"1,2\n3,4\n", "in.csv:3: quotes must enclose a whole cell" },
        { "\"1\"x,2\n", "in.csv:3: quotes must enclose a whole cell" },
        { "1,x\"2\n", "in.csv:3: quotes must enclose a whole cell" },
        { "1,2\"\"\n", "in.csv:3: quotes must enclose a whole cell" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct csv_reader r;
        struct err e;
        char text[64];
        snprintf(text, sizeof text, "a,b\n0,0\n%s", cases[i].row);
        assert_int_equal(open_text(&r, text, &e), 0);
        assert_int_equal(csv_next(&r, &e), 1);
        assert_int_equal(csv_next(&r, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        if (!strstr(e.text, cases[i].says))
            fail_msg("'%s' should say '%s'", e.text, cases[i].says);
        csv_reader_fini(&r);
    }
}

static void remarks_between_rows_are_skipped_when_asked(void **state)
{
    struct csv_reader r;
    struct err e;
    (void)state;
    assert_int_equal(open_text(&r, "a,b\nno row\n1,2\nno row\n\n6,7\nno row\n1,2,3\n", &e), 0);
    r.skips_remarks = true;
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[1], "2");
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[1], "7");
    assert_int_equal(csv_next(&r, &e), -1);
    assert_non_null(strstr(e.text, ":8: the row has 3 cells"));
    csv_reader_fini(&r);
}

static void a_row_over_lines_is_named_by_its_first(void **state)
{
    struct csv_reader r;
    struct err e;
    (void)state;
    assert_int_equal(open_text(&r, "a,b\r\n\"1\n\n2\",3\r\n4,5\r\n", &e), 0);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[0], "1\n\n2");
    assert_string_equal(r.fields[1], "3");
    assert_int_equal(r.line_number, 2);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[1], "5");
    assert_int_equal(r.line_number, 5);
    csv_reader_fini(&r);
}

/* The last cell may have been 5 or 512. */
static void a_last_line_without_its_end_is_cut_short(void **state)
{
    static const char *const cut[] = { "a,b\n1,2\n4,5", "a,b\n1,2\n4", "a,b\n1,2\n4,\"5",
                                       "a,b\n1,2\n4,\"5\n6" };
    struct csv_reader r;
    struct err e;
    (void)state;
    for (size_t i = 0; i < N_OF(cut); i++) {
        assert_int_equal(open_results_text(&r, cut[i], &e), 0);
        assert_int_equal(csv_next(&r, &e), 1);
        assert_int_equal(csv_next(&r, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_non_null(strstr(e.text, ":3: the line is cut short: the file is not whole"));
        csv_reader_fini(&r);
    }
    assert_int_equal(open_results_text(&r, "a,b", &e), 0);
    assert_int_equal(csv_next(&r, &e), -1);
    csv_reader_fini(&r);
    assert_int_equal(open_text(&r, cut[0], &e), 0); /* people's own files do without */
    assert_int_equal(csv_next(&r, &e), 1);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[1], "5");
    assert_int_equal(csv_next(&r, &e), 0);
    csv_reader_fini(&r);
}

static void files_that_are_no_csv_are_refused(void **state)
{
    struct csv_reader r;
    struct err e;
    (void)state;
    assert_int_equal(open_text(&r, "", &e), -1);
    assert_non_null(strstr(e.text, "in.csv is empty; a header row was expected"));
    assert_int_equal(csv_open(&r, scratch_write("nul.csv", "a\0b\n", 4), &e), -1);
    assert_non_null(strstr(e.text, "nul.csv:1: a NUL byte has no place in a CSV file"));
    assert_int_equal(csv_open(&r, scratch_path("missing.csv"), &e), -1);
    assert_non_null(strstr(e.text, "No such file"));
    assert_int_equal(csv_open(&r, scratch_folder, &e), -1);
    assert_non_null(strstr(e.text, "Is a directory"));
}

/* The second line of a row is far longer than the room that the first one made. */
static void lines_of_a_row_may_be_of_any_length(void **state)
{
    static char text[10100], wanted[10100];
    struct csv_reader r;
    struct err e;
    (void)state;
    strcpy(text, "a,b\n\"x\n");
    memset(text + strlen(text), 'y', 10000);
    snprintf(wanted, sizeof wanted, "%s", text + 5);
    strcat(text, "\",z\n");
    assert_int_equal(csv_open(&r, scratch_write("wide.csv", text, strlen(text)), &e), 0);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[0], wanted);
    assert_string_equal(r.fields[1], "z");
    assert_int_equal(csv_next(&r, &e), 0);
    csv_reader_fini(&r);
}

static void more_columns_than_fit_at_first_are_read(void **state)
{
    struct csv_reader r;
    struct err e;
    char text[1000] = "c0", row[500] = "0";
    (void)state;
    for (int i = 1; i < 65; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), ",c%d", i);
        snprintf(row + strlen(row), sizeof row - strlen(row), ",%d", i);
    }
    strcat(text, "\n");
    strcat(text, row);
    assert_int_equal(csv_open(&r, scratch_write("many.csv", text, strlen(text)), &e), 0);
    assert_int_equal(r.n_columns, 65);
    assert_int_equal(csv_next(&r, &e), 1);
    assert_string_equal(r.fields[64], "64");
    assert_int_equal(csv_column(&r, "c64", &e), 64);
    csv_reader_fini(&r);
}

static void a_quote_never_closed_is_read_in_linear_time(void **state)
{
    const size_t n = 2000000; /* a reader that looks at all of the row for each line would need hours */
    char *text = malloc(2 * n + 6);
    struct csv_reader r;
    struct err e;
    (void)state;
    memcpy(text, "a\n\"", 3);
    for (size_t i = 0; i < n; i++)
        memcpy(text + 3 + 2 * i, "x\n", 2);
    assert_int_equal(csv_open(&r, scratch_write("long.csv", text, 3 + 2 * n), &e), 0);
    assert_int_equal(csv_next(&r, &e), -1);
    csv_reader_fini(&r);
    free(text);
}

static void a_byte_order_mark_is_no_part_of_the_first_column(void **state)
{
    static const char *const cases[] = { "\xEF\xBB\xBFpath,body\n/a,1\n",
                                         "\xEF\xBB\xBF\"path\",body\r\n/a,1\r\n", "path,body\n/a,1" };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct csv_reader r;
        struct err e;
        const char *path = scratch_write("mark.csv", cases[i], strlen(cases[i]));
        assert_int_equal(csv_open(&r, path, &e), 0);
        assert_int_equal(csv_column(&r, "path", &e), 0);
        assert_int_equal(csv_next(&r, &e), 1);
        assert_string_equal(r.fields[0], "/a");
        csv_reader_fini(&r);
    }
}

static void a_mark_may_stand_before_a_single_letter(void **state)
{
    static const char text[] = "\xEF\xBB\xBF"
                               "a\n1\n";
    struct csv_reader r;
    struct err e;
    (void)state;
    assert_int_equal(csv_open(&r, scratch_write("letter.csv", text, sizeof text - 1), &e), 0);
    assert_int_equal(csv_column(&r, "a", &e), 0);
    csv_reader_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_hold_no_escapes_and_no_broken_characters),
        cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_column),
        cmocka_unit_test(remarks_between_rows_are_skipped_when_asked),
        cmocka_unit_test(rows_may_end_before_the_file_does),
        cmocka_unit_test(a_last_line_may_be_cut_short_where_that_is_allowed),
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(a_reader_goes_to_a_row_that_another_was_at),
        cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(broken_rows_name_file_and_line),
        cmocka_unit_test(a_row_over_lines_is_named_by_its_first),
        cmocka_unit_test(a_last_line_without_its_end_is_cut_short),
        cmocka_unit_test(files_that_are_no_csv_are_refused),
        cmocka_unit_test(lines_of_a_row_may_be_of_any_length),
        cmocka_unit_test(more_columns_than_fit_at_first_are_read),
        cmocka_unit_test(a_quote_never_closed_is_read_in_linear_time),
        cmocka_unit_test(a_mark_may_stand_before_a_single_letter),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
