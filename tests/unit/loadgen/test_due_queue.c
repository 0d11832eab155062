#include "../cm.h"
#include "due_queue.h"

#include <stdio.h>
#include <unistd.h>

static void put_some(struct due_queue *q, uint64_t first, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        assert_true(due_queue_put(q, &(struct due){ .seq = first + i }));
}

static void take_some(struct due_queue *q, uint64_t first, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        assert_int_equal(due_queue_take(q).seq, first + i);
}

static void who_waits_longest_comes_first_also_around_the_end(void **state)
{
    (void)state;
    struct due_queue q;
    assert_int_equal(due_queue_init(&q, 5), 0);
    put_some(&q, 0, 4);
    take_some(&q, 0, 3);
    put_some(&q, 4, 4);
    assert_int_equal(due_queue_first(&q)->seq, 3);
    assert_false(due_queue_put(&q, &(struct due){ 0 }));
    take_some(&q, 3, 5);
    assert_int_equal(q.n, 0);
    due_queue_fini(&q);
}

static void of_no_places_none_is_given(void **state)
{
    (void)state;
    struct due_queue q;
    assert_int_equal(due_queue_init(&q, 0), 0);
    assert_false(due_queue_put(&q, &(struct due){ 0 }));
    due_queue_fini(&q);
}

static size_t resident_bytes(void)
{
    size_t n_all = 0, n_resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%zu %zu", &n_all, &n_resident), 2);
    fclose(file);
    return n_resident * (size_t)sysconf(_SC_PAGESIZE);
}

static void a_backlog_that_is_over_gives_its_memory_back(void **state)
{
    (void)state;
    enum { N = 1000000, MB = 1000000 };
    struct due_queue q;
    assert_int_equal(due_queue_init(&q, N), 0);
    const size_t before_bytes = resident_bytes();
    put_some(&q, 0, N);
    assert_true(resident_bytes() > before_bytes + 30 * MB);
    take_some(&q, 0, N);
    assert_true(resident_bytes() < before_bytes + MB);
    put_some(&q, 0, N);
    take_some(&q, 0, N);
    due_queue_fini(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_longest_comes_first_also_around_the_end),
        cmocka_unit_test(of_no_places_none_is_given),
        cmocka_unit_test(a_backlog_that_is_over_gives_its_memory_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
