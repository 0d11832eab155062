/* Redirects: where they lead, which are refused, and the request that follows them. */
#include "cm.h"
#include "hop.h"
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char post[] = "POST /orders?x=1 HTTP/1.1\r\nHost: shop.example\r\nContent-Type: text/plain\r\n"
                           "Authorization: Bearer t\r\nContent-Length: 2\r\n\r\nab";

static char host[] = "shop.example";
static struct plan_target target = { .host = host, .port = 80 };

static const char *follow(struct hop *hop, unsigned status, const char *location)
{
    return hop_follow(hop, &target, status, post, sizeof post - 1, location, strlen(location));
}

static void leads_to(const char *location, const char *expected)
{
    struct hop hop = { .n = 0 };
    const char *cause = follow(&hop, 303, location);
    assert_null(cause);
    assert_int_equal(hop.n, 1);
    assert_int_equal(hop.target_bytes, strlen(expected));
    assert_memory_equal(hop.target, expected, hop.target_bytes);
    hop_fini(&hop);
}

static void is_refused(const char *location, const char *words)
{
    struct hop hop = { .n = 0 };
    const char *cause = follow(&hop, 303, location);
    assert_non_null(cause);
    assert_non_null(strstr(cause, words));
    assert_int_equal(hop.n, 0);
    hop_fini(&hop);
}

static void redirects_on_the_same_server_are_followed(void **state)
{
    (void)state;
    leads_to("/orders/17", "/orders/17");
    leads_to("orders/17#top", "/orders/17");
    leads_to("?page=2", "/orders?page=2");
    leads_to("", "/orders?x=1");
    leads_to("http://shop.example/a", "/a");
    leads_to("HTTP://SHOP.example:80/a", "/a");
    leads_to("//shop.example:/a?b", "/a?b");
    leads_to("http://shop.example", "/");
    leads_to("http://shop.example?q", "/?q");
    leads_to("  /a b\t", "/a%20b");
    leads_to("/..//x/", "//x/");
}

static void other_servers_and_nonsense_are_refused(void **state)
{
    (void)state;
    is_refused("//evil", "another host");
    is_refused("http://evil/", "another host");
    is_refused("http://shop.example@evil/", "another host");
    is_refused("http://user@shop.example/", "another host");
    is_refused("http://shop.example.evil/", "another host");
    is_refused("https://shop.example/", "another scheme");
    is_refused("javascript:alert(1)", "another scheme");
    is_refused("http://shop.example:81/", "another port");
    is_refused("http://shop.example:80x/", "names no host");
    is_refused("http://shop.example:999999999/", "names no host");
    is_refused("http:///x", "names no host");
    is_refused("http:x", "names no host");
    is_refused("///x", "names no host");
    is_refused("/a\r\nSet-Cookie: x", "control characters");
}

static void a_nul_byte_is_refused(void **state)
{
    struct hop hop = { .n = 0 };
    (void)state;
    assert_non_null(hop_follow(&hop, &target, 303, post, sizeof post - 1, "/a\0b", 4));
}

static void a_location_beyond_8_kib_is_refused(void **state)
{
    static char location[HOP_TARGET_BYTES_MOST + 2];
    struct hop hop = { .n = 0 };
    (void)state;
    memset(location, '/', sizeof location - 1);
    location[1] = 'a'; /* no authority */
    assert_non_null(strstr(follow(&hop, 303, location), "8 KiB"));
    location[HOP_TARGET_BYTES_MOST] = '\0';
    assert_null(follow(&hop, 303, location));
    hop_fini(&hop);
}

static void the_host_header_names_the_server_too(void **state)
{
    static const char request[] = "GET / HTTP/1.1\r\nAccept: */*\r\nhost:  other.example:8080 \r\n\r\n";
    struct hop hop = { .n = 0 };
    (void)state;
    assert_null(
        hop_follow(&hop, &target, 302, request, sizeof request - 1, "http://other.example:8080/a", 27));
    assert_non_null(
        hop_follow(&hop, &target, 302, request, sizeof request - 1, "http://other.example/a", 22));
    hop_fini(&hop);
}

static void an_ipv6_address_is_known_without_its_brackets(void **state)
{
    static char address[] = "::1";
    static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const struct plan_target six = { .host = address, .port = 8080 };
    struct hop hop = { .n = 0 };
    (void)state;
    assert_null(hop_follow(&hop, &six, 302, request, sizeof request - 1, "http://[::1]:8080/a", 19));
    hop_fini(&hop);
}

static void sends(struct hop *hop, const char *expected)
{
    char *out = malloc(hop_message_bytes_most(hop, sizeof post - 1));
    assert_non_null(out);
    const size_t n = hop_message(hop, post, sizeof post - 1, out);
    assert_true(n <= hop_message_bytes_most(hop, sizeof post - 1));
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(out, expected, n);
    free(out);
}

static void a_303_becomes_a_get_without_a_body(void **state)
{
    struct hop hop = { .n = 0 };
    (void)state;
    assert_null(follow(&hop, 303, "/orders/17"));
    sends(&hop, "GET /orders/17 HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer t\r\n\r\n");
    hop_fini(&hop);
}

static void a_307_keeps_method_and_body_and_a_302_behind_it_does_not(void **state)
{
    struct hop hop = { .n = 0 };
    (void)state;
    assert_null(follow(&hop, 307, "/a/b"));
    sends(&hop, "POST /a/b HTTP/1.1\r\nHost: shop.example\r\nContent-Type: text/plain\r\n"
                "Authorization: Bearer t\r\nContent-Length: 2\r\n\r\nab");
    assert_null(follow(&hop, 302, "c"));
    assert_int_equal(hop.n, 2);
    sends(&hop, "GET /a/c HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer t\r\n\r\n");
    assert_null(follow(&hop, 307, "d"));
    sends(&hop, "GET /a/d HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer t\r\n\r\n");
    hop_fini(&hop);
}

static void methods_follow_the_rfc(void **state)
{
    static const struct {
        const char *method;
        unsigned status;
        bool is_get;
    } cases[] = {
        { "POST", 301, true }, { "POST", 302, true },  { "POST", 308, false },   { "PUT", 301, false },
        { "PUT", 303, true },  { "HEAD", 303, false }, { "DELETE", 302, false },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char request[64];
        struct hop hop = { .n = 0 };
        snprintf(request, sizeof request, "%s / HTTP/1.1\r\nHost: shop.example\r\n\r\n", cases[i].method);
        assert_null(hop_follow(&hop, &target, cases[i].status, request, strlen(request), "/a", 2));
        assert_int_equal(hop.is_get, cases[i].is_get);
        hop_fini(&hop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redirects_on_the_same_server_are_followed),
        cmocka_unit_test(other_servers_and_nonsense_are_refused),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_location_beyond_8_kib_is_refused),
        cmocka_unit_test(the_host_header_names_the_server_too),
        cmocka_unit_test(an_ipv6_address_is_known_without_its_brackets),
        cmocka_unit_test(a_303_becomes_a_get_without_a_body),
        cmocka_unit_test(a_307_keeps_method_and_body_and_a_302_behind_it_does_not),
        cmocka_unit_test(methods_follow_the_rfc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
