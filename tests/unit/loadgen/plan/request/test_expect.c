#include "expect.h"

#include "cm.h"
#include "err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void drop(struct plan_expect *x)
{
    for (size_t i = 0; i < x->n_headers; i++) {
        free(x->headers[i].name);
        free(x->headers[i].value);
    }
    free(x->headers);
}

static void assert_refused(struct plan_expect *x, const char *name, const char *value, const char *sentence)
{
    struct err e = { 0 };
    const size_t n = x->n_headers;
    assert_int_equal(expect_add_header(x, name, value, &e), -1);
    assert_string_equal(e.text, sentence);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_int_equal(x->n_headers, n);
}

static void as_many_headers_can_be_expected_as_are_compared(void **state)
{
    struct plan_expect x;
    struct err e;
    char name[16];
    (void)state;
    expect_init(&x);
    for (int i = 0; i < 32; i++) {
        snprintf(name, sizeof name, "X-%d", i);
        assert_int_equal(expect_add_header(&x, name, NULL, &e), 0);
    }
    assert_refused(&x, "X-32", NULL, "at most 32 headers can be expected");
    assert_refused(&x, "x-7", "a", "the header 'x-7' is expected twice; names know no case");
    drop(&x);
}

static void what_can_never_be_met_is_refused(void **state)
{
    struct plan_expect x;
    struct err e;
    char name[66];
    (void)state;
    expect_init(&x);
    memset(name, 'a', sizeof name - 1);
    name[65] = '\0';
    assert_refused(&x, name, "a", "the name of an expected header must be at most 64 bytes long");
    assert_refused(&x, "a b", "a", "a header's name must be letters, digits and -, not 'a b'");
    assert_refused(&x, "a", "b\nc", "the value of the expected header 'a' must be one line");
    name[64] = '\0';
    assert_int_equal(expect_add_header(&x, name, "a", &e), 0);
    drop(&x);
}

/* RFC 9110 section 5.5. */
static void blanks_around_a_value_are_no_part_of_it(void **state)
{
    static const char *const cases[][2] = {
        { " \tb a r\t ", "b a r" }, { "bar", "bar" }, { "", "" }, { "  ", "" }
    };
    struct plan_expect x;
    struct err e;
    (void)state;
    expect_init(&x);
    for (size_t i = 0; i < N_OF(cases); i++) {
        char name[8];
        snprintf(name, sizeof name, "X-%zu", i);
        assert_int_equal(expect_add_header(&x, name, cases[i][0], &e), 0);
        assert_string_equal(x.headers[i].value, cases[i][1]);
    }
    drop(&x);
}

static void statuses_read_as_ranges(void **state)
{
    static const struct {
        const char *given[3], *text;
    } cases[] = {
        { { "3xx" }, "3xx" },
        { { "200" }, "200" },
        { { "200-200" }, "200" },
        { { "200-201" }, "200-201" },
        { { "200", "202" }, "200, 202" },
        { { "400-498" }, "400-498" },
        { { "401-499" }, "401-499" },
        { { "401-500" }, "401-500" }, /* as many as a class has, and none */
        { { "2xx", "3xx" }, "200-399" },
        { { "599", "100", "2xx" }, "100, 2xx, 599" },
    };
    char text[64];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct plan_expect x = { 0 };
        struct err e;
        for (size_t k = 0; k < 3 && cases[i].given[k]; k++)
            assert_int_equal(expect_add_status(&x, cases[i].given[k], k == 0, &e), 0);
        assert_string_equal(expect_status_text(&x, text, sizeof text), cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_read_as_ranges),
        cmocka_unit_test(as_many_headers_can_be_expected_as_are_compared),
        cmocka_unit_test(what_can_never_be_met_is_refused),
        cmocka_unit_test(blanks_around_a_value_are_no_part_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
