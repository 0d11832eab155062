#include "alb_line.h"
#include "combined_line.h"
#include "log_groups.h"
#include "log_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char bytes[LOG_ROOM_BYTES];
static struct log_entry entry;

static enum log_skip parse(log_parse_fn *fn, const char *line)
{
    struct log_room room = { .bytes = bytes, .n_bytes = sizeof bytes };
    entry = (struct log_entry){ 0 };
    const enum log_skip skip = fn(&entry, &room, line, strlen(line));
    assert_true(room.used <= sizeof bytes);
    return skip;
}

/* A line of an ALB with the parts that tests differ in. */
static enum log_skip parse_alb(const char *type, const char *times, const char *request, const char *agent,
                               const char *rest)
{
    char line[4096];
    snprintf(line, sizeof line,
             "%s 2026-11-01T00:00:10.500000Z app/lb/50dc 192.0.2.1:2817 10.0.0.1:80 %s 200 200 34 366 \"%s\" "
             "\"%s\" - - arn:aws:x \"Root=1-58\" \"www.example.com\" \"arn\"%s",
             type, times, request, agent, rest);
    return parse(alb_line_parse, line);
}

static const char rest[] =
    " 0 2026-11-01T00:00:09.250001Z \"forward\" \"-\" \"-\" \"10.0.0.1:80\" \"200\" \"-\" "
    "\"-\" TID_1 \"-\" \"-\" \"-\" 10.0.0.1";
enum { SECOND_2026_11_01 = 1793491200 };
static const uint64_t second = UINT64_C(1000000000);

static void an_alb_request_is_due_when_it_was_created(void **state)
{
    (void)state;
    assert_int_equal(parse_alb("h2", "0.001 0.200 0.049", "GET https://www.example.com:443/a?b=c HTTP/2.0",
                               "Mozilla (\\\"x\\\") \\\\ \\xC3\\xA4", rest),
                     LOG_TAKEN);
    assert_true(entry.due_ns == SECOND_2026_11_01 * second + 9250001000);
    assert_true(entry.took_ns == 250000000);
    assert_int_equal(entry.status, 200);
    assert_string_equal(entry.method, "GET");
    assert_string_equal(entry.path, "/a?b=c");
    assert_string_equal(entry.origin, "https://www.example.com:443");
    assert_string_equal(entry.agent, "Mozilla (\"x\") \\ \xC3\xA4");
    assert_true(entry.is_http2);
}

static void an_alb_line_without_creation_time_is_due_before_its_answer(void **state)
{
    (void)state;
    assert_int_equal(parse_alb("http", "0.001 0.200 0.049", "GET http://a:80/ HTTP/1.1", "-", ""), LOG_TAKEN);
    assert_true(entry.due_ns == SECOND_2026_11_01 * second + 10250000000);
    assert_false(entry.is_http2);
    assert_string_equal(entry.agent, "");
}

static void a_request_that_reached_no_target_has_no_time(void **state)
{
    (void)state;
    assert_int_equal(parse_alb("http", "-1 -1 -1", "GET http://a:80/ HTTP/1.1", "-", rest), LOG_TAKEN);
    assert_true(entry.took_ns == LOG_UNKNOWN);
}

static void alb_lines_without_a_request_are_left_out(void **state)
{
    (void)state;
    assert_int_equal(parse_alb("http", "-1 -1 -1", "- - - ", "-", rest), LOG_NO_REQUEST);
    assert_int_equal(parse_alb("http", "-1 -1 -1", "- http://a:80- -", "-", rest), LOG_NO_REQUEST);
    assert_int_equal(parse_alb("ws", "0 0 0", "GET http://a:80/ HTTP/1.1", "-", rest), LOG_NOT_HTTP);
    assert_int_equal(parse_alb("wss", "0 0 0", "GET http://a:80/ HTTP/1.1", "-", rest), LOG_NOT_HTTP);
    assert_int_equal(parse_alb("grpcs", "0 0 0", "POST https://a:443/ HTTP/2.0", "-", rest), LOG_NOT_HTTP);
    assert_int_equal(parse_alb("smtp", "0 0 0", "GET http://a:80/ HTTP/1.1", "-", rest), LOG_BROKEN);
    assert_int_equal(parse(alb_line_parse, "http 2026"), LOG_BROKEN);
    assert_int_equal(parse(alb_line_parse, "http \"2026"), LOG_BROKEN);
    assert_int_equal(parse(alb_line_parse, ""), LOG_BROKEN);
}

static void apache_and_nginx_write_the_combined_form(void **state)
{
    (void)state;
    assert_int_equal(
        parse(combined_line_parse,
              "203.0.113.7 - frank [01/Nov/2026:01:00:09 +0100] \"GET /a%20b?q=1 HTTP/1.1\" 304 - "
              "\"http://a/?token=x&y=1\" \"Mozilla/5.0 \\\"q\\\"\""),
        LOG_TAKEN);
    assert_true(entry.due_ns == (SECOND_2026_11_01 + 9) * second);
    assert_true(entry.took_ns == LOG_UNKNOWN);
    assert_int_equal(entry.status, 304);
    assert_string_equal(entry.path, "/a%20b?q=1");
    assert_string_equal(entry.origin, "");
    assert_string_equal(entry.referer, "http://a/?token=hidden&y=1");
    assert_string_equal(entry.agent, "Mozilla/5.0 \"q\"");
}

static void the_common_form_and_a_virtual_host_in_front_are_read(void **state)
{
    (void)state;
    assert_int_equal(parse(combined_line_parse,
                           "www.example.com:443 1.2.3.4 - - [31/Oct/2026:16:00:09 -0800] "
                           "\"POST / HTTP/2.0\" 200 5"),
                     LOG_TAKEN);
    assert_true(entry.due_ns == (SECOND_2026_11_01 + 9) * second);
    assert_string_equal(entry.method, "POST");
}

static void the_time_of_nginx_is_the_first_word_behind_the_agent_or_named(void **state)
{
    static const struct {
        const char *behind;
        uint64_t took_ns;
    } cases[] = { { " 0.250", 250000000 },
                  { " \"-\" 0.250", LOG_UNKNOWN },
                  { " x rt=1.500 uct=0.000", 1500000000 },
                  { " request_time=0.001", 1000000 },
                  { " 250", LOG_UNKNOWN },
                  { " 1.2.3.4", LOG_UNKNOWN },
                  { "", LOG_UNKNOWN } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[512];
        snprintf(line, sizeof line,
                 "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"%s",
                 cases[i].behind);
        assert_int_equal(parse(combined_line_parse, line), LOG_TAKEN);
        assert_true(entry.took_ns == cases[i].took_ns);
    }
}

static void combined_lines_without_a_request_are_left_out(void **state)
{
    static const struct {
        const char *line;
        enum log_skip skip;
    } cases[] = {
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"-\" 408 0 \"-\" \"-\"", LOG_NO_REQUEST },
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"\" 400 0 \"-\" \"-\"", LOG_NO_REQUEST },
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"\\x16\\x03\\x01\" 400 0", LOG_NO_REQUEST },
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"OPTIONS * HTTP/1.0\" 200 0", LOG_NO_REQUEST },
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"CONNECT a:443 HTTP/1.1\" 200 0", LOG_NO_REQUEST },
        { "1.2.3.4 - - [32/Nov/2026:00:00:09 +0000] \"GET / HTTP/1.1\" 200 0", LOG_BROKEN },
        { "1.2.3.4 - - [01/Foo/2026:00:00:09 +0000] \"GET / HTTP/1.1\" 200 0", LOG_BROKEN },
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000 \"GET / HTTP/1.1\" 200 0", LOG_BROKEN },
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"GET / HTTP/1.1", LOG_BROKEN },
        { "1.2.3.4 - - [01/Nov/2026:00:00:09 +0000] \"GET / HTTP/1.1\" 2x0 0", LOG_BROKEN },
        { "hello", LOG_BROKEN },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(parse(combined_line_parse, cases[i].line), cases[i].skip);
}

static void a_path_is_made_ready_to_be_sent(void **state)
{
    static const char *const cases[][2] = {
        { "GET /a b HTTP/1.1", "/a%20b" },
        { "GET /a b", "/a%20b" },
        { "GET /x#frag HTTP/1.1", "/x" },
        { "GET /\\xC3\\xA4\\\"\\x23 HTTP/1.1", "/%C3%A4%22%23" },
        { "GET http://a HTTP/1.1", "/" },
        { "GET http://a?x HTTP/1.1", "/?x" },
        { "GET /?password=a+b&x=&sid=7 HTTP/1.1", "/?password=hidden&x=&sid=hidden" },
        { "GET /?token= HTTP/1.1", "/?token=" },
        { "GET //a//b HTTP/1.0", "//a//b" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_room room = { .bytes = bytes, .n_bytes = sizeof bytes };
        const struct log_word word = { cases[i][0], strlen(cases[i][0]), true };
        assert_true(log_text_request(&entry, &room, &word));
        assert_string_equal(entry.path, cases[i][1]);
    }
}

static void requests_that_differ_in_identifiers_are_one_group(void **state)
{
    static const char *const cases[][2] = {
        { "/", "GET /" },
        { "/items/17", "GET /items/{n}" },
        { "/items/17/x/18?y=19", "GET /items/{n}/x/{n}" },
        { "/u/0f8fad5b-d9cb-469f-a165-70867728950e", "GET /u/{n}" },
        { "/b/deadbeef01", "GET /b/{n}" },
        { "/b/deadbeef", "GET /b/deadbeef" },
        { "/v1/s", "GET /v1/s" },
        { "/k/aZ3kQ9xY7bM2pL0w", "GET /k/{n}" },
        { "/a//b/", "GET /a//b/" },
    };
    char pattern[LOG_GROUP_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        log_groups_pattern("GET", cases[i][0], pattern);
        assert_string_equal(pattern, cases[i][1]);
    }
}

static void the_most_frequent_groups_have_rows_of_their_own(void **state)
{
    struct log_groups *g = calloc(1, sizeof *g);
    struct err *none = NULL;
    char path[64];
    (void)state;
    for (int i = 0; i < 100; i++)
        for (int k = 0; k <= i; k++) {
            snprintf(path, sizeof path, "/g%c%c/%d", 'a' + i / 10, 'a' + i % 10, k);
            assert_int_equal(log_groups_count(g, "GET", path, none), 0);
        }
    assert_int_equal(log_groups_count(g, "POST", "/gjj/5", none), 0);
    log_groups_name(g);
    assert_int_equal(g->n_named, 63);
    assert_string_equal(log_groups_row(g, "GET", "/gjj/7"), "gjj-n");
    assert_string_equal(log_groups_row(g, "GET", "/gaa/7"), "other");
    assert_string_equal(log_groups_row(g, "POST", "/gjj/7"), "other");
    assert_string_equal(log_groups_row(g, "GET", "/never"), "other");
    log_groups_fini(g);
    free(g);
}

static void names_of_rows_are_unique(void **state)
{
    struct log_groups *g = calloc(1, sizeof *g);
    struct err *none = NULL;
    (void)state;
    log_groups_count(g, "GET", "/", none);
    log_groups_count(g, "POST", "/", none);
    log_groups_count(g, "GET", "/a.b", none);
    log_groups_count(g, "GET", "/a-b", none);
    log_groups_count(g, "GET", "/other", none);
    log_groups_name(g);
    assert_string_equal(log_groups_row(g, "GET", "/"), "root");
    assert_string_equal(log_groups_row(g, "POST", "/"), "post");
    assert_string_equal(log_groups_row(g, "GET", "/a-b"), "a-b");
    assert_string_equal(log_groups_row(g, "GET", "/a.b"), "a-b-2");
    assert_string_equal(log_groups_row(g, "GET", "/other"), "other-2");
    log_groups_fini(g);
    free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alb_request_is_due_when_it_was_created),
        cmocka_unit_test(an_alb_line_without_creation_time_is_due_before_its_answer),
        cmocka_unit_test(a_request_that_reached_no_target_has_no_time),
        cmocka_unit_test(alb_lines_without_a_request_are_left_out),
        cmocka_unit_test(apache_and_nginx_write_the_combined_form),
        cmocka_unit_test(the_common_form_and_a_virtual_host_in_front_are_read),
        cmocka_unit_test(the_time_of_nginx_is_the_first_word_behind_the_agent_or_named),
        cmocka_unit_test(combined_lines_without_a_request_are_left_out),
        cmocka_unit_test(a_path_is_made_ready_to_be_sent),
        cmocka_unit_test(requests_that_differ_in_identifiers_are_one_group),
        cmocka_unit_test(the_most_frequent_groups_have_rows_of_their_own),
        cmocka_unit_test(names_of_rows_are_unique),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
