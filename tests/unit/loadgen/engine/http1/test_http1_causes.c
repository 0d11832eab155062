/* Outcomes of responses and their causes, however TCP splits them. */
#include "http1_cuts.h"

static void causes_are_sentences(void **state)
{
    (void)state;
    static const char settings[] = "\0\0\0\4\0\0\0\0";
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
    assert_string_equal(read_every_way(&x, settings, sizeof settings, false).cause,
                        "the answer is HTTP/2: does this port want --http2-prior-knowledge?");
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
        assert_int_equal(seen.state, HTTP1_DONE);
        if (seen.outcome != cases[i].outcome)
            fail_msg("%zu: outcome %d, %s", i, (int)seen.outcome, seen.cause);
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
        struct http1_known known = { 0 };
        for (int round = 0; round < 2; round++) {
            const struct seen seen = read_cut(&x, bytes, (size_t)n, (size_t)n, (size_t)n, false, &known);
            assert_int_equal(seen.outcome, OUTCOME_STATUS);
            assert_string_equal(seen.cause, cause);
        }
    }
}

/* No response affects the next one: every pair of these, with a broken one in between. */
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
            struct reading r;
            size_t used;
            reading_init(&r, &x, NULL, NULL);
            http1_begin(&r.http1, false);
            http1_feed(&r.http1, first, strlen(first), &used);
            http1_begin(&r.http1, false);
            const enum http1_state then = http1_feed(&r.http1, second, length, &used);
            const struct seen behind = what_is_seen(&r, then, used);
            assert_same(&alone, &behind, second, "behind another", pair / N);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_are_sentences),
        cmocka_unit_test(expected_headers_are_compared_as_http_has_them),
        cmocka_unit_test(responses_on_one_connection_do_not_know_of_each_other),
        cmocka_unit_test(a_redirect_says_where_it_points_but_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
