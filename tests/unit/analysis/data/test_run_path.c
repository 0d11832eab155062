#include "run_path.h"

#include "cm.h"

static void a_run_of_many_is_named_by_its_folder_alone(void **state)
{
    (void)state;
    assert_true(run_path_is_name("pair-01-a"));
    assert_true(run_path_is_name("a b..c"));
    assert_true(run_path_is_name("..."));
    assert_false(run_path_is_name(""));
    assert_false(run_path_is_name("."));
    assert_false(run_path_is_name(".."));
    assert_false(run_path_is_name("../x"));
    assert_false(run_path_is_name("/etc"));
    assert_false(run_path_is_name("x/../../y"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_run_of_many_is_named_by_its_folder_alone) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
