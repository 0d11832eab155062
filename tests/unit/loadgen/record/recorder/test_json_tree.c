#include "cm.h"
#include "json_tree.h"

static void a_text_of_any_bytes_is_a_json_string(void **state)
{
    static const char *const cases[][2] = {
        { "results/x", "results/x" },
        { "", "" },
        { "\xC3\xBC\n\x1B\"", "\xC3\xBC\n\x1B\"" },
        { "o\xE9t", "o\xEF\xBF\xBDt" },
        { "\xFF\xFE", "\xEF\xBF\xBD\xEF\xBF\xBD" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        json_t *text = json_tree_text(cases[i][0]);
        assert_string_equal(json_string_value(text), cases[i][1]);
        json_decref(text);
    }
}

static void no_text_is_null(void **state)
{
    (void)state;
    assert_true(json_is_null(json_tree_text_or_null(NULL)));
    assert_true(json_is_null(json_tree_text_or_null("")));
    json_t *text = json_tree_text_or_null("\xE9");
    assert_true(json_is_string(text));
    json_decref(text);
}

/* A value that could not be made leaves no tree that lacks it. */
static void a_tree_that_is_not_whole_is_let_go(void **state)
{
    json_t *object = json_object();
    json_t *array = json_array();
    (void)state;
    json_tree_set(&object, "a", json_tree_count(7));
    json_tree_append(&array, json_tree_count(8));
    assert_int_equal(json_integer_value(json_object_get(object, "a")), 7);
    assert_int_equal(json_integer_value(json_array_get(array, 0)), 8);
    json_tree_set(&object, "b", NULL);
    json_tree_append(&array, NULL);
    assert_null(object);
    assert_null(array);
    json_tree_set(&object, "c", json_tree_count(9)); /* freed */
    json_tree_append(&array, json_tree_count(9));
    assert_null(object);
    assert_null(array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_of_any_bytes_is_a_json_string),
        cmocka_unit_test(no_text_is_null),
        cmocka_unit_test(a_tree_that_is_not_whole_is_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
