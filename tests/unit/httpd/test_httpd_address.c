#include "httpd_address.h"

#include "cm.h"
#include "err.h"

#include <string.h>

static void a_port_alone_is_on_loopback(void **state)
{
    static const struct {
        const char *text, *address;
        bool is_loopback;
    } cases[] = {
        { "9090", "127.0.0.1:9090", true },
        { "0", "127.0.0.1:0", true },
        { "localhost:80", "127.0.0.1:80", true },
        { "127.0.0.2:65535", "127.0.0.2:65535", true },
        { "[::1]:9090", "[::1]:9090", true },
        { "0.0.0.0:9090", "0.0.0.0:9090", false },
        { "*:9090", "0.0.0.0:9090", false },
        { "[::]:1", "[::]:1", false },
        { "192.168.1.7:80", "192.168.1.7:80", false },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct httpd_address address;
        struct err e;
        char text[HTTPD_ADDRESS_TEXT_BYTES];
        if (httpd_address_parse(cases[i].text, "serve", &address, &e))
            fail_msg("%s", e.text);
        assert_string_equal(httpd_address_text(&address.socket, text), cases[i].address);
        assert_int_equal(address.is_loopback, cases[i].is_loopback);
    }
}

static void what_is_no_address_is_refused_with_what_would_be_right(void **state)
{
    static const char *const wrong[] = {
        "",          ":9090",      "65536", "-1",         "9090x", "example.com:80", "[::1]",
        "[::1:9090", "::1:9090",   "[]:80", "127.0.0.1:", "1.2.3", "999.1.1.1:80",   " 80",
        "[:80",      "1.2.3.4:+80"
    };
    (void)state;
    for (size_t i = 0; i < N_OF(wrong); i++) {
        struct httpd_address address;
        struct err e;
        if (httpd_address_parse(wrong[i], "serve", &address, &e) == 0)
            fail_msg("'%s' was taken", wrong[i]);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_memory_equal(e.text, "--serve takes a port", 20);
    }
}

static void only_names_of_loopback_are_of_loopback(void **state)
{
    static const char *const ours[] = { "localhost", "LOCALHOST:9090", "127.0.0.1:9090", "127.9.9.9",
                                        "[::1]",     "[::1]:9090",     "a.localhost:80" };
    static const char *const foreign[] = { "",
                                           "example.com",
                                           "localhost.example.com",
                                           "127.0.0.1.example.com",
                                           "10.0.0.1",
                                           "[::2]:80",
                                           "localhost:x",
                                           "::1",
                                           "localhost:80:80",
                                           "127.0.0.1@evil.com" };
    (void)state;
    for (size_t i = 0; i < N_OF(ours); i++)
        if (!httpd_address_host_is_loopback(ours[i]))
            fail_msg("%s is loopback", ours[i]);
    for (size_t i = 0; i < N_OF(foreign); i++)
        if (httpd_address_host_is_loopback(foreign[i]))
            fail_msg("'%s' is not loopback", foreign[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_alone_is_on_loopback),
        cmocka_unit_test(what_is_no_address_is_refused_with_what_would_be_right),
        cmocka_unit_test(only_names_of_loopback_are_of_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
