#include "json_text.h"

#include "cm.h"

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
        json_t *text = json_text(cases[i][0]);
        assert_string_equal(json_string_value(text), cases[i][1]);
        json_decref(text);
    }
}

static void no_text_is_null(void **state)
{
    (void)state;
    assert_true(json_is_null(json_text_or_null(NULL)));
    assert_true(json_is_null(json_text_or_null("")));
    json_t *text = json_text_or_null("\xE9");
    assert_true(json_is_string(text));
    json_decref(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_of_any_bytes_is_a_json_string),
        cmocka_unit_test(no_text_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
