#include "cm.h"
#include "err.h"
#include "json_query.h"

#include <stdio.h>
#include <string.h>

static void assert_segment(const struct json_query_segment *s, const char *name, int64_t index)
{
    if (name) {
        assert_non_null(s->name);
        assert_int_equal(s->name_bytes, strlen(name));
        assert_memory_equal(s->name, name, s->name_bytes);
    } else {
        assert_null(s->name);
        assert_true(s->index == index);
    }
}

static void a_query_is_a_row_of_names_and_numbers(void **state)
{
    struct json_query q;
    struct err e;
    (void)state;
    assert_int_equal(json_query_parse(&q, "$.a_1['b c'] [ \"d\\\"\" ][0][-12].\xc3\xa9", &e), 0);
    assert_int_equal(q.n, 6);
    assert_segment(&q.segments[0], "a_1", 0);
    assert_segment(&q.segments[1], "b c", 0);
    assert_segment(&q.segments[2], "d\"", 0);
    assert_segment(&q.segments[3], NULL, 0);
    assert_segment(&q.segments[4], NULL, -12);
    assert_segment(&q.segments[5], "\xc3\xa9", 0);
    json_query_fini(&q);
    assert_int_equal(json_query_parse(&q, "$", &e), 0);
    assert_int_equal(q.n, 0);
    json_query_fini(&q);
}

static void escapes_in_a_name_are_undone(void **state)
{
    struct json_query q;
    struct err e;
    (void)state;
    assert_int_equal(json_query_parse(&q, "$['\\u00e9\\uD83D\\ude00\\n\\'\\\\']", &e), 0);
    assert_segment(&q.segments[0], "\xc3\xa9\xf0\x9f\x98\x80\n'\\", 0);
    json_query_fini(&q);
}

static void a_query_for_several_places_is_refused(void **state)
{
    static const char *const several[] = { "$..id",  "$.*",     "$[*]", "$[1:2]",
                                           "$[0,1]", "$[?@.a]", "$[:]", "$['a','b']" };
    (void)state;
    for (size_t i = 0; i < N_OF(several); i++) {
        struct json_query q;
        struct err e;
        char wanted[200];
        assert_int_equal(json_query_parse(&q, several[i], &e), -1);
        snprintf(wanted, sizeof wanted, "'%s' is not one place: use names and numbers: $.items[0].id",
                 several[i]);
        assert_string_equal(e.text, wanted);
    }
}

static void what_is_no_query_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *text, *why;
    } wrong[] = {
        { "", "it begins with $" },
        { "a.b", "it begins with $" },
        { "$a", "begins with a dot or a bracket" },
        { "$.a ", "begins with a dot or a bracket" },
        { "$.", "a name is missing" },
        { "$.[0]", "a name is missing" },
        { "$.1st", "$['1st']" },
        { "$.access-token", "$['a-b']" },
        { "$[01]", "a number is" },
        { "$[-0]", "a number is" },
        { "$[-]", "a number is" },
        { "$[99999999999999999999]", "too large" },
        { "$[a]", "brackets hold" },
        { "$[", "brackets hold" },
        { "$['a", "a quote is not closed" },
        { "$['a'", "a bracket is not closed" },
        { "$['\\ud800']", "an escape" },
        { "$['\\ud800\\u0041']", "an escape" },
        { "$['\\u12g4']", "an escape" },
        { "$['\\u0000']", "an escape" },
        { "$['\\x']", "an escape" },
        { "$['\\", "an escape" },
        { "$['\\u", "an escape" },
        { "$['\n']", "an escape" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(wrong); i++) {
        struct json_query q;
        struct err e;
        assert_int_equal(json_query_parse(&q, wrong[i].text, &e), -1);
        if (!strstr(e.text, wrong[i].why))
            fail_msg("%s: %s", wrong[i].text, e.text);
    }
}

static void a_query_has_at_most_32_parts(void **state)
{
    char text[2 * JSON_QUERY_SEGMENTS_MOST + 4] = "$";
    struct json_query q;
    struct err e;
    (void)state;
    for (int i = 0; i < JSON_QUERY_SEGMENTS_MOST; i++)
        strcat(text, ".a");
    assert_int_equal(json_query_parse(&q, text, &e), 0);
    json_query_fini(&q);
    strcat(text, ".a");
    assert_int_equal(json_query_parse(&q, text, &e), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_a_row_of_names_and_numbers),
        cmocka_unit_test(escapes_in_a_name_are_undone),
        cmocka_unit_test(a_query_for_several_places_is_refused),
        cmocka_unit_test(what_is_no_query_is_refused_with_the_reason),
        cmocka_unit_test(a_query_has_at_most_32_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
