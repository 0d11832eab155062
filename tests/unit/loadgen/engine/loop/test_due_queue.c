#include "cm.h"
#include "due_queue.h"

#include <sys/mman.h>
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

static void what_is_put_first_is_taken_first_also_around_the_end(void **state)
{
    (void)state;
    struct due_queue q;
    assert_int_equal(due_queue_init(&q, 3), 0);
    assert_true(due_queue_put_first(&q, &(struct due){ .seq = 2 }));
    assert_true(due_queue_put(&q, &(struct due){ .seq = 3 }));
    assert_true(due_queue_put_first(&q, &(struct due){ .seq = 1 }));
    assert_false(due_queue_put_first(&q, &(struct due){ 0 }));
    take_some(&q, 1, 3);
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

static size_t resident_bytes(const struct due_queue *q)
{
    static unsigned char pages[32 * 1024];
    const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    const size_t bytes = q->capacity * sizeof *q->ring;
    size_t n = 0;
    assert_true(bytes / page_bytes + 1 <= sizeof pages);
    assert_int_equal(mincore(q->ring, bytes, pages), 0);
    for (size_t i = 0; i * page_bytes < bytes; i++)
        n += pages[i] & 1;
    return n * page_bytes;
}

static void a_backlog_that_is_over_gives_its_memory_back(void **state)
{
    (void)state;
    enum { N = 7812 * 128 + 1 }; /* the last one begins a page */
    struct due_queue q;
    assert_int_equal(due_queue_init(&q, N), 0);
    for (int i = 0; i < 2; i++) {
        put_some(&q, 0, N);
        assert_true(resident_bytes(&q) >= N * sizeof *q.ring);
        take_some(&q, 0, N);
        assert_true(resident_bytes(&q) <= 512 * 1024);
    }
    due_queue_fini(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_longest_comes_first_also_around_the_end),
        cmocka_unit_test(what_is_put_first_is_taken_first_also_around_the_end),
        cmocka_unit_test(of_no_places_none_is_given),
        cmocka_unit_test(a_backlog_that_is_over_gives_its_memory_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
