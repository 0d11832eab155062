#include "status_counts.h"

#include "cm.h"

static void rows_are_ordered_by_status_whatever_came_first(void **state)
{
    struct status_counts counts = { 0 };
    (void)state;
    status_counts_count(&counts, 503);
    status_counts_count(&counts, 200);
    status_counts_count(&counts, 404);
    status_counts_count(&counts, 200);
    assert_int_equal(counts.n, 3);
    assert_int_equal(counts.rows[0].status, 200);
    assert_int_equal(counts.rows[0].n, 2);
    assert_int_equal(counts.rows[1].status, 404);
    assert_int_equal(counts.rows[2].status, 503);
}

static void codes_that_find_no_room_are_counted_together(void **state)
{
    struct status_counts counts = { 0 };
    uint64_t n = 0;
    (void)state;
    for (unsigned status = 999; status >= 100; status--)
        status_counts_count(&counts, status);
    for (uint32_t i = 0; i < counts.n; i++)
        n += counts.rows[i].n;
    assert_int_equal(n, 900);
    assert_int_equal(counts.n, STATUS_COUNTS_MOST + 1);
    assert_int_equal(counts.rows[0].status, 0);
    assert_int_equal(counts.rows[0].n, 900 - STATUS_COUNTS_MOST);
    status_counts_count(&counts, 999);
    assert_int_equal(counts.rows[STATUS_COUNTS_MOST].n, 2);
}

static void an_answer_with_the_status_0_counts_too(void **state)
{
    struct status_counts counts = { 0 };
    (void)state;
    status_counts_count(&counts, 0);
    status_counts_count(&counts, 200);
    assert_int_equal(counts.n, 2);
    assert_int_equal(counts.rows[0].n, 1);
    assert_int_equal(counts.rows[1].status, 200);
}

static void sums_have_every_code_of_both(void **state)
{
    struct status_counts sum = { 0 }, other = { 0 };
    (void)state;
    status_counts_add(&sum, 200, 5);
    status_counts_add(&other, 200, 2);
    status_counts_add(&other, 301, 3);
    status_counts_merge(&sum, &other);
    assert_int_equal(sum.n, 2);
    assert_int_equal(sum.rows[0].n, 7);
    assert_int_equal(sum.rows[1].status, 301);
    assert_int_equal(sum.rows[1].n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_ordered_by_status_whatever_came_first),
        cmocka_unit_test(codes_that_find_no_room_are_counted_together),
        cmocka_unit_test(an_answer_with_the_status_0_counts_too),
        cmocka_unit_test(sums_have_every_code_of_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
