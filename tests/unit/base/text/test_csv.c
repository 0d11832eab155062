#include "csv.h"
#include "err.h"

#include "cm.h"
#include "scratch.h"

#include <math.h>

static void cells_are_written_as_rfc_4180_has_them(void **state)
{
    struct csv_writer w;
    struct err e;
    (void)state;
    const char *path = scratch_path("out.csv");
    assert_int_equal(csv_create(&w, path, "a,b,c,d,e,f,g,h,i", &e), 0);
    csv_text(&w, "plain");
    csv_text(&w, "with, comma");
    csv_text(&w, "with \"quotes\"");
    csv_text(&w, "two\nlines");
    csv_text(&w, "");
    csv_u64(&w, UINT64_MAX);
    csv_i64(&w, INT64_MIN);
    csv_empty(&w);
    csv_fixed(&w, 1.0 / 3, 3);
    csv_end_row(&w);
    csv_us(&w, 1234567);
    csv_us(&w, 999);
    csv_s(&w, UINT64_C(61234567899));
    csv_fixed(&w, NAN, 3);
    csv_fixed(&w, -INFINITY, 3);
    csv_real(&w, 2500);
    csv_real(&w, 0.1);
    csv_real(&w, 1e-7);
    csv_real(&w, NAN);
    csv_end_row(&w);
    assert_int_equal(csv_close(&w, &e), 0);
    assert_int_equal(csv_close(&w, &e), 0);
    char *text = scratch_read(path, NULL);
    assert_string_equal(text,
                        "a,b,c,d,e,f,g,h,i\n"
                        "plain,\"with, comma\",\"with \"\"quotes\"\"\",\"two\nlines\",,18446744073709551615,"
                        "-9223372036854775808,,0.333\n"
                        "1234.567,0.999,61.234567,,,2500,0.1,1e-07,\n");
    free(text);
}

static void what_a_spreadsheet_would_run_is_marked_and_read_as_it_was(void **state)
{
    static const char *const cases[][2] = {
        { "=1+1", "'=1+1" }, { "+1", "'+1" },         { "-x", "'-x" }, { "@SUM(A1)", "'@SUM(A1)" },
        { "'=1", "''=1" },   { "''@x", "'''@x" },     { "'x", "'x" },  { "'", "'" },
        { "a=1", "a=1" },    { "=a,b", "\"'=a,b\"" }, { "-", "'-" },   { "=\"\"", "\"'=\"\"\"\"\"" },
    };
    struct csv_writer w;
    struct csv_reader r;
    struct err e;
    (void)state;
    const char *path = scratch_path("formulas.csv");
    assert_int_equal(csv_create(&w, path, "x,y", &e), 0);
    for (size_t i = 0; i < N_OF(cases); i++) {
        csv_text(&w, cases[i][0]);
        csv_i64(&w, -1); /* a number is none */
        csv_end_row(&w);
    }
    assert_int_equal(csv_close(&w, &e), 0);
    char *text = scratch_read(path, NULL);
    const char *at = strchr(text, '\n') + 1;
    assert_int_equal(csv_open_results(&r, path, &e), 0);
    for (size_t i = 0; i < N_OF(cases); i++) {
        const size_t n = strlen(cases[i][1]);
        assert_memory_equal(at, cases[i][1], n);
        assert_memory_equal(at + n, ",-1\n", 4);
        at += n + 4;
        assert_int_equal(csv_next(&r, &e), 1);
        assert_string_equal(r.fields[0], cases[i][0]);
        assert_string_equal(r.fields[1], "-1");
    }
    csv_reader_fini(&r);
    free(text);
}

static void what_is_written_is_read_again(void **state)
{
    static const char *const texts[] = { "plain", "",      "a,b",      "\"", "\"\"", "two\nlines",
                                         "\r\n",  "end\r", " blanks ", ",",  "\n" };
    struct csv_writer w;
    struct csv_reader r;
    struct err e;
    (void)state;
    const char *path = scratch_path("round.csv");
    assert_int_equal(csv_create(&w, path, "x,y", &e), 0);
    for (size_t i = 0; i < N_OF(texts); i++) {
        csv_text(&w, texts[i]);
        csv_text(&w, texts[N_OF(texts) - 1 - i]);
        csv_end_row(&w);
    }
    assert_int_equal(csv_close(&w, &e), 0);
    assert_int_equal(csv_open(&r, path, &e), 0);
    assert_int_equal(r.n_columns, 2);
    for (size_t i = 0; i < N_OF(texts); i++) {
        assert_int_equal(csv_next(&r, &e), 1);
        assert_string_equal(r.fields[0], texts[i]);
        assert_string_equal(r.fields[1], texts[N_OF(texts) - 1 - i]);
    }
    assert_int_equal(csv_next(&r, &e), 0);
    assert_int_equal(csv_next(&r, &e), 0);
    csv_reader_fini(&r);
    csv_reader_fini(&r);
}

static void flushed_rows_are_in_the_file(void **state)
{
    struct csv_writer w;
    struct err e;
    (void)state;
    const char *path = scratch_path("flush.csv");
    assert_int_equal(csv_create(&w, path, "x", &e), 0);
    csv_u64(&w, 1);
    csv_end_row(&w);
    assert_int_equal(csv_flush(&w, &e), 0);
    char *text = scratch_read(path, NULL);
    assert_string_equal(text, "x\n1\n");
    free(text);
    assert_int_equal(csv_close(&w, &e), 0);
}

static void a_full_disk_shows_at_once(void **state)
{
    struct csv_writer w;
    struct err e;
    (void)state;
    assert_int_equal(csv_create(&w, scratch_path("no/such/folder.csv"), "a", &e), -1);
    assert_int_equal(e.kind, ERR_FAILED);
    assert_int_equal(csv_create(&w, "/dev/full", "a", &e), -1);
    assert_string_equal(e.text, "cannot write /dev/full: No space left on device");
    assert_null(w.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_written_as_rfc_4180_has_them),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_a_spreadsheet_would_run_is_marked_and_read_as_it_was),
        cmocka_unit_test(flushed_rows_are_in_the_file),
        cmocka_unit_test(a_full_disk_shows_at_once),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
