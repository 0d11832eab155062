/* Header fields at the limits of what is kept and of what is expected. */
#include "header_check.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

/* Pieces of `piece` bytes. */
static void take_field(struct header_check *h, const struct plan_expect *x, const char *name,
                       const char *value, size_t piece)
{
    const size_t name_bytes = strlen(name), value_bytes = strlen(value);
    for (size_t at = 0; at < name_bytes; at += piece)
        header_check_name(h, name + at, name_bytes - at < piece ? name_bytes - at : piece);
    header_check_name_end(h, x);
    for (size_t at = 0; at < value_bytes; at += piece)
        header_check_value(h, x, value + at, value_bytes - at < piece ? value_bytes - at : piece);
    header_check_value_end(h, x);
}

static void every_one_of_the_most_headers_must_be_there(void **state)
{
    static char names[PLAN_EXPECTED_HEADERS_MOST][16];
    static struct plan_header wanted[PLAN_EXPECTED_HEADERS_MOST];
    (void)state;
    for (size_t i = 0; i < N_OF(wanted); i++) {
        snprintf(names[i], sizeof names[i], "X-Header-%zu", i);
        wanted[i] = (struct plan_header){ .name = names[i] };
    }
    for (size_t n = 0; n <= N_OF(wanted); n++) {
        const struct plan_expect x = { .headers = wanted, .n_headers = n };
        struct header_check h;
        for (size_t missing = 0; missing < n; missing++) {
            header_check_begin(&h);
            for (size_t i = 0; i < n; i++)
                if (i != missing)
                    take_field(&h, &x, names[i], "1", 3);
            assert_false(header_check_is_right(&h, &x));
            take_field(&h, &x, names[missing], "1", 3);
            assert_true(header_check_is_right(&h, &x));
        }
        header_check_begin(&h);
        assert_int_equal(header_check_is_right(&h, &x), n == 0);
    }
}

static void a_value_is_right_whole_and_with_blanks_behind_it(void **state)
{
    static const struct {
        const char *wanted, *value;
        bool is_right;
    } cases[] = {
        { "abc", "abc", true },    { "abc", "abc \t ", true }, { "abc", "ab", false },
        { "abc", "abcd", false },  { "abc", "abc d", false },  { "abc", "abd", false },
        { "abc", "ABC", false },   { "abc", "", false },       { "a b", "a b", true },
        { "a b", "a  b", false },  { "", "", true },           { "", "  ", true },
        { "", "x", false },        { NULL, "x", true },        { NULL, "", true },
        { "aab", "ab", false },    { "abc", "xabc", false },   { "abc", "abcc", false },
        { "abc", "abc\n", false },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (size_t piece = 1; piece < 6; piece++) {
            char name[] = "X-A", value[8];
            snprintf(value, sizeof value, "%s", cases[i].wanted ? cases[i].wanted : "");
            struct plan_header wanted = { name, cases[i].wanted ? value : NULL };
            const struct plan_expect x = { .headers = &wanted, .n_headers = 1 };
            struct header_check h;
            header_check_begin(&h);
            take_field(&h, &x, "x-a", cases[i].value, piece);
            if (header_check_is_right(&h, &x) != cases[i].is_right)
                fail_msg("case %zu in pieces of %zu", i, piece);
        }
}

static void one_right_field_of_several_will_do(void **state)
{
    char name[] = "X-A", value[] = "1";
    struct plan_header wanted = { name, value };
    const struct plan_expect x = { .headers = &wanted, .n_headers = 1 };
    struct header_check h;
    (void)state;
    header_check_begin(&h);
    take_field(&h, &x, "X-A", "2", 9);
    assert_false(header_check_is_right(&h, &x));
    take_field(&h, &x, "X-A", "1", 9);
    take_field(&h, &x, "X-A", "3", 9);
    take_field(&h, &x, "X-B", "1", 9);
    assert_true(header_check_is_right(&h, &x));
    header_check_begin(&h);
    assert_false(header_check_is_right(&h, &x));
}

/* One byte more than the longest that can be expected is another name. */
static void a_name_is_compared_to_its_last_byte(void **state)
{
    enum { LONGEST = PLAN_HEADER_NAME_BYTES - 1 };
    char longest[LONGEST + 1], name[2 * LONGEST];
    (void)state;
    memset(longest, 'a', LONGEST);
    longest[LONGEST] = '\0';
    struct plan_header wanted = { longest, NULL };
    const struct plan_expect x = { .headers = &wanted, .n_headers = 1 };
    for (size_t length = LONGEST - 1; length < sizeof name; length++)
        for (size_t piece = 1; piece <= sizeof name; piece *= 3) {
            struct header_check h;
            header_check_begin(&h);
            memset(name, 'A', length);
            name[length] = '\0';
            take_field(&h, &x, name, "1", piece);
            assert_int_equal(header_check_is_right(&h, &x), length == LONGEST);
        }
}

static void a_load_balancer_is_known_by_its_name(void **state)
{
    static const struct {
        const char *name, *value;
        bool is_balancers;
    } cases[] = {
        { "Server", "awselb/2.0", true },
        { "SERVER", "AWSELB", true },
        { "server", "awselb and a name that is longer than is kept", true },
        { "Server", "awsel", false },
        { "Server", "awsel ", false },
        { "Server", "awselx", false },
        { "Server", "xawselb", false },
        { "Server", "haproxy", true },
        { "Server", "HAProxy \t", true },
        { "Server", "haproxy        ", true },   /* 15 bytes */
        { "Server", "haproxy         ", false }, /* 16, of which more may have followed */
        { "Server", "haproxy/2", false },
        { "Server", "haprox", false },
        { "Server", "haproxz", false },
        { "Server", "", false },
        { "Server", "   ", false },
        { "Via", "awselb/2.0", false },
        { "Servers", "awselb/2.0", false },
    };
    const struct plan_expect x = { 0 };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (size_t piece = 1; piece < 40; piece *= 3) {
            struct header_check h;
            header_check_begin(&h);
            take_field(&h, &x, cases[i].name, cases[i].value, piece);
            if (h.is_balancers != cases[i].is_balancers)
                fail_msg("case %zu in pieces of %zu", i, piece);
        }
}

static void a_location_is_known_when_it_comes_in_one_piece(void **state)
{
    static const char value[] = "/there";
    const struct plan_expect x = { 0 };
    struct header_check h;
    (void)state;
    header_check_begin(&h);
    take_field(&h, &x, "Location", value, 10);
    assert_ptr_equal(h.location, value);
    assert_int_equal(h.location_bytes, 6);
    header_check_begin(&h);
    take_field(&h, &x, "Location", value, 5);
    assert_null(h.location);
    assert_int_equal(h.location_bytes, 6);
    take_field(&h, &x, "Locations", value, 10);
    assert_null(h.location);
    assert_int_equal(h.location_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_one_of_the_most_headers_must_be_there),
        cmocka_unit_test(a_value_is_right_whole_and_with_blanks_behind_it),
        cmocka_unit_test(one_right_field_of_several_will_do),
        cmocka_unit_test(a_name_is_compared_to_its_last_byte),
        cmocka_unit_test(a_load_balancer_is_known_by_its_name),
        cmocka_unit_test(a_location_is_known_when_it_comes_in_one_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
