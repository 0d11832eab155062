/* The heap of due times, against a search through all items. */
#include "cm.h"
#include "due_heap.h"
#include "random.h"

enum { N_ITEMS = 200, N_TURNS = 20000 };

static uint32_t earliest(const uint64_t *due_ns)
{
    uint32_t best = N_ITEMS;
    for (uint32_t i = 0; i < N_ITEMS; i++)
        if (due_ns[i] != UINT64_MAX && (best == N_ITEMS || due_ns[i] < due_ns[best]))
            best = i;
    return best;
}

static void items_are_taken_in_the_order_of_their_times_then_of_their_numbers(void **state)
{
    struct due_heap h;
    struct random r;
    uint64_t due_ns[N_ITEMS];
    (void)state;
    random_init(&r, 5, 0);
    assert_int_equal(due_heap_init(&h, N_ITEMS), 0);
    for (uint32_t i = 0; i < N_ITEMS; i++)
        due_ns[i] = UINT64_MAX;
    for (uint32_t turn = 0; turn < N_TURNS; turn++) {
        const uint32_t item = (uint32_t)random_below(&r, N_ITEMS);
        const uint32_t first = earliest(due_ns);
        switch (random_below(&r, 4)) {
        case 0:
            due_heap_remove(&h, item);
            due_ns[item] = UINT64_MAX;
            break;
        case 1:
            if (first == N_ITEMS)
                break;
            assert_int_equal(due_heap_first_ns(&h), due_ns[first]);
            assert_int_equal(due_heap_take(&h), first);
            due_ns[first] = UINT64_MAX;
            break;
        default:
            due_ns[item] = random_below(&r, 100);
            due_heap_put(&h, item, due_ns[item]);
        }
        assert_int_equal(due_heap_has(&h, item), due_ns[item] != UINT64_MAX);
    }
    due_heap_fini(&h);
}

static void an_empty_heap_is_never_due(void **state)
{
    struct due_heap h;
    (void)state;
    assert_int_equal(due_heap_init(&h, 0), 0);
    assert_true(due_heap_first_ns(&h) == UINT64_MAX);
    due_heap_fini(&h);
    due_heap_fini(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_taken_in_the_order_of_their_times_then_of_their_numbers),
        cmocka_unit_test(an_empty_heap_is_never_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
