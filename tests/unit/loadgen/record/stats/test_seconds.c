/* Which second a stats counts in, and when a second is whole. Times are in ms since the run began. */
#include "cm.h"
#include "seconds.h"
#include "small_plan.h"
#include "stats.h"
#include "units.h"

#define T0_NS (1000 * NS_PER_S)

static uint64_t at_ms(uint64_t ms)
{
    return T0_NS + ms * NS_PER_MS;
}

static struct seconds seconds;

static int begin(void **state)
{
    (void)state;
    assert_int_equal(seconds_init(&seconds, &small_plan, 2), 0);
    seconds.t0_ns = T0_NS;
    return 0;
}

static int drop(void **state)
{
    (void)state;
    seconds_fini(&seconds);
    return 0;
}

static uint64_t told(uint32_t thread, uint64_t start_ns, uint64_t end_ns, bool is_last)
{
    const struct stats b = { .start_ns = start_ns, .end_ns = end_ns, .is_last = is_last };
    const struct second *second = seconds_of(&seconds, thread, &b);
    assert_non_null(second);
    return second->index;
}

static void a_stats_counts_in_the_second_in_which_it_began(void **state)
{
    (void)state;
    assert_int_equal(told(0, at_ms(0), at_ms(1000), false), 0);
    assert_int_equal(told(0, at_ms(0) - 1, at_ms(1000), false), 0);
    assert_int_equal(told(0, at_ms(1000) - 1, at_ms(1000), false), 0);
    assert_int_equal(told(0, at_ms(1000), at_ms(2000), false), 1);
    assert_int_equal(told(1, at_ms(2999), at_ms(3000), false), 2);
    assert_int_equal(told(1, at_ms(1500), at_ms(3000), false), 1);
    assert_int_equal(seconds.pending->index, 0);
    assert_int_equal(seconds.pending->next->index, 1);
    assert_int_equal(seconds.pending->next->next->index, 2);
    assert_null(seconds.pending->next->next->next);
}

static void a_second_is_whole_when_all_threads_have_told_of_it(void **state)
{
    (void)state;
    told(0, at_ms(0), at_ms(1000), false);
    assert_null(seconds_take(&seconds, 0));
    told(1, at_ms(0), at_ms(1000) - 1, false);
    assert_null(seconds_take(&seconds, 0));
    told(1, at_ms(0), at_ms(1000), false);
    struct second *second = seconds_take(&seconds, 0);
    assert_non_null(second);
    assert_int_equal(second->index, 0);
    assert_int_equal(seconds.next_index, 1);
    seconds_give_back(&seconds, second);
    assert_null(seconds_take(&seconds, 0));
    /* Too late for its own second. */
    assert_int_equal(told(1, at_ms(500), at_ms(2000), false), 1);
}

static void a_second_of_which_nobody_told_is_one_too(void **state)
{
    (void)state;
    told(0, at_ms(1000), at_ms(2000), false);
    told(1, at_ms(1000), at_ms(2000), false);
    for (uint64_t i = 0; i < 2; i++) {
        struct second *second = seconds_take(&seconds, 0);
        assert_non_null(second);
        assert_int_equal(second->index, i);
        seconds_give_back(&seconds, second);
    }
    assert_null(seconds_take(&seconds, 0));
}

static void the_last_second_waits_for_the_end_of_the_run(void **state)
{
    (void)state;
    told(0, at_ms(0), at_ms(300), true);
    told(1, at_ms(0), at_ms(400), false);
    assert_null(seconds_take(&seconds, 0));
    told(1, at_ms(0), at_ms(1000), false);
    struct second *second = seconds_take(&seconds, 0); /* one goes on, and it is whole */
    assert_non_null(second);
    seconds_give_back(&seconds, second);
    told(1, at_ms(1000), at_ms(1400), true);
    assert_null(seconds_take(&seconds, 0));
    second = seconds_take(&seconds, at_ms(1400));
    assert_non_null(second);
    assert_int_equal(second->index, 1);
    seconds_give_back(&seconds, second);
    assert_null(seconds_take(&seconds, at_ms(1400)));
}

static void a_run_that_ends_with_a_second_has_no_other(void **state)
{
    (void)state;
    struct second *second = seconds_take(&seconds, at_ms(1000));
    assert_non_null(second);
    seconds_give_back(&seconds, second);
    assert_null(seconds_take(&seconds, at_ms(1000)));
    second = seconds_take(&seconds, at_ms(1000) + 1);
    assert_non_null(second);
    assert_int_equal(second->index, 1);
    seconds_give_back(&seconds, second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_stats_counts_in_the_second_in_which_it_began, begin, drop),
        cmocka_unit_test_setup_teardown(a_second_is_whole_when_all_threads_have_told_of_it, begin, drop),
        cmocka_unit_test_setup_teardown(a_second_of_which_nobody_told_is_one_too, begin, drop),
        cmocka_unit_test_setup_teardown(the_last_second_waits_for_the_end_of_the_run, begin, drop),
        cmocka_unit_test_setup_teardown(a_run_that_ends_with_a_second_has_no_other, begin, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
