#include "cm.h"
#include "think_queue.h"

/* Only its address matters. */
struct conn {
    int number;
};

static void who_has_thought_longest_comes_first_also_around_the_end(void **state)
{
    (void)state;
    struct think_queue q;
    struct conn conns[4];
    assert_int_equal(think_queue_init(&q, 3), 0);
    assert_int_equal(think_queue_since_ns(&q), UINT64_MAX);
    for (uint64_t i = 0; i < 3; i++)
        think_queue_put(&q, &conns[i], 10 + i);
    assert_ptr_equal(think_queue_take(&q), &conns[0]);
    think_queue_put(&q, &conns[3], 13);
    for (uint64_t i = 1; i < 4; i++) {
        assert_int_equal(think_queue_since_ns(&q), 10 + i);
        assert_ptr_equal(think_queue_take(&q), &conns[i]);
    }
    assert_int_equal(q.n, 0);
    think_queue_fini(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_thought_longest_comes_first_also_around_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
