#include "instances.h"

#include "cm.h"

#include <math.h>

static void answers_of_ids_that_are_not_kept_are_told_from_those_without_one(void **state)
{
    struct instance_row rows[] = {
        { .instance = (char[]){ "i-1" }, .ok_n = 5, .expected_n = NAN, .p_uneven = NAN },
        { .instance = (char[]){ "i-2" }, .ok_n = 5, .expected_n = NAN, .p_uneven = NAN },
        { .instance = (char[]){ "" }, .ok_n = 70, .expected_n = NAN, .p_uneven = NAN },
        { .instance = (char[]){ "i-3" },
          .arm = 1,
          .ok_n = 5,
          .expected_n = 5,
          .p_uneven = 0.5,
          .p_even = 0.5 },
        { .instance = (char[]){ "" },
          .arm = 1,
          .ok_n = 7,
          .expected_n = NAN,
          .p_uneven = 0.5,
          .p_even = 0.5 },
    };
    const struct instances instances = { rows, N_OF(rows) };
    (void)state;
    assert_int_equal(instances_unkept(&instances, 0), 70);
    assert_string_equal(instances_words(&rows[0]), "");
    assert_int_equal(instances_unkept(&instances, 1), 0);
    assert_string_equal(instances_words(&rows[3]), "no more uneven than chance makes it");
    assert_int_equal(instances_unkept(&instances, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_of_ids_that_are_not_kept_are_told_from_those_without_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
