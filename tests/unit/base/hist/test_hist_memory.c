#include "hist.h"

#include "cm.h"
#include "short_memory.h"

static void values_that_find_no_memory_are_lost_and_nothing_else(void **state)
{
    struct hist *h = hist_new_compact();
    (void)state;
    short_memory_arm(1, true);
    hist_add_bin(h, HIST_N_COUNTS - 1, 5);
    hist_add(h, UINT64_MAX);
    short_memory_disarm();
    assert_int_equal(h->n_lost, 6);
    assert_int_equal(h->n, 0);
    assert_int_equal(h->n_overflow, 0);
    assert_int_equal(h->max_ns, 0);
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_find_no_memory_are_lost_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
