#include "cm.h"
#include "cookie_date.h"
#include "cookie_jar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOW_S = 1700000000 };

struct user {
    struct cookie_jar jar;
    struct cookie_origin origin;
    char text[COOKIES_MOST * (COOKIE_BYTES_MOST + 64)];
};

static struct user user;

static int begin(void **state)
{
    (void)state;
    user.jar = (struct cookie_jar){ 0 };
    cookie_origin_init(&user.origin, "www.shop.example", false);
    return 0;
}

static int end(void **state)
{
    (void)state;
    cookie_jar_fini(&user.jar);
    return 0;
}

static const char *sent_at(const char *path, int64_t now_s)
{
    const size_t n = cookie_jar_write(&user.jar, path, strlen(path), now_s, user.text, sizeof user.text);
    user.text[n] = '\0';
    return user.text;
}

static const char *sent(const char *path)
{
    return sent_at(path, NOW_S);
}

static enum cookie_result set(const char *field)
{
    return cookie_jar_set(&user.jar, &user.origin, field, strlen(field), NOW_S);
}

static void a_cookie_comes_back(void **state)
{
    (void)state;
    assert_string_equal(sent("/"), "");
    assert_int_equal(set("a=1"), COOKIE_KEPT);
    assert_int_equal(set(" b = \"x y\" ; HttpOnly"), COOKIE_KEPT);
    assert_string_equal(sent("/"), "a=1; b=\"x y\"");
    assert_int_equal(set("a="), COOKIE_KEPT);
    assert_string_equal(sent("/"), "a=; b=\"x y\"");
    assert_int_equal(set("a=a longer value than before, which moves the other one"), COOKIE_KEPT);
    assert_string_equal(sent("/"), "a=a longer value than before, which moves the other one; b=\"x y\"");
    cookie_jar_empty(&user.jar);
    assert_string_equal(sent("/"), "");
}

static void what_is_no_cookie_is_ignored(void **state)
{
    (void)state;
    assert_int_equal(set(""), COOKIE_IGNORED);
    assert_int_equal(set("a"), COOKIE_IGNORED);
    assert_int_equal(set("=1"), COOKIE_IGNORED);
    assert_int_equal(set("; a=1"), COOKIE_IGNORED);
    assert_int_equal(set("a=1\x01"), COOKIE_IGNORED);
    assert_int_equal(user.jar.n_cookies, 0);
}

static void paths_choose_cookies_and_longer_ones_come_first(void **state)
{
    (void)state;
    sent("/a/b/c?q=/x");
    assert_int_equal(set("default=1"), COOKIE_KEPT);
    assert_int_equal(set("root=1; Path=/"), COOKIE_KEPT);
    assert_int_equal(set("deep=1; path=/a/b/c"), COOKIE_KEPT);
    assert_int_equal(set("slash=1; path=/a/"), COOKIE_KEPT);
    assert_int_equal(set("relative=1; path=a"), COOKIE_KEPT);
    assert_string_equal(sent("/a/b/c"), "deep=1; default=1; relative=1; slash=1; root=1");
    assert_string_equal(sent("/a/b/cd"), "default=1; relative=1; slash=1; root=1");
    assert_string_equal(sent("/a/b?/a/b/c"), "default=1; relative=1; slash=1; root=1");
    assert_string_equal(sent("/a/x"), "slash=1; root=1");
    assert_string_equal(sent("/a"), "root=1");
    assert_string_equal(sent("/ab/"), "root=1");
    assert_int_equal(set("here=1"), COOKIE_KEPT);
    assert_string_equal(sent("/ab"), "here=1; root=1");
}

static void equal_names_are_one_cookie_only_with_equal_path_and_domain(void **state)
{
    (void)state;
    sent("/a/b");
    set("n=1; Path=/");
    set("n=2; Path=/a");
    set("n=3; Path=/; Domain=.shop.example");
    set("n=4; Path=/; Domain=www.SHOP.example");
    assert_string_equal(sent("/a/b"), "n=2; n=4; n=3");
}

static void domains_of_others_are_dropped(void **state)
{
    (void)state;
    assert_int_equal(set("a=1; Domain=example"), COOKIE_FOREIGN);
    assert_int_equal(set("a=1; Domain=other.example"), COOKIE_FOREIGN);
    assert_int_equal(set("a=1; Domain=x.www.shop.example"), COOKIE_FOREIGN);
    assert_int_equal(set("a=1; Domain=hop.example"), COOKIE_FOREIGN);
    assert_int_equal(set("a=1; Secure"), COOKIE_FOREIGN);
    assert_int_equal(user.jar.n_cookies, 0);
    assert_int_equal(set("a=1; Domain="), COOKIE_KEPT);
    cookie_origin_init(&user.origin, "10.1.2.3", true);
    assert_int_equal(set("a=1; Domain=2.3"), COOKIE_FOREIGN);
    assert_int_equal(set("a=2; Domain=10.1.2.3; Secure"), COOKIE_KEPT);
    cookie_origin_init(&user.origin, "localhost", false);
    assert_int_equal(set("l=3; Domain=localhost"), COOKIE_KEPT);
}

static void a_cookie_ends_at_its_time_and_max_age_counts_before_expires(void **state)
{
    (void)state;
    set("age=1; Max-Age=10");
    set("both=1; Max-Age=20; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    set("odd=1; Max-Age=1x; Max-Age=; Max-Age=-");
    assert_string_equal(sent_at("/", NOW_S + 9), "age=1; both=1; odd=1");
    assert_string_equal(sent_at("/", NOW_S + 10), "both=1; odd=1");
    assert_string_equal(sent_at("/", NOW_S + 20), "odd=1");
    assert_int_equal(set("odd=; expires=Mon, 01-Jan-1601 00:00:00 GMT"), COOKIE_KEPT);
    assert_int_equal(set("never=1; Max-Age=0"), COOKIE_IGNORED);
    assert_string_equal(sent_at("/", NOW_S + 20), "");
    set("ages=1; max-age=99999999999999999999999");
    assert_string_equal(sent_at("/", INT64_MAX / 200), "ages=1");
}

static void limits_are_named(void **state)
{
    char field[COOKIE_BYTES_MOST + 64];
    (void)state;
    memset(field, 'x', sizeof field);
    field[1] = '=';
    field[COOKIE_BYTES_MOST + 1] = '\0'; /* the equals sign does not count */
    assert_int_equal(set(field), COOKIE_KEPT);
    field[COOKIE_BYTES_MOST + 1] = 'x';
    field[COOKIE_BYTES_MOST + 2] = '\0';
    assert_int_equal(set(field), COOKIE_TOO_LONG);
    set("short=1; Max-Age=5");
    for (unsigned i = 2; i < 10000; i++) {
        snprintf(field, sizeof field, "c%u=%u", i, i);
        assert_int_equal(set(field), i < COOKIES_MOST ? COOKIE_KEPT : COOKIE_JAR_FULL);
    }
    assert_int_equal(set("c2=again"), COOKIE_KEPT);
    assert_int_equal(cookie_jar_set(&user.jar, &user.origin, "late=1", 6, NOW_S + 5), COOKIE_KEPT);
    assert_int_equal(user.jar.n_cookies, COOKIES_MOST);
    assert_int_equal(
        cookie_jar_write(&user.jar, "/", 1, NOW_S, user.text, cookie_jar_bytes_most(&user.jar) - 1), 0);
}

static void a_path_longer_than_its_limit_sets_no_cookie(void **state)
{
    char path[COOKIE_BYTES_MOST + 16];
    (void)state;
    memset(path, '/', sizeof path);
    path[sizeof path - 1] = '\0';
    sent(path);
    assert_int_equal(set("a=1"), COOKIE_KEPT); /* for the root */
    char field[2 * sizeof path];
    snprintf(field, sizeof field, "a=1; Path=%s", path);
    assert_int_equal(set(field), COOKIE_TOO_LONG);
}

static void dates_are_read_in_any_order(void **state)
{
    static const char *const same[] = {
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "1994 november 6 8:49:37",       "08:49:37x 6th? NOV 1994",        "6 Nov 94 08:49:37",
    };
    static const char *const none[] = {
        "",
        "Sun, 06 Nov 1994",
        "06 Nov 1994 24:00:00",
        "06 Nov 1994 08:60:00",
        "31 Feb 1994 08:49:37",
        "0 Nov 1994 08:49:37",
        "06 Nov 1600 08:49:37",
        "06 Nov 1994 08:49",
        "06 Nov 19940 08:49:37",
        "006 Nov 1994 08:49:37",
        "06 No 1994 08:49:37",
    };
    int64_t s;
    (void)state;
    for (size_t i = 0; i < N_OF(same); i++) {
        if (!cookie_date_parse(same[i], strlen(same[i]), &s))
            fail_msg("%s", same[i]);
        assert_true(s == 784111777);
    }
    for (size_t i = 0; i < N_OF(none); i++)
        if (cookie_date_parse(none[i], strlen(none[i]), &s))
            fail_msg("%s", none[i]);
    assert_true(cookie_date_parse("1 Jan 69 00:00:00", 17, &s) && s == 3124224000);
    assert_true(cookie_date_parse("29 Feb 2000 00:00:00", 20, &s) && s == 951782400);
    assert_true(cookie_date_parse("1 Jan 1601 00:00:00", 19, &s) && s == -11644473600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_cookie_comes_back, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_cookie_is_ignored, begin, end),
        cmocka_unit_test_setup_teardown(paths_choose_cookies_and_longer_ones_come_first, begin, end),
        cmocka_unit_test_setup_teardown(equal_names_are_one_cookie_only_with_equal_path_and_domain, begin,
                                        end),
        cmocka_unit_test_setup_teardown(domains_of_others_are_dropped, begin, end),
        cmocka_unit_test_setup_teardown(a_cookie_ends_at_its_time_and_max_age_counts_before_expires, begin,
                                        end),
        cmocka_unit_test_setup_teardown(limits_are_named, begin, end),
        cmocka_unit_test_setup_teardown(a_path_longer_than_its_limit_sets_no_cookie, begin, end),
        cmocka_unit_test(dates_are_read_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
