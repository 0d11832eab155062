/* Documents of any shape as trees of a bounded depth and size. */
#include "any_json.h"

#include "cm.h"
#include "err.h"

#include <stdio.h>
#include <string.h>

static void anchors_are_followed(void **state)
{
    (void)state;
    static const char text[] = "a: &x { n: 1, t: 'yes' }\nb: *x\nc: [*x, no]\n";
    struct err e = { 0 };
    json_t *tree = any_json_parse("a.yaml", text, strlen(text), &e);
    assert_non_null(tree);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(tree, "b"), "n")), 1);
    assert_string_equal(json_string_value(json_array_get(json_object_get(tree, "c"), 1)), "no");
    json_decref(tree);
}

static void anchors_in_anchors_cannot_make_a_tree_that_is_too_deep(void **state)
{
    (void)state;
    char text[8192] = "a0: &a0 1\n";
    struct err e = { 0 };
    size_t used = strlen(text);
    for (int i = 1; i < 200; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "a%d: &a%d [[*a%d]]\n", i, i, i - 1);
    assert_null(any_json_parse("a.yaml", text, used, &e));
    assert_string_equal(e.text, "a.yaml:101: this is too deep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchors_are_followed),
        cmocka_unit_test(anchors_in_anchors_cannot_make_a_tree_that_is_too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
