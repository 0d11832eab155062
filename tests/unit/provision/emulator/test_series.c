#include "series.h"

#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int make_series(void **state)
{
    *state = calloc(1, sizeof(struct series));
    return *state ? 0 : -1;
}

static int free_series(void **state)
{
    free(*state);
    return 0;
}

static void a_slot_that_is_needed_again_starts_empty(void **state)
{
    struct series *s = *state;
    series_at(s, 1000)->requests_n = 5;
    assert_int_equal(series_at(s, 1000)->requests_n, 5);
    assert_int_equal(series_at(s, 1000 + SERIES_SECONDS)->requests_n, 0);
    assert_null(series_at(s, 1000));
}

static void cpu_time_is_spread_over_the_seconds_it_took(void **state)
{
    struct series *s = *state;
    /* 300 ms of CPU time at the baseline of 30 %: from 10.5 s to 11.5 s. */
    series_add_cpu(s, 10500 * NS_PER_MS, 11500 * NS_PER_MS, 300 * NS_PER_MS);
    series_add_cpu(s, 11000 * NS_PER_MS, 11000 * NS_PER_MS, 0);
    assert_int_equal(series_at(s, 10)->cpu_ns, 150 * NS_PER_MS);
    assert_int_equal(series_at(s, 11)->cpu_ns, 150 * NS_PER_MS);
    assert_int_equal(series_at(s, 12)->cpu_ns, 0);
}

static void a_queue_far_into_the_future_does_not_overwrite_the_past(void **state)
{
    struct series *s = *state;
    series_at(s, 1000)->requests_n = 5;
    series_add_cpu(s, 1001 * NS_PER_S, (1001 + 3 * SERIES_SECONDS) * NS_PER_S, NS_PER_S);
    assert_int_equal(series_at(s, 1000)->requests_n, 5);
}

static void rows_are_written_in_order_of_time_without_the_unused(void **state)
{
    struct series *s = *state;
    char *text;
    size_t length;
    series_at(s, 9001)->requests_n = 7;
    *series_at(s, 8999) = (struct series_second){ 8999, 1, 2, 3, 4, 0.5, 59.25 };
    series_at(s, 9002)->requests_n = 9; /* after now: CPU time of queued requests */
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    series_write(s, 9001, out);
    fclose(out);
    assert_string_equal(text, SERIES_HEADER "\n"
                                            "8999,1,2,3,4,0.500000000,59.250000000\n"
                                            "9001,7,0,0,0,0.000000000,\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_slot_that_is_needed_again_starts_empty, make_series, free_series),
        cmocka_unit_test_setup_teardown(cpu_time_is_spread_over_the_seconds_it_took, make_series,
                                        free_series),
        cmocka_unit_test_setup_teardown(a_queue_far_into_the_future_does_not_overwrite_the_past, make_series,
                                        free_series),
        cmocka_unit_test_setup_teardown(rows_are_written_in_order_of_time_without_the_unused, make_series,
                                        free_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
