#include "instance_type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void burstable_types_begin_with_t_and_a_number(void **state)
{
    static const char *const burstable[] = { "t2.large", "t3a.nano", "t4g.small" };
    static const char *const others[] = { "m4.large", "trn1.2xlarge", "", NULL };
    (void)state;
    for (size_t i = 0; i < sizeof burstable / sizeof *burstable; i++)
        assert_true(instance_type_is_burstable(burstable[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(instance_type_is_burstable(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burstable_types_begin_with_t_and_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
