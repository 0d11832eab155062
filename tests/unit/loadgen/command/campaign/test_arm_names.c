#include "arm_names.h"

#include "cm.h"

#include <string.h>

struct wanted {
    const char *urls[2], *names[2];
};

static void assert_names(const struct wanted *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char names[2][PLAN_NAME_BYTES];
        assert_true(arm_names(cases[i].urls, names));
        assert_string_equal(names[0], cases[i].names[0]);
        assert_string_equal(names[1], cases[i].names[1]);
    }
}

static void arms_are_named_by_what_differs(void **state)
{
    static const struct wanted cases[] = {
        { { "http://localhost:8080/", "http://localhost:8081/" }, { "port-8080", "port-8081" } },
        { { "http://h/", "http://h:8081/" }, { "port-80", "port-8081" } },
        { { "http://old:8080", "http://new:8081" }, { "old-8080", "new-8081" } },
        { { "http://old.example.com/", "http://new.example.com/" }, { "old", "new" } },
        { { "http://10.0.0.7/", "http://10.0.0.8/" }, { "10-0-0-7", "10-0-0-8" } },
        { { "http://[fe80::1]/", "http://h/" }, { "fe80-1", "h" } },
        { { "http://h/v1/items", "http://h/v2/items" }, { "v1", "v2" } },
        { { "http://h", "http://h/new" }, { "root", "new" } },
        { { "http://h/?x=1", "http://h/?x=2" }, { "x-1", "x-2" } },
        { { "http://h/a?key=of-a", "http://h/b?key=of-b" }, { "a", "b" } },
        { { "http://h:8080/v1", "http://h:8081/v2" }, { "port-8080-v1", "port-8081-v2" } },
        { { "http://h", "https://h" }, { "http", "https" } },
        { { "http://h:8080/", "https://h:8443/" }, { "http-8080", "https-8443" } },
    };
    (void)state;
    assert_names(cases, N_OF(cases));
}

static void names_that_would_be_equal_are_told_apart(void **state)
{
    static const struct wanted cases[] = {
        { { "http://h/items", "http://h/items/" }, { "items-a", "items-b" } },
        { { "http://h/x.y", "http://h/x-y" }, { "x-y-a", "x-y-b" } },
        { { "http://a-name-much-longer-than-32-letters-1", "http://a-name-much-longer-than-32-letters-2" },
          { "a-name-much-longer-than-32-let-a", "a-name-much-longer-than-32-let-b" } },
    };
    (void)state;
    assert_names(cases, N_OF(cases));
}

static void one_place_has_no_two_names(void **state)
{
    static const char *const cases[][2] = {
        { "http://h", "http://h/" },
        { "http://h/", "http://H:80/" },
        { "https://h:443/x?y", "https://h/x?y" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char names[2][PLAN_NAME_BYTES];
        assert_false(arm_names(cases[i], names));
    }
}

static void a_name_holds_no_more_than_a_name_may(void **state)
{
    static const struct wanted cases[] = {
        { { "http://h/%1b[31m", "http://h/\xc3\xa4" }, { "1b-31m", "url" } },
        { { "http://_a/..//", "http://-/--" }, { "_a", "url" } },
        { { "http://12345678901234567890123456789012x/", "http://h/" },
          { "12345678901234567890123456789012", "h" } },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char names[2][PLAN_NAME_BYTES];
        assert_true(arm_names(cases[i].urls, names));
        for (int k = 0; k < 2; k++) {
            assert_in_range(strlen(names[k]), 1, PLAN_NAME_BYTES - 1);
            assert_int_equal(
                names[k]
                     [strspn(names[k], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")],
                0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_are_named_by_what_differs),
        cmocka_unit_test(names_that_would_be_equal_are_told_apart),
        cmocka_unit_test(one_place_has_no_two_names),
        cmocka_unit_test(a_name_holds_no_more_than_a_name_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
