/* Each allocation of a shard fails in turn: then it cannot be made, and can still be freed. */
#include "wired.h"

#include "short_memory.h"

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

static int init_again(uint64_t refused)
{
    const struct division all = division_of(&wired.plan, 0, 0);
    shard_fini(&wired.shard);
    short_memory_arm(refused, false);
    return shard_init(&wired.shard, wired.loop, &wired.route, &wired.stream, &all, &wired.barrier,
                      &wired.clock, NULL);
}

static void a_shard_without_memory_can_be_let_go_of(void **state)
{
    (void)state;
    wired_init(PLAN_OPEN, 3, 2);
    assert_int_equal(init_again(0), 0);
    const uint64_t n_allocations = short_memory_disarm();
    assert_true(n_allocations > 1);
    for (uint64_t k = 1; k <= n_allocations; k++) {
        assert_int_equal(init_again(k), -1);
        short_memory_disarm();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_shard_without_memory_can_be_let_go_of, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
