#include "cm.h"
#include "err.h"
#include "pattern.h"

#include <stdlib.h>
#include <string.h>

static enum pattern_result found_in(const char *expression, const char *text, size_t length,
                                    struct pattern_group *group)
{
    struct err e;
    struct pattern *p = pattern_new(expression, &e);
    struct pattern_room *room = pattern_room_new();
    assert_non_null(p);
    assert_non_null(room);
    const enum pattern_result result = pattern_find(p, room, text, length, group);
    pattern_room_free(room);
    pattern_free(p);
    return result;
}

static void assert_found(const char *expression, const char *text, const char *wanted)
{
    struct pattern_group group;
    assert_int_equal(found_in(expression, text, strlen(text), &group), PATTERN_MATCHES);
    assert_int_equal(group.n_bytes, strlen(wanted));
    assert_memory_equal(group.at, wanted, group.n_bytes);
}

static void the_first_group_is_found(void **state)
{
    struct pattern_group group;
    (void)state;
    assert_found("name=\"csrf\" value=\"([^\"]*)\"", "<input name=\"csrf\" value=\"x1\">", "x1");
    assert_found("a(.)",
                 "\xc3\xa9"
                 "a\xc3\xa9",
                 "\xc3\xa9"); /* a character, not a byte */
    assert_found("a+", "baac", "aa");
    assert_int_equal(found_in("a(x)?", "ba", 2, &group), PATTERN_MATCHES);
    assert_null(group.at);
    assert_int_equal(found_in("a(x)", "ba", 2, &group), PATTERN_NOT_FOUND);
    assert_int_equal(found_in("^$", "", 0, NULL), PATTERN_MATCHES);
}

static void invalid_utf8_matches_nothing_and_breaks_nothing(void **state)
{
    static const char text[] = "\xff\xfe\xc3 id=7 \x80";
    struct pattern_group group;
    (void)state;
    assert_int_equal(found_in("id=(\\d)", text, sizeof text - 1, &group), PATTERN_MATCHES);
    assert_memory_equal(group.at, "7", 1);
    assert_int_equal(found_in("\\A.", text, sizeof text - 1, NULL), PATTERN_NOT_FOUND);
}

static void backtracking_ends_at_a_limit(void **state)
{
    (void)state;
    assert_int_equal(found_in("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 31, NULL), PATTERN_TOO_SLOW);
}

/* The backtracking of each start is within the limit; the time of all starts is not. */
static void a_search_that_takes_the_square_of_the_text_ends_in_time(void **state)
{
    enum { N = 256 * 1024 };
    char *text = malloc(N);
    struct pattern_group group;
    (void)state;
    assert_non_null(text);
    memset(text, 'a', N);
    assert_int_equal(found_in("(.)\\1.*\\1\\1(\\d)", text, 30000, NULL), PATTERN_TOO_SLOW);
    memcpy(text + N - 8, "\xc3\xa9 id=42", 8); /* found in the last block */
    assert_int_equal(found_in("\xc3\xa9 id=(\\d)", text, N, &group), PATTERN_MATCHES);
    assert_memory_equal(group.at, "4", 1);
    assert_int_equal(found_in("\\Aid=(\\d)", text, N, &group), PATTERN_NOT_FOUND);
    for (size_t i = 0; i + 1 < N; i += 2) /* blocks end within characters */
        memcpy(text + i, "\xc3\xa9", 2);
    memcpy(text + N - 1, "x", 1);
    assert_int_equal(found_in("(?<=\xc3\xa9)(x)", text + 1, N - 1, &group), PATTERN_NOT_FOUND);
    memcpy(text + N - 4, "\xc3\xa9x\xc3", 4);
    assert_int_equal(found_in("(?<=\xc3\xa9)(x)", text, N, &group), PATTERN_MATCHES);
    free(text);
}

static void what_is_no_expression_is_refused_with_its_place(void **state)
{
    struct err e;
    char *longest = calloc(1, PATTERN_BYTES_MOST + 2);
    (void)state;
    assert_null(pattern_new("ab(c", &e));
    assert_string_equal(e.text,
                        "the regular expression is wrong at character 5: missing closing parenthesis");
    assert_null(pattern_new("a\\C", &e));
    assert_null(pattern_new("\xff", &e));
    assert_non_null(longest);
    memset(longest, 'a', PATTERN_BYTES_MOST + 1);
    assert_null(pattern_new(longest, &e));
    free(longest);
}

static void groups_are_counted(void **state)
{
    struct err e;
    struct pattern *p = pattern_new("(a)(?:b)(c)", &e);
    (void)state;
    assert_non_null(p);
    assert_int_equal(pattern_n_groups(p), 2);
    pattern_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_group_is_found),
        cmocka_unit_test(invalid_utf8_matches_nothing_and_breaks_nothing),
        cmocka_unit_test(backtracking_ends_at_a_limit),
        cmocka_unit_test(a_search_that_takes_the_square_of_the_text_ends_in_time),
        cmocka_unit_test(what_is_no_expression_is_refused_with_its_place),
        cmocka_unit_test(groups_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
