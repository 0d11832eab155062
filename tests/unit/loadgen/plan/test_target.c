#include "err.h"
#include "plan.h"
#include "target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void free_target(struct plan_target *t)
{
    struct plan plan = { .target = *t };
    plan_fini(&plan);
}

static void urls_are_taken_apart(void **state)
{
    static const struct {
        const char *url;
        bool tls;
        const char *host;
        uint16_t port;
        const char *header, *base;
    } cases[] = {
        { "http://h", false, "h", 80, "h", "" },
        { "http://h/", false, "h", 80, "h", "" },
        { "https://h", true, "h", 443, "h", "" },
        { "https://h:443", true, "h", 443, "h", "" },
        { "https://h:80", true, "h", 80, "h:80", "" },
        { "http://h:443", false, "h", 443, "h:443", "" },
        { "http://127.0.0.1:8080/a/b", false, "127.0.0.1", 8080, "127.0.0.1:8080", "/a/b" },
        { "http://[::1]", false, "::1", 80, "[::1]", "" },
        { "http://[fe80::1]:81/x//", false, "fe80::1", 81, "[fe80::1]:81", "/x" },
        { "http://a-b_c.example.org:65535", false, "a-b_c.example.org", 65535, "a-b_c.example.org:65535",
          "" },
        { "HTTP://h", false, "h", 80, "h", "" },
        { "hTTpS://H/x", true, "H", 443, "H", "/x" },
        { "http://h:", false, "h", 80, "h", "" },
        { "https://h:/a", true, "h", 443, "h", "/a" },
        { "http://[::1]:/a", false, "::1", 80, "[::1]", "/a" },
        { "http://h.:81", false, "h.", 81, "h.:81", "" },
        { "http://[fe80::1%25eth0]:81/x", false, "fe80::1%eth0", 81, "[fe80::1]:81", "/x" },
        { "http://[fe80::1%eth0]", false, "fe80::1%eth0", 80, "[fe80::1]", "" },
        { "http://h:00000080", false, "h", 80, "h", "" },
        { "http://127.0.0.1:019872/a", false, "127.0.0.1", 19872, "127.0.0.1:19872", "/a" },
        { "http://h/%20", false, "h", 80, "h", "/%20" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan_target t;
        struct err e;
        target_init(&t);
        if (target_parse_url(&t, cases[i].url, &e))
            fail_msg("%s: %s", cases[i].url, e.text);
        assert_int_equal(t.tls, cases[i].tls);
        assert_string_equal(t.url, cases[i].url);
        assert_string_equal(t.host, cases[i].host);
        assert_int_equal(t.port, cases[i].port);
        assert_string_equal(t.host_header, cases[i].header);
        assert_string_equal(t.base_path, cases[i].base);
        free_target(&t);
    }
}

#define HOST_FORM "the host in '%s' must be a name, an IPv4 address or an [IPv6] address"
#define PORT_FORM "the port in '%s' must be a number from 1 to 65535"

static void impossible_urls_are_refused_with_a_reason(void **state)
{
    static const struct {
        const char *url, *form;
    } cases[] = {
        { "", "the URL must begin with http:// or https://, not '%s'" },
        { "h", "the URL must begin with http:// or https://, not '%s'" },
        { "HTTPX://h", "the URL must begin with http:// or https://, not '%s'" },
        { "//host/", "the URL must begin with http:// or https://, not '%s'" },
        { "unix:/x", "the URL must begin with http:// or https://, not '%s'" },
        { "http://[fe80::1%25]", HOST_FORM },
        { "http://[fe80::1%]", HOST_FORM },
        { "http://[h%25eth0]", HOST_FORM },
        { "http://", HOST_FORM },
        { "http://:80", HOST_FORM },
        { "http:///x", HOST_FORM },
        { "http://[::1", HOST_FORM },
        { "http://[]:80", HOST_FORM },
        { "http://[::1]x", HOST_FORM },
        { "http://[h]", HOST_FORM },
        { "http://::1", HOST_FORM },
        { "http://-h", HOST_FORM },
        { "http://a,b", HOST_FORM },
        { "http://h:0", PORT_FORM },
        { "http://h:65536", PORT_FORM },
        { "http://h:8x", PORT_FORM },
        { "http://h:-1", PORT_FORM },
        { "http://h:00000", PORT_FORM },
        { "http://h:0065536", PORT_FORM },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan_target t;
        struct err e;
        char before[64];
        target_init(&t);
        assert_int_equal(target_parse_url(&t, cases[i].url, &e), -1);
        const char *at = strstr(cases[i].form, "%s");
        snprintf(before, sizeof before, "%.*s", (int)(at - cases[i].form), cases[i].form);
        assert_memory_equal(e.text, before, strlen(before));
        assert_memory_equal(e.text + strlen(before), cases[i].url, strlen(cases[i].url));
        assert_string_equal(e.text + strlen(before) + strlen(cases[i].url), at + 2);
        assert_int_equal(e.kind, ERR_INPUT);
        free_target(&t);
    }
}

static void what_a_target_may_not_hold_is_named(void **state)
{
    static const struct {
        const char *url, *sentence;
    } cases[] = {
        { "http://u:p@h",
          "the URL must not hold a user name or password; give them as basic_auth or --user" },
        { "http://h/a b", "the URL must be plain ASCII without blanks; write %20 for byte 11" },
        { "http://h/\xC3\xA4", "the URL must be plain ASCII without blanks; write %C3 for byte 10" },
        { "http://h/\r\n", "the URL must be plain ASCII without blanks; write %0D for byte 10" },
        { "http://h/?a",
          "the target's URL must not hold a query or fragment ('?'); the request's path may hold a query" },
        { "http://h#a",
          "the target's URL must not hold a query or fragment ('#'); the request's path may hold a query" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan_target t;
        struct err e;
        target_init(&t);
        assert_int_equal(target_parse_url(&t, cases[i].url, &e), -1);
        assert_string_equal(e.text, cases[i].sentence);
        free_target(&t);
    }
}

static void overrides_have_curls_form(void **state)
{
    struct plan_target t;
    struct err e;
    (void)state;
    target_init(&t);
    assert_int_equal(target_add_resolve(&t, "example.org:443:10.0.0.1", &e), 0);
    assert_int_equal(target_add_resolve(&t, "example.org:80:2001:db8::1", &e), 0);
    assert_int_equal(target_add_resolve(&t, "[::1]:80:[::2]", &e), 0);
    assert_int_equal(target_add_connect_to(&t, "a:80:b:81", &e), 0);
    assert_int_equal(target_add_connect_to(&t, "[::1]:80:[::2]:81", &e), 0);
    assert_string_equal(t.resolve[0].host, "example.org");
    assert_int_equal(t.resolve[0].port, 443);
    assert_string_equal(t.resolve[0].to_host, "10.0.0.1");
    assert_int_equal(t.resolve[0].to_port, 443);
    assert_string_equal(t.resolve[1].to_host, "2001:db8::1");
    assert_string_equal(t.resolve[2].host, "::1");
    assert_string_equal(t.resolve[2].to_host, "::2");
    assert_string_equal(t.connect_to[0].to_host, "b");
    assert_int_equal(t.connect_to[0].to_port, 81);
    assert_string_equal(t.connect_to[1].to_host, "::2");
    static const char *const wrong_resolve[] = { "",       "a",           "a:80",        "a:80:",
                                                 "a:80:b", "a:0:1.2.3.4", ":80:1.2.3.4", "a:80:[1.2.3.4" };
    for (size_t i = 0; i < sizeof wrong_resolve / sizeof *wrong_resolve; i++)
        assert_int_equal(target_add_resolve(&t, wrong_resolve[i], &e), -1);
    static const char *const wrong_connect[] = { "",         "a:80",     "a:80:b",     "a:80:b:",
                                                 "a:80:b:0", "a:80::81", "a:80:b:81:c" };
    for (size_t i = 0; i < sizeof wrong_connect / sizeof *wrong_connect; i++)
        assert_int_equal(target_add_connect_to(&t, wrong_connect[i], &e), -1);
    assert_int_equal(t.n_resolve, 3);
    assert_int_equal(t.n_connect_to, 2);
    free_target(&t);
}

static void name_servers_have_a_port(void **state)
{
    static const struct {
        const char *text, *right; /* NULL: refused */
    } cases[] = {
        { "127.0.0.1", "127.0.0.1:53" },
        { "127.0.0.1:5353", "127.0.0.1:5353" },
        { "::1", "[::1]:53" },
        { "[::1]", "[::1]:53" },
        { "[::1]:54", "[::1]:54" },
        { "ns.example.org", NULL },
        { "127.0.0.1:", NULL },
        { "127.0.0.1:0", NULL },
        { "", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan_target t;
        struct err e;
        target_init(&t);
        assert_int_equal(target_set_name_server(&t, cases[i].text, &e), cases[i].right ? 0 : -1);
        if (cases[i].right)
            assert_string_equal(t.name_server, cases[i].right);
        free_target(&t);
    }
}

static void unix_sockets_fit_their_address(void **state)
{
    char path[200];
    struct plan_target t;
    struct err e;
    (void)state;
    target_init(&t);
    memset(path, 'a', sizeof path);
    path[108] = '\0';
    assert_int_equal(target_set_unix_socket(&t, path, &e), -1);
    assert_string_equal(e.text, "the path of a Unix socket must be 1 to 107 bytes long");
    path[107] = '\0';
    assert_int_equal(target_set_unix_socket(&t, path, &e), 0);
    assert_int_equal(target_set_unix_socket(&t, "", &e), -1);
    free_target(&t);
}

static void a_host_is_a_name_and_perhaps_a_port(void **state)
{
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        { "example.org", 0 }, { "example.org:81", 0 },
        { "[::1]", 0 },       { "[::1]:65535", 0 },
        { "", -1 },           { "h:", -1 },
        { "h:0", -1 },        { "h:65536", -1 },
        { "h:80:81", -1 },    { "[::1]x", -1 },
        { "h/x", -1 },        { "[fe80::1%eth0]", -1 },
        { ":80", -1 },        { ".h", -1 },
        { "[::1]81", -1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan_target t;
        struct err e;
        target_init(&t);
        if (target_set_host(&t, cases[i].text, &e) != cases[i].status)
            fail_msg("%s", cases[i].text);
        if (cases[i].status == 0)
            assert_string_equal(t.host_header, cases[i].text);
        free_target(&t);
    }
}

/* 255 bytes are the longest name that DNS has; no form of it takes a byte more. */
static void a_name_has_at_most_255_bytes(void **state)
{
    static const struct {
        const char *before, *after;
        int (*set)(struct plan_target *t, const char *text, struct err *e);
        int longest; /* its status */
    } cases[] = {
        { "http://", "", target_parse_url, 0 },
        { "https://", ":65535/x", target_parse_url, 0 },
        { "", "", target_set_host, 0 },
        { "", ":80", target_set_host, 0 },
        { "", ":80:b:81", target_add_connect_to, 0 },
        { "a:80:", ":81", target_add_connect_to, 0 },
        { "", ":80:127.0.0.1", target_add_resolve, 0 },
        { "a:80:", "", target_add_resolve, -1 }, /* those below take addresses alone */
        { "a:80:[", "]", target_add_resolve, -1 },
        { "", "", target_set_name_server, -1 },
        { "[", "]", target_set_name_server, -1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int n = 255; n <= 256; n++) {
            struct plan_target t;
            struct err e;
            char name[257], text[512];
            memset(name, 'a', (size_t)n);
            name[n] = '\0';
            snprintf(text, sizeof text, "%s%s%s", cases[i].before, name, cases[i].after);
            target_init(&t);
            if (cases[i].set(&t, text, &e) != (n == 255 ? cases[i].longest : -1))
                fail_msg("%zu: %d bytes", i, n);
            free_target(&t);
        }
}

static void a_url_has_at_most_2048_bytes(void **state)
{
    (void)state;
    for (size_t n = 2048; n <= 2049; n++) {
        struct plan_target t;
        struct err e;
        char url[2050] = "http://h/";
        memset(url + 9, 'a', n - 9);
        url[n] = '\0';
        target_init(&t);
        assert_int_equal(target_parse_url(&t, url, &e), n == 2048 ? 0 : -1);
        if (n > 2048)
            assert_string_equal(e.text, "the URL is longer than 2048 bytes");
        free_target(&t);
    }
}

static void an_address_is_of_the_family_that_is_used(void **state)
{
    static const struct {
        const char *url;
        struct target_options options;
        const char *sentence;
    } cases[] = {
        { "http://127.0.0.1",
          { .ipv6 = true },
          "127.0.0.1 is an IPv4 address, but only IPv6 addresses are to be used" },
        { "http://[::1]:80",
          { .ipv4 = true },
          "::1 is an IPv6 address, but only IPv4 addresses are to be used" },
        { "http://127.0.0.1", { .ipv4 = true }, NULL },
        { "http://[fe80::1%25eth0]", { .ipv6 = true }, NULL },
        { "http://h", { .ipv6 = true }, NULL },
        { "http://127.0.0.1", { .ipv6 = true, .unix_socket = "/s" }, NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan_target t;
        struct err e = { 0 };
        target_init(&t);
        assert_int_equal(target_parse_url(&t, cases[i].url, &e), 0);
        assert_int_equal(target_apply(&t, &cases[i].options, &e), 0);
        assert_int_equal(target_check(&t, &e), cases[i].sentence ? -1 : 0);
        if (cases[i].sentence)
            assert_string_equal(e.text, cases[i].sentence);
        free_target(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_taken_apart),
        cmocka_unit_test(impossible_urls_are_refused_with_a_reason),
        cmocka_unit_test(what_a_target_may_not_hold_is_named),
        cmocka_unit_test(overrides_have_curls_form),
        cmocka_unit_test(name_servers_have_a_port),
        cmocka_unit_test(a_host_is_a_name_and_perhaps_a_port),
        cmocka_unit_test(a_name_has_at_most_255_bytes),
        cmocka_unit_test(a_url_has_at_most_2048_bytes),
        cmocka_unit_test(an_address_is_of_the_family_that_is_used),
        cmocka_unit_test(unix_sockets_fit_their_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
