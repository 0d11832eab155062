#include "http_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void is_shown(const char *url, const char *right)
{
    char out[HTTP_URL_SHOWN_BYTES];
    assert_string_equal(http_url_shown(url, out), right);
}

static void scheme_host_and_path_are_shown(void **state)
{
    (void)state;
    is_shown("https://example.com:8443/a/b.deb", "https://example.com:8443/a/b.deb");
    is_shown("example.com", "example.com");
    is_shown("", "");
}

static void the_query_is_left_out(void **state)
{
    (void)state;
    is_shown("https://h/a.deb?X-Amz-Signature=SECRET", "https://h/a.deb...");
    is_shown("https://h/a.deb#SECRET", "https://h/a.deb...");
    is_shown("h/a?next=http://SECRET", "h/a...");
}

static void user_and_password_are_left_out(void **state)
{
    (void)state;
    is_shown("https://SECRET:SECRET@h/a.deb", "https://...@h/a.deb");
    is_shown("https://SECRET@h/a.deb?SECRET", "https://...@h/a.deb...");
    is_shown("SECRET:SECRET@h", "...@h");
}

static void so_is_a_password_that_should_have_been_escaped(void **state)
{
    (void)state;
    is_shown("https://u:SECRET/SECRET@SECRET@h/a.deb", "https://...@h/a.deb");
    is_shown("https://u:SECRET?SECRET@h/a.deb?SECRET", "https://...");
    is_shown("https://u:SECRET/SECRET#SECRET@h/a.deb", "https://...");
}

static void a_long_one_is_cut(void **state)
{
    char url[600];
    char out[HTTP_URL_SHOWN_BYTES];
    (void)state;
    memset(url, 'a', sizeof url);
    memcpy(url, "https://", 8);
    url[sizeof url - 1] = '\0';
    assert_int_equal(strlen(http_url_shown(url, out)), HTTP_URL_SHOWN_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scheme_host_and_path_are_shown),
        cmocka_unit_test(the_query_is_left_out),
        cmocka_unit_test(user_and_password_are_left_out),
        cmocka_unit_test(so_is_a_password_that_should_have_been_escaped),
        cmocka_unit_test(a_long_one_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
