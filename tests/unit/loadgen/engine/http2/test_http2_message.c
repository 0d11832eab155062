#include "http2_message.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

/* The fields as "name: value\n", then the body behind an empty line. */
static const char *read_message(const char *text, bool is_tls)
{
    static char out[16384];
    static char bytes[8192];
    static struct http2_message message;
    struct http2_request request;
    const size_t n = strlen(text);
    size_t at = 0;
    memcpy(bytes, text, n + 1);
    if (http2_message_read(&message, bytes, n, is_tls, &request))
        return NULL;
    for (size_t i = 0; i < request.n_fields; i++) {
        const struct http2_field *f = &request.fields[i];
        at += (size_t)snprintf(out + at, sizeof out - at, "%.*s: %.*s\n", (int)f->name_bytes, f->name,
                               (int)f->value_bytes, f->value);
    }
    snprintf(out + at, sizeof out - at, "%s\n%.*s", request.is_head ? "(head)" : "", (int)request.body_bytes,
             request.body);
    return out;
}

static void a_get_becomes_pseudo_header_fields(void **state)
{
    (void)state;
    assert_string_equal(
        read_message("GET /a?b=1 HTTP/1.1\r\nHost: example.org\r\nUser-Agent: x\r\n\r\n", false),
        ":method: GET\n:scheme: http\n:path: /a?b=1\n:authority: example.org\n"
        "user-agent: x\n\n");
}

static void the_scheme_is_that_of_the_transport(void **state)
{
    (void)state;
    assert_string_equal(read_message("GET / HTTP/1.1\r\nHost: a:8443\r\n\r\n", true),
                        ":method: GET\n:scheme: https\n:path: /\n:authority: a:8443\n\n");
}

static void the_host_may_stand_anywhere(void **state)
{
    (void)state;
    assert_string_equal(read_message("GET / HTTP/1.1\r\nAccept: */*\r\nHOST: a\r\nX-B: c\r\n\r\n", false),
                        ":method: GET\n:scheme: http\n:path: /\n:authority: a\naccept: */*\nx-b: c\n\n");
}

static void without_a_host_there_is_no_authority(void **state)
{
    (void)state;
    assert_string_equal(read_message("OPTIONS * HTTP/1.1\r\nX-B: c\r\n\r\n", false),
                        ":method: OPTIONS\n:scheme: http\n:path: *\nx-b: c\n\n");
    assert_string_equal(read_message("GET / HTTP/1.1\r\nHost:\r\n\r\n", false),
                        ":method: GET\n:scheme: http\n:path: /\n\n");
}

static void fields_of_the_connection_go(void **state)
{
    (void)state;
    assert_string_equal(
        read_message("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nKeep-Alive: timeout=5\r\n"
                     "Proxy-Connection: x\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\n"
                     "TE: gzip\r\nX: y\r\n\r\n",
                     false),
        ":method: GET\n:scheme: http\n:path: /\n:authority: a\nx: y\n\n");
    assert_string_equal(read_message("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n", false),
                        ":method: GET\n:scheme: http\n:path: /\n:authority: a\nte: trailers\n\n");
}

static void the_body_is_what_follows_the_head(void **state)
{
    (void)state;
    assert_string_equal(
        read_message("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\none\r\n\r\ntw", false),
        ":method: POST\n:scheme: http\n:path: /x\n:authority: a\ncontent-length: 9\n\none\r\n\r\ntw");
}

static void a_head_request_is_known_as_one(void **state)
{
    (void)state;
    assert_string_equal(read_message("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", false),
                        ":method: HEAD\n:scheme: http\n:path: /\n:authority: a\n(head)\n");
}

static void values_keep_their_case_and_lose_their_blanks(void **state)
{
    (void)state;
    assert_string_equal(
        read_message("GET /Q HTTP/1.1\r\nHost: A\r\nX-Mixed:  \tSome Value: 1 \t\r\nX-None: \r\n\r\n", false),
        ":method: GET\n:scheme: http\n:path: /Q\n:authority: A\nx-mixed: Some Value: 1\n"
        "x-none: \n\n");
}

static const char *with_fields(int n)
{
    static char text[8192];
    size_t at = (size_t)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "x-%d: %d\r\n", i, i);
    snprintf(text + at, sizeof text - at, "\r\n");
    return text;
}

static void more_fields_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    assert_non_null(read_message(with_fields(HTTP2_FIELDS_MOST - 4), false));
    assert_null(read_message(with_fields(HTTP2_FIELDS_MOST - 3), false));
}

static void what_is_no_complete_message_is_refused(void **state)
{
    static const char *const texts[] = { "",
                                         "GET",
                                         "GET /",
                                         "GET / HTTP/1.1\r\n",
                                         "GET /\r\n\r\n",
                                         "GET / HTTP/1.1\r\nHost: a\r\n",
                                         "GET / HTTP/1.1\r\nHost\r\n\r\n" };
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++)
        assert_null(read_message(texts[i], false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_get_becomes_pseudo_header_fields),
        cmocka_unit_test(the_scheme_is_that_of_the_transport),
        cmocka_unit_test(the_host_may_stand_anywhere),
        cmocka_unit_test(without_a_host_there_is_no_authority),
        cmocka_unit_test(fields_of_the_connection_go),
        cmocka_unit_test(the_body_is_what_follows_the_head),
        cmocka_unit_test(a_head_request_is_known_as_one),
        cmocka_unit_test(values_keep_their_case_and_lose_their_blanks),
        cmocka_unit_test(more_fields_than_there_is_room_for_are_refused),
        cmocka_unit_test(what_is_no_complete_message_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
