#include "cm.h"

#include "host_allowances.h"

#include <string.h>

static void counters_are_known_by_their_names_and_added(void **state)
{
    static const char names[][HOST_ALLOWANCE_NAME_BYTES] = { "rx_packets", "bw_in_allowance_exceeded",
                                                             "pps_allowance_exceeded",
                                                             "conntrack_allowance_available",
                                                             "linklocal_allowance_exceeded" };
    static const uint64_t values[] = { 1, 20, 300, 4000, 50000 };
    struct host_allowances all = { 0 };
    (void)state;
    host_allowances_add(&all, names, values, 1);
    assert_false(all.is_known);
    host_allowances_add(&all, names, values, 5);
    host_allowances_add(&all, names, values, 5);
    assert_true(all.is_known);
    assert_int_equal(all.n[0], 40);
    assert_int_equal(all.n[1], 0);
    assert_int_equal(all.n[2], 600);
    assert_int_equal(all.n[3], 0);
}

static void a_name_of_the_longest_length_has_no_end(void **state)
{
    char names[1][HOST_ALLOWANCE_NAME_BYTES];
    const uint64_t value = 1;
    struct host_allowances all = { 0 };
    (void)state;
    memset(names, 'x', sizeof names);
    host_allowances_add(&all, (const char(*)[HOST_ALLOWANCE_NAME_BYTES])names, &value, 1);
    assert_false(all.is_known);
}

static void this_machine_s_interfaces_are_read(void **state)
{
    struct host_allowances first, second;
    (void)state;
    host_allowances_read(&first);
    host_allowances_read(&second);
    assert_int_equal(first.is_known, second.is_known);
    for (size_t i = 0; i < HOST_ALLOWANCES; i++)
        assert_true(second.n[i] >= first.n[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_are_known_by_their_names_and_added),
        cmocka_unit_test(a_name_of_the_longest_length_has_no_end),
        cmocka_unit_test(this_machine_s_interfaces_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
