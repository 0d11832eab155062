/* What is said of a response does not hang on how TCP cuts it: whole, byte by byte, in two pieces cut at
 * every place, and each with a header block that is known. */
#include "plan.h"
#include "response.h"

#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seen {
    enum response_state state;
    size_t used;
    unsigned status;
    enum outcome outcome;
    bool keeps_alive;
    uint64_t body_bytes;
    char cause[256]; /* where it is not ok */
    char instance[PLAN_INSTANCE_BYTES];
};

static struct plan_expect expect_2xx(void)
{
    struct plan_expect x = { 0 };
    for (unsigned status = 200; status < 300; status++)
        x.status_ok[(status - 100) / 8] |= (uint8_t)(1u << ((status - 100) % 8));
    return x;
}

static struct seen what_is_seen(const struct response *r, enum response_state state, size_t used)
{
    struct seen seen = { .state = state, .used = used, .status = r->status, .keeps_alive = r->keeps_alive };
    if (state == RESPONSE_BROKEN)
        snprintf(seen.cause, sizeof seen.cause, "%s", response_cause(r));
    if (state != RESPONSE_DONE)
        return seen;
    size_t n = 0;
    const char *id = response_instance(r, &n);
    if (id)
        memcpy(seen.instance, id, n);
    seen.body_bytes = r->body_bytes;
    seen.outcome = response_outcome(r);
    if (seen.outcome != OUTCOME_OK)
        snprintf(seen.cause, sizeof seen.cause, "%s", response_cause(r));
    return seen;
}

/* Cut at `first` and then every `step` bytes, each piece in memory of its own, so that nothing is read beyond
 * it; `ends`: with the connection's end behind it. */
static struct seen read_cut(const struct plan_expect *x, const char *bytes, size_t length, size_t first,
                            size_t step, bool ends, struct response_known *known)
{
    enum response_state state = RESPONSE_MORE;
    struct response r;
    char tail[PLAN_INSTANCE_BYTES + 64];
    size_t at = 0;
    response_init(&r, x, response_tail_bytes(x) ? tail : NULL, known);
    response_begin(&r, false);
    while (at < length && state == RESPONSE_MORE) {
        const size_t piece = at == 0 ? first : step;
        const size_t n = length - at < piece ? length - at : piece;
        char *copy = malloc(n);
        assert_non_null(copy);
        memcpy(copy, bytes + at, n);
        size_t used = 0;
        state = response_feed(&r, copy, n, &used);
        assert_true(used <= n);
        assert_true(state != RESPONSE_MORE || used == n);
        at += used;
        free(copy);
    }
    if (ends && state == RESPONSE_MORE)
        state = response_end(&r);
    return what_is_seen(&r, state, at);
}

static void assert_same(const struct seen *a, const struct seen *b, const char *bytes, const char *how,
                        size_t at)
{
    const bool is_same = a->state == b->state && a->status == b->status && a->outcome == b->outcome &&
                         a->keeps_alive == b->keeps_alive && a->body_bytes == b->body_bytes &&
                         (a->state == RESPONSE_BROKEN || a->used == b->used) &&
                         strcmp(a->cause, b->cause) == 0 && strcmp(a->instance, b->instance) == 0;
    if (!is_same)
        fail_msg("%s, %s %zu: state %d, used %zu, status %u, outcome %d, %s; whole: %d, %zu, %u, %d, %s",
                 bytes, how, at, (int)b->state, b->used, b->status, (int)b->outcome, b->cause, (int)a->state,
                 a->used, a->status, (int)a->outcome, a->cause);
}

/* What is said of the bytes, which is the same in every way to cut them. */
static struct seen read_every_way(const struct plan_expect *x, const char *bytes, size_t length, bool ends)
{
    const struct seen whole = read_cut(x, bytes, length, length, length, ends, NULL);
    const struct seen one_by_one = read_cut(x, bytes, length, 1, 1, ends, NULL);
    assert_same(&whole, &one_by_one, bytes, "byte by byte", 0);
    struct response_known known = { 0 };
    for (size_t i = 0; i < 2; i++) {
        const struct seen again = read_cut(x, bytes, length, length, length, ends, &known);
        assert_same(&whole, &again, bytes, "known", i);
    }
    for (size_t at = 1; at < length; at++) {
        struct seen cut = read_cut(x, bytes, length, at, length, ends, NULL);
        assert_same(&whole, &cut, bytes, "cut at", at);
        cut = read_cut(x, bytes, length, at, length, ends, &known);
        assert_same(&whole, &cut, bytes, "known and cut at", at);
    }
    return whole;
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

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
        if (seen.state != RESPONSE_DONE || seen.outcome != OUTCOME_OK || seen.used != (size_t)n - 4)
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
        if (seen.state != RESPONSE_BROKEN || strcmp(seen.cause, cases[i].cause) != 0)
            fail_msg("%s: state %d, %s", cases[i].body, (int)seen.state, seen.cause);
    }
}

static void the_same_length_may_be_said_again(void **state)
{
    (void)state;
    static const struct {
        const char *headers, *cause; /* NULL: it is right */
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
        if (seen.state != (cases[i].cause ? RESPONSE_BROKEN : RESPONSE_DONE) ||
            strcmp(seen.cause, cases[i].cause ? cases[i].cause : "") != 0)
            fail_msg("%s: state %d, %s", cases[i].headers, (int)seen.state, seen.cause);
        assert_true(cases[i].cause || (seen.used == (size_t)n && seen.body_bytes == 2));
    }
}

static void causes_are_sentences(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *cause;
    } cases[] = {
        { "SSH-2.0-OpenSSH_9.2\r\n", "Expected HTTP/" },
        { "HTTP/1.1 2x0 OK\r\n\r\n", "Invalid response status" },
        { "HTTP/1.1 200 OK\r\nnothing\r\n\r\n", "Invalid header token" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
          "Content-Length can't be present with Transfer-Encoding" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
          "Content-Length can't be present with Transfer-Encoding" },
        { "HTTP/1.1 200 OK\rO\nContent-Length: 2\r\n\r\nhi", "a line of the head does not end with CR LF" },
        { "HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n 3\r\n\r\nhi", "Invalid response status" },
        { "\x15\x03\x03\x00\x02\x02\x46", "the answer is TLS: does this port want https?" },
        { "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "unexpected status" },
        { "HTTP/1.1 503 No\r\nServer: haproxy \r\nContent-Length: 2\r\n\r\nno", "unexpected status" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "body is not as expected" },
    };
    static char hi[] = "hi";
    struct plan_expect x = expect_2xx();
    x.checks_body = true;
    x.body_before = hi;
    x.before_bytes = 2;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(read_every_way(&x, cases[i].bytes, strlen(cases[i].bytes), false).cause,
                            cases[i].cause);
}

/* RFC 9110 sections 5.5 and 15.2: blanks around a value, values of any length, and interim responses. */
static void expected_headers_are_compared_as_http_has_them(void **state)
{
    (void)state;
    char foo[] = "X-Foo", any[] = "X-Any", server[] = "server", haproxy[] = "haproxy";
    char bar[301];
    memset(bar, 'a', sizeof bar - 1);
    bar[300] = '\0';
    struct plan_header wanted[] = { { foo, bar }, { any, NULL }, { server, haproxy } };
    struct plan_expect x = expect_2xx();
    x.headers = wanted;
    x.n_headers = 3;
    static const struct {
        const char *before;
        int n; /* as many 'a' */
        const char *after;
        enum outcome outcome;
    } cases[] = {
        { "200 OK\r\nX-Foo: ", 300, "\r\nX-Any: z\r\nServer: haproxy\r\n", OUTCOME_OK },
        { "200 OK\r\nx-foo:", 300, "  \t \r\nX-ANY:\r\nServer:  haproxy \r\n", OUTCOME_OK },
        { "200 OK\r\nX-Foo: no\r\nX-Foo: \t", 300, "\r\nX-Any: z\r\nServer: haproxy\r\n", OUTCOME_OK },
        { "200 OK\r\nX-Foo: ", 300, "a\r\nX-Any: z\r\nServer: haproxy\r\n", OUTCOME_EXPECT },
        { "200 OK\r\nX-Foo: ", 300, " b\r\nX-Any: z\r\nServer: haproxy\r\n", OUTCOME_EXPECT },
        { "200 OK\r\nX-Foo: ", 299, "\r\nX-Any: z\r\nServer: haproxy\r\n", OUTCOME_EXPECT },
        { "200 OK\r\nX-Foo: ", 300, "\r\nX-Any: z\r\nServer: other\r\n", OUTCOME_EXPECT },
        { "103 Early Hints\r\nX-Foo: ", 300, "\r\nX-Any: z\r\n\r\nHTTP/1.1 200 OK\r\nServer: haproxy\r\n",
          OUTCOME_EXPECT },
        { "503 No\r\nX-Foo: ", 300, "\r\nServer: haproxy\r\n", OUTCOME_BALANCER_5XX },
        { "503 No\r\nX-Foo: ", 300, "\r\nServer: haproxy or not\r\n", OUTCOME_STATUS_5XX },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[600];
        const int n = snprintf(bytes, sizeof bytes, "HTTP/1.1 %s%.*s%sContent-Length: 0\r\n\r\n",
                               cases[i].before, cases[i].n, bar, cases[i].after);
        const struct seen seen = read_every_way(&x, bytes, (size_t)n, false);
        assert_int_equal(seen.state, RESPONSE_DONE);
        if (seen.outcome != cases[i].outcome)
            fail_msg("%zu: outcome %d, %s", i, (int)seen.outcome, seen.cause);
    }
}

static void the_limit_of_the_headers_is_exact(void **state)
{
    (void)state;
    static const char begin[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ", end[] = "\r\n\r\nhi";
    const struct plan_expect x = expect_2xx();
    char *bytes = malloc(RESPONSE_HEADERS_MOST_BYTES + 100);
    assert_non_null(bytes);
    for (size_t more = 0; more < 2; more++) {
        const size_t head = RESPONSE_HEADERS_MOST_BYTES + more;
        memset(bytes, 'a', head);
        memcpy(bytes, begin, sizeof begin - 1);
        memcpy(bytes + head - 4, end, sizeof end - 1);
        static const size_t steps[] = { SIZE_MAX, 1, 4096, 65536, RESPONSE_HEADERS_MOST_BYTES };
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            const struct seen seen = read_cut(&x, bytes, head + 2, steps[i], steps[i], false, NULL);
            assert_int_equal(seen.state, more ? RESPONSE_BROKEN : RESPONSE_DONE);
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
        assert_int_equal(whole.state, RESPONSE_BROKEN);
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
        assert_int_equal(seen.state, RESPONSE_DONE);
        assert_int_equal(seen.used, strlen(cases[i]));
    }
    struct response r;
    size_t used;
    response_init(&r, &x, NULL, NULL);
    response_begin(&r, false);
    assert_int_equal(response_feed(&r, "\r\n", 2, &used), RESPONSE_MORE);
    assert_int_equal(used, 2);
    assert_false(r.has_begun);
}

static void every_framing_survives_every_cut(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool ends;
        enum response_state state;
        uint64_t body_bytes;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP", false, RESPONSE_DONE, 2 },
        { "HTTP/1.1 200 OK\r\n\r\nuntil the end", true, RESPONSE_DONE, 13 },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nuntil the end", true, RESPONSE_DONE, 13 },
        { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, RESPONSE_DONE, 2 },
        { "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi", false, RESPONSE_DONE, 0 },
        { "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n", false, RESPONSE_DONE, 0 },
        { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", true, RESPONSE_MORE, 0 },
        { CHUNKED "2\r\nhi\r\n", true, RESPONSE_MORE, 0 },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" CHUNKED
          "2\r\nhi\r\n0\r\n\r\nmore",
          false, RESPONSE_DONE, 2 },
        { "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nmore", false,
          RESPONSE_DONE, 0 },
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct seen seen = read_every_way(&x, cases[i].bytes, strlen(cases[i].bytes), cases[i].ends);
        assert_int_equal(seen.state, cases[i].state);
        assert_int_equal(seen.body_bytes, cases[i].body_bytes);
    }
}

static void a_redirect_says_where_it_points_but_no_secret(void **state)
{
    (void)state;
    static const struct {
        const char *location, *place;
    } cases[] = {
        { "https://example.org/a", "https://example.org/a" },
        { "/login?token=secret", "/login ..." },
        { "https://me:secret@example.org/a@b#x", "https://example.org/a@b ..." },
        { "//h/\xc2\x9b"
          "31m \xc3\xa9 ",
          "//h/__31m___" },
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[256], cause[256];
        const int n =
            snprintf(bytes, sizeof bytes, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                     cases[i].location);
        snprintf(cause, sizeof cause, "redirects are not followed; the first pointed to %s", cases[i].place);
        struct response_known known = { 0 };
        for (int round = 0; round < 2; round++) {
            const struct seen seen = read_cut(&x, bytes, (size_t)n, (size_t)n, (size_t)n, false, &known);
            assert_int_equal(seen.outcome, OUTCOME_STATUS);
            assert_string_equal(seen.cause, cause);
        }
    }
}

/* Whatever one response leaves behind is no matter of the next: every pair of these, and a broken one
 * between. */
static void responses_on_one_connection_do_not_know_of_each_other(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        CHUNKED "2;a=\"b\"\r\nhi\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 103 Hints\r\nX-Foo: bar\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 No\r\nServer: awselb/2.0\r\nContent-Length: 1, 1\r\n\r\nx",
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nX-Foo: bar\r\n\r\n",
        CHUNKED "2\r\nhiX",
        CHUNKED "2",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "SSH",
    };
    enum { N = sizeof texts / sizeof *texts };
    char foo[] = "X-Foo", bar[] = "bar";
    struct plan_header wanted[] = { { foo, bar } };
    struct plan_expect x = expect_2xx();
    x.headers = wanted;
    for (x.n_headers = 0; x.n_headers < 2; x.n_headers++)
        for (size_t pair = 0; pair < (size_t)N * N; pair++) {
            const char *first = texts[pair / N], *second = texts[pair % N];
            const size_t length = strlen(second);
            const struct seen alone = read_cut(&x, second, length, length, length, false, NULL);
            struct response r;
            size_t used;
            response_init(&r, &x, NULL, NULL);
            response_begin(&r, false);
            response_feed(&r, first, strlen(first), &used);
            response_begin(&r, false);
            const enum response_state then = response_feed(&r, second, length, &used);
            const struct seen behind = what_is_seen(&r, then, used);
            assert_same(&alone, &behind, second, "behind another", pair / N);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legal_chunks_are_taken),
        cmocka_unit_test(illegal_chunks_are_broken),
        cmocka_unit_test(the_same_length_may_be_said_again),
        cmocka_unit_test(causes_are_sentences),
        cmocka_unit_test(expected_headers_are_compared_as_http_has_them),
        cmocka_unit_test(the_limit_of_the_headers_is_exact),
        cmocka_unit_test(chunk_lines_and_trailers_have_a_limit),
        cmocka_unit_test(line_ends_before_a_response_are_none_of_it),
        cmocka_unit_test(every_framing_survives_every_cut),
        cmocka_unit_test(responses_on_one_connection_do_not_know_of_each_other),
        cmocka_unit_test(a_redirect_says_where_it_points_but_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
