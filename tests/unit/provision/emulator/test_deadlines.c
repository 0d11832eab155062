#include "deadlines.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N = 2000 };

static void deadlines_come_out_in_order_of_time(void **state)
{
    struct deadlines d = { 0 };
    struct deadline *items = calloc(N, sizeof *items);
    struct random r;
    uint64_t last_ns = 0;
    (void)state;
    random_init(&r, 1, 0);
    for (int i = 0; i < N; i++)
        assert_int_equal(deadlines_put(&d, &items[i], random_below(&r, 500)), 0);
    for (int i = 0; i < N; i++) {
        struct deadline *first = deadlines_first(&d);
        assert_non_null(first);
        assert_true(first->due_ns >= last_ns);
        last_ns = first->due_ns;
        deadlines_remove(&d, first);
    }
    assert_null(deadlines_first(&d));
    deadlines_fini(&d);
    free(items);
}

static void equal_deadlines_come_out_in_the_order_put_in(void **state)
{
    struct deadlines d = { 0 };
    struct deadline items[20] = { 0 };
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_int_equal(deadlines_put(&d, &items[i], 7), 0);
    for (int i = 0; i < 20; i++) {
        assert_ptr_equal(deadlines_first(&d), &items[i]);
        deadlines_remove(&d, &items[i]);
    }
    deadlines_fini(&d);
}

static void what_is_removed_does_not_come_out(void **state)
{
    struct deadlines d = { 0 };
    struct deadline *items = calloc(N, sizeof *items);
    struct random r;
    uint64_t last_ns = 0;
    size_t n = 0;
    (void)state;
    random_init(&r, 2, 0);
    for (int i = 0; i < N; i++)
        assert_int_equal(deadlines_put(&d, &items[i], random_u64(&r) >> 1), 0);
    for (int i = 0; i < N; i += 3) {
        deadlines_remove(&d, &items[i]);
        deadlines_remove(&d, &items[i]); /* once more is fine */
    }
    for (struct deadline *first; (first = deadlines_first(&d)); n++) {
        assert_int_not_equal((first - items) % 3, 0);
        assert_true(first->due_ns >= last_ns);
        last_ns = first->due_ns;
        deadlines_remove(&d, first);
    }
    assert_int_equal(n, N - (N + 2) / 3);
    deadlines_fini(&d);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlines_come_out_in_order_of_time),
        cmocka_unit_test(equal_deadlines_come_out_in_the_order_put_in),
        cmocka_unit_test(what_is_removed_does_not_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
