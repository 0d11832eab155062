#include "err.h"
#include "recording_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char heading[] = "due_s,row,method,path,took_s,header:user-agent,status";

struct reading {
    struct recording_columns columns;
    struct recording_line line;
    char text[4096];
};

static const char *read_line(struct reading *r, const char *text)
{
    struct err e;
    snprintf(r->text, sizeof r->text, "%s", heading);
    assert_int_equal(recording_columns_read(&r->columns, r->text, strlen(r->text), &e), 0);
    snprintf(r->text, sizeof r->text, "%s", text);
    const char *wrong = recording_line_read(&r->line, &r->columns, r->text, strlen(r->text));
    recording_columns_fini(&r->columns);
    return wrong;
}

static void assert_text(const struct recording_text *text, const char *expected)
{
    assert_int_equal(text->length_bytes, strlen(expected));
    assert_memory_equal(text->text, expected, text->length_bytes);
}

static void a_line_has_time_row_request_and_headers(void **state)
{
    struct reading r;
    (void)state;
    assert_null(read_line(&r, "12.000125,item,POST,/v1/items?q=%22,0.025,\"Moz \"\"5\"\", x\",200"));
    assert_int_equal(r.line.due_ns, 12000125000);
    assert_int_equal(r.line.took_ns, 25000000);
    assert_text(&r.line.row, "item");
    assert_text(&r.line.method, "POST");
    assert_text(&r.line.path, "/v1/items?q=%22");
    assert_text(&r.line.cells.list[5], "Moz \"5\", x");
}

static void an_empty_method_is_get_and_an_empty_time_unknown(void **state)
{
    struct reading r;
    (void)state;
    assert_null(read_line(&r, "0,home,,/,,,"));
    assert_text(&r.line.method, "GET");
    assert_true(r.line.took_ns == RECORDING_UNKNOWN);
}

static void what_cannot_be_sent_is_refused(void **state)
{
    static const char *const lines[] = {
        "",
        "0,home,GET,/,,",                     /* a cell is missing */
        "0,home,GET,/,,,200,more",            /* one too many */
        "x,home,GET,/,,,",                    /* no time */
        "-1,home,GET,/,,,",                   /* before the start */
        "1e3,home,GET,/,,,",                  /* no decimal number */
        ".,home,GET,/,,,",                    /* no digit */
        "1.0000000001,home,GET,/,,,",         /* below a nanosecond */
        "99999999999999999999,home,GET,/,,,", /* above 64 bits */
        "0,home,GE T,/,,,",
        "0,home,CONNECT,/,,,",
        "0,home,GET,x,,,",
        "0,home,GET,,,,",
        "0,home,GET,/a b,,,",
        "0,home,GET,/\x01,,,",
        "0,home,GET,/#x,,,",
        "0,home,GET,/\xC3\xA4,,,",
        "0,home,GET,/,soon,,",
        "0,home,GET,/,,a\rb,",
        "0,,GET,/,,,",
        "0,a b,GET,/,,,",
        "0,a123456789b123456789c123456789d12,GET,/,,,",
        "0,home,GET,\"/,,,",
        "0,home,GET,\"/\"x,,,",
    };
    struct reading r;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_non_null(read_line(&r, lines[i]));
}

static void refuse_heading(const char *text, const char *part)
{
    struct recording_columns columns;
    struct err e;
    char line[1024];
    snprintf(line, sizeof line, "%s", text);
    assert_int_equal(recording_columns_read(&columns, line, strlen(line), &e), -1);
    assert_non_null(strstr(e.text, part));
    recording_columns_fini(&columns);
}

static void a_heading_names_time_and_path_once(void **state)
{
    (void)state;
    refuse_heading("", "'due_s' and 'path'");
    refuse_heading("due_s,method", "'due_s' and 'path'");
    refuse_heading("due_s,path,path", "two columns are named 'path'");
    refuse_heading("due_s,path,header:Via,header:via", "two columns hold the header via");
    refuse_heading("due_s,path,header:content-length", "computed");
    refuse_heading("due_s,path,header:a b", "letters, digits");
    refuse_heading("due_s,\"path", "not closed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_row_request_and_headers),
        cmocka_unit_test(an_empty_method_is_get_and_an_empty_time_unknown),
        cmocka_unit_test(what_cannot_be_sent_is_refused),
        cmocka_unit_test(a_heading_names_time_and_path_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
