#include "httpd_request.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES_MOST = 512 };

struct parsed {
    struct httpd_request request;
    struct httpd_headers headers;
};

static void begin(struct parsed *p)
{
    httpd_request_init(&p->request, &p->headers, HEAD_BYTES_MOST, false);
}

/* Feeds the bytes `step` at a time, until something other than HTTPD_MORE comes out. */
static enum httpd_parsed feed(struct parsed *p, const char *bytes, size_t step)
{
    enum httpd_parsed parsed = HTTPD_MORE;
    const size_t length = strlen(bytes);
    for (size_t at = 0, used; at < length && parsed == HTTPD_MORE; at += used)
        parsed = httpd_request_parse(&p->request, bytes + at, length - at < step ? length - at : step, &used);
    return parsed;
}

static void a_request_is_read_in_pieces_of_any_size(void **state)
{
    static const char bytes[] = "GET /metrics?x=1 HTTP/1.1\r\nHost: localhost:9090\r\nX-Accept: no\r\n"
                                "accept: text/plain;q=0.5,*/*\r\nLast-Event-ID: 00ff-7\r\n\r\n";
    (void)state;
    for (size_t step = 1; step < sizeof bytes; step++) {
        struct parsed p;
        begin(&p);
        assert_int_equal(feed(&p, bytes, step), HTTPD_COMPLETE);
        assert_int_equal(p.request.parser.method, HTTP_GET);
        assert_true(httpd_request_is_for(&p.request, "/metrics"));
        assert_false(httpd_request_is_for(&p.request, "/"));
        assert_true(p.request.keeps_alive);
        assert_string_equal(p.headers.values[HTTPD_HOST], "localhost:9090");
        assert_string_equal(p.headers.values[HTTPD_ACCEPT], "text/plain;q=0.5,*/*");
        assert_string_equal(p.headers.values[HTTPD_LAST_EVENT_ID], "00ff-7");
    }
}

static void the_next_request_begins_anew(void **state)
{
    static const char bytes[] = "GET /a HTTP/1.1\r\nHost: x\r\n\r\nHEAD /b HTTP/1.0\r\n\r\n";
    struct parsed p;
    size_t used, more;
    (void)state;
    begin(&p);
    assert_int_equal(httpd_request_parse(&p.request, bytes, sizeof bytes - 1, &used), HTTPD_COMPLETE);
    assert_true(httpd_request_is_for(&p.request, "/a"));
    assert_int_equal(httpd_request_parse(&p.request, bytes + used, sizeof bytes - 1 - used, &more),
                     HTTPD_COMPLETE);
    assert_true(httpd_request_is_for(&p.request, "/b"));
    assert_false(p.headers.is_given[HTTPD_HOST]);
    assert_string_equal(p.headers.values[HTTPD_HOST], "");
    assert_int_equal(p.request.parser.method, HTTP_HEAD);
    assert_false(p.request.keeps_alive);
    assert_int_equal(used + more, sizeof bytes - 1);
}

static void a_head_that_is_too_long_is_refused(void **state)
{
    char bytes[2048] = "GET / HTTP/1.1\r\nHost: x\r\nx: ";
    struct parsed p;
    (void)state;
    memset(bytes + strlen(bytes), 'a', 1500);
    begin(&p);
    assert_int_equal(feed(&p, bytes, sizeof bytes), HTTPD_REFUSED);
    assert_int_equal(p.request.refusal, 431);
    begin(&p);
    assert_int_equal(feed(&p, bytes, 1), HTTPD_REFUSED);
}

static void heads_are_limited_one_by_one(void **state)
{
    static const char one[] =
        "GET / HTTP/1.1\r\nHost: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n\r\n";
    struct parsed p;
    (void)state;
    begin(&p);
    for (int i = 0; i < 100; i++)
        assert_int_equal(feed(&p, one, sizeof one), HTTPD_COMPLETE);
}

static void what_a_server_does_not_take_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        unsigned refusal;
    } cases[] = {
        { "this is not HTTP\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 413 },
        { "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413 },
        { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct parsed p;
        begin(&p);
        assert_int_equal(feed(&p, cases[i].bytes, 4096), HTTPD_REFUSED);
        assert_int_equal(p.request.refusal, cases[i].refusal);
    }
}

static void a_server_that_takes_bodies_reads_over_them(void **state)
{
    static const char bytes[] = "POST /cluster1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello";
    struct httpd_request request;
    size_t used;
    (void)state;
    httpd_request_init(&request, NULL, 0, true);
    assert_int_equal(httpd_request_parse(&request, bytes, sizeof bytes - 1, &used), HTTPD_COMPLETE);
    assert_int_equal(used, sizeof bytes - 1);
    assert_true(httpd_request_is_for(&request, "/cluster1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_read_in_pieces_of_any_size),
        cmocka_unit_test(the_next_request_begins_anew),
        cmocka_unit_test(a_head_that_is_too_long_is_refused),
        cmocka_unit_test(heads_are_limited_one_by_one),
        cmocka_unit_test(what_a_server_does_not_take_is_refused),
        cmocka_unit_test(a_server_that_takes_bodies_reads_over_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
