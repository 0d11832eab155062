/* Where a response ends, however TCP splits it: lengths, chunks, limits. */
#include "http1_cuts.h"

static void legal_chunks_are_taken(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "3\r\nabc\r\n0\r\n\r\n",
        "3;a\r\nabc\r\n0\r\n\r\n",
        "3;a=b\r\nabc\r\n0;last\r\n\r\n",
        "3;a;b\r\nabc\r\n0;a=b;c\r\n\r\n",
        "3;a=b;c=d\r\nabc\r\n0\r\n\r\n",
        "3;a=\"b\"\r\nabc\r\n0\r\n\r\n",
        "3;a=\"b=c;d\"\r\nabc\r\n0\r\n\r\n",
        "3;a=\"b\\\"c\"\r\nabc\r\n0\r\n\r\n",
        "3;a=\"\\\\\"; b = \"x\\ty\"\r\nabc\r\n0\r\n\r\n",
        "3; a = b\r\nabc\r\n0\r\n\r\n",
        "3 ;\ta=b\r\nabc\r\n0\r\n\r\n",
        "3 \r\nabc\r\n0 \r\n\r\n",
        "3  \t \r\nabc\r\n0\r\n\r\n",
        "003\r\nabc\r\n000\r\n\r\n",
        "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
        "3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Empty:\r\n\r\n",
        "3;a=\"\xc3\xa9\"\r\nabc\r\n0\r\nX: \xe9\r\n\r\n",
        "3\r\nabc\r\n0\r\nX: folded\r\n  once\r\n\r\n",
    };
    static char abc[] = "abc";
    struct plan_expect x = expect_2xx();
    x.checks_body = true;
    x.body_before = abc;
    x.before_bytes = 3;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char bytes[256];
        const int n = snprintf(bytes, sizeof bytes, CHUNKED "%sHTTP", bodies[i]);
        const struct seen seen = read_every_way(&x, bytes, (size_t)n, false);
        if (seen.state != HTTP1_DONE || seen.outcome != OUTCOME_OK || seen.used != (size_t)n - 4)
            fail_msg("%s: state %d, outcome %d, used %zu, %s", bodies[i], (int)seen.state, (int)seen.outcome,
                     seen.used, seen.cause);
        assert_true(seen.keeps_alive);
    }
}

static void illegal_chunks_are_broken(void **state)
{
    (void)state;
    static const struct {
        const char *body, *cause;
    } cases[] = {
        { "\r\n", "invalid character in a chunk's size" },
        { "zz\r\n", "invalid character in a chunk's size" },
        { " 3\r\nabc\r\n", "invalid character in a chunk's size" },
        { "3 4\r\nabc\r\n", "invalid character in a chunk's size" },
        { "-3\r\nabc\r\n", "invalid character in a chunk's size" },
        { "0x3\r\nabc\r\n", "invalid character in a chunk's size" },
        { ";a\r\nabc\r\n", "invalid character in a chunk's size" },
        { "3\nabc\r\n", "invalid character in a chunk's size" },
        { "3;a\nabc\r\n", "invalid character in a chunk's extension" },
        { "3;a\001\r\nabc\r\n", "invalid character in a chunk's extension" },
        { "3\rabc\r\n", "a chunk's size does not end with CR LF" },
        { "3\r\nabcdef\r\n0\r\n\r\n", "no CR LF behind a chunk's data" },
        { "3\r\nabc\n0\r\n\r\n", "no CR LF behind a chunk's data" },
        { "3\r\nabc\r0\r\n\r\n", "no CR LF behind a chunk's data" },
        { "3\r\nab\r\n0\r\n\r\n", "no CR LF behind a chunk's data" },
        { "10000000000000000\r\n", "chunk size is too large" },
        { "0\r\nno trailer\r\n\r\n", "invalid trailer behind the chunks" },
        { "0\r\n: x\r\n\r\n", "invalid trailer behind the chunks" },
        { "0\r\nX: y\rz\r\n\r\n", "invalid line end behind the chunks" },
        { "0\r\n\rx", "invalid line end behind the chunks" },
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[256];
        const int n = snprintf(bytes, sizeof bytes, CHUNKED "%s", cases[i].body);
        const struct seen seen = read_every_way(&x, bytes, (size_t)n, false);
        if (seen.state != HTTP1_BROKEN || strcmp(seen.cause, cases[i].cause) != 0)
            fail_msg("%s: state %d, %s", cases[i].body, (int)seen.state, seen.cause);
    }
}

static void the_same_length_may_be_said_again(void **state)
{
    (void)state;
    static const struct {
        const char *headers, *cause; /* NULL: valid */
    } cases[] = {
        { "Content-Length: 2\r\n", NULL },
        { "content-length:2\r\n", NULL },
        { "Content-Length: \t 2 \t\r\n", NULL },
        { "Content-Length: 002\r\n", NULL },
        { "Content-Length: 2\n", NULL },
        { "Content-Length: 2\r\nContent-Length: 2\r\n", NULL },
        { "Content-Length: 2\r\nX: y\r\ncontent-length: 2\r\nCONTENT-LENGTH: 2, 2\r\n", NULL },
        { "Content-Length: 2, 2\r\n", NULL },
        { "Content-Length: 2,2 ,\t2\r\n", NULL },
        { "Content-Type: a\r\nContent-Length: 2\r\nContent-Lengths: 3\r\nContent-Lengt: 3\r\nC: d\r\n",
          NULL },
        { "Content-Length: 2\r\nContent-Length: 3\r\n", "two values of Content-Length that differ" },
        { "Content-Length: 2, 3\r\n", "two values of Content-Length that differ" },
        { "Content-Length: 2, 2\r\nContent-Length: 20\r\n", "two values of Content-Length that differ" },
        { "Content-Length: -1\r\n", "Content-Length is not a number" },
        { "Content-Length: +2\r\n", "Content-Length is not a number" },
        { "Content-Length:\r\n", "Content-Length is not a number" },
        { "Content-Length: 2,\r\n", "Content-Length is not a number" },
        { "Content-Length: 2 2\r\n", "Content-Length is not a number" },
        { "Content-Length: 2\r\n 3\r\n", "Content-Length is not a number" },
        { "Content-Length: 2\rX: y\r\n", "Content-Length is not a number" },
        { "Content-Length: 0x2\r\n", "Content-Length is not a number" },
        { "Content-Length: 18446744073709551616\r\n", "Content-Length is too large" },
        { "Content-Length: 99999999999999999999\r\n", "Content-Length is too large" },
        { "Content-Length : 2\r\n", "Invalid header field char" },
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[256];
        const int n = snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\n%s\r\nhi", cases[i].headers);
        const struct seen seen = read_every_way(&x, bytes, (size_t)n, false);
        if (seen.state != (cases[i].cause ? HTTP1_BROKEN : HTTP1_DONE) ||
            strcmp(seen.cause, cases[i].cause ? cases[i].cause : "") != 0)
            fail_msg("%s: state %d, %s", cases[i].headers, (int)seen.state, seen.cause);
        assert_true(cases[i].cause || (seen.used == (size_t)n && seen.body_bytes == 2));
    }
}

static void the_limit_of_the_headers_is_exact(void **state)
{
    (void)state;
    static const char begin[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ", end[] = "\r\n\r\nhi";
    const struct plan_expect x = expect_2xx();
    char *bytes = malloc(HTTP1_HEADERS_MOST_BYTES + 100);
    assert_non_null(bytes);
    for (size_t more = 0; more < 2; more++) {
        const size_t head = HTTP1_HEADERS_MOST_BYTES + more;
        memset(bytes, 'a', head);
        memcpy(bytes, begin, sizeof begin - 1);
        memcpy(bytes + head - 4, end, sizeof end - 1);
        static const size_t steps[] = { SIZE_MAX, 1, 4096, 65536, HTTP1_HEADERS_MOST_BYTES };
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            const struct seen seen = read_cut(&x, bytes, head + 2, steps[i], steps[i], false, NULL);
            assert_int_equal(seen.state, more ? HTTP1_BROKEN : HTTP1_DONE);
            assert_string_equal(seen.cause, more ? "headers longer than 256 KiB" : "");
        }
    }
    free(bytes);
}

static void chunk_lines_and_trailers_have_a_limit(void **state)
{
    (void)state;
    static const char *const begins[] = { CHUNKED "3;", CHUNKED "0\r\nX: " };
    const struct plan_expect x = expect_2xx();
    const size_t length = CHUNKS_LINES_MOST_BYTES + 200;
    char *bytes = malloc(length);
    assert_non_null(bytes);
    for (size_t i = 0; i < 2; i++) {
        memset(bytes, 'a', length);
        memcpy(bytes, begins[i], strlen(begins[i]));
        const struct seen whole = read_cut(&x, bytes, length, length, length, false, NULL);
        const struct seen cut = read_cut(&x, bytes, length, 1, 1, false, NULL);
        assert_same(&whole, &cut, begins[i], "byte by byte", 0);
        assert_int_equal(whole.state, HTTP1_BROKEN);
        assert_string_equal(whole.cause, "chunk sizes or trailers longer than 256 KiB");
    }
    free(bytes);
}

static void line_ends_before_a_response_are_none_of_it(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "\r\n\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct seen seen = read_every_way(&x, cases[i], strlen(cases[i]), false);
        assert_int_equal(seen.state, HTTP1_DONE);
        assert_int_equal(seen.used, strlen(cases[i]));
    }
    struct reading r;
    size_t used;
    reading_init(&r, &x, NULL, NULL);
    http1_begin(&r.http1, false);
    assert_int_equal(http1_feed(&r.http1, "\r\n", 2, &used), HTTP1_MORE);
    assert_int_equal(used, 2);
    assert_false(r.http1.has_begun);
}

static void every_framing_survives_every_cut(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool ends;
        enum http1_state state;
        uint64_t body_bytes;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP", false, HTTP1_DONE, 2 },
        { "HTTP/1.1 200 OK\r\n\r\nuntil the end", true, HTTP1_DONE, 13 },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nuntil the end", true, HTTP1_DONE, 13 },
        { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, HTTP1_DONE, 2 },
        { "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi", false, HTTP1_DONE, 0 },
        { "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n", false, HTTP1_DONE, 0 },
        { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", true, HTTP1_MORE, 0 },
        { CHUNKED "2\r\nhi\r\n", true, HTTP1_MORE, 0 },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" CHUNKED
          "2\r\nhi\r\n0\r\n\r\nmore",
          false, HTTP1_DONE, 2 },
        { "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nmore", false,
          HTTP1_DONE, 0 },
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct seen seen = read_every_way(&x, cases[i].bytes, strlen(cases[i].bytes), cases[i].ends);
        assert_int_equal(seen.state, cases[i].state);
        assert_int_equal(seen.body_bytes, cases[i].body_bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legal_chunks_are_taken),
        cmocka_unit_test(illegal_chunks_are_broken),
        cmocka_unit_test(the_same_length_may_be_said_again),
        cmocka_unit_test(the_limit_of_the_headers_is_exact),
        cmocka_unit_test(chunk_lines_and_trailers_have_a_limit),
        cmocka_unit_test(line_ends_before_a_response_are_none_of_it),
        cmocka_unit_test(every_framing_survives_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
