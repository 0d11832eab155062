/* Each allocation of a shard over HTTP/2, and of its connection, fails in turn: nothing is lost or leaks. */
#include "wired_http2.h"

#include "short_memory.h"

static int init_again(uint64_t refused)
{
    const struct division all = division_of(&wired.plan, 0, 0);
    shard_fini(&wired.shard);
    short_memory_arm(refused, false);
    const int status = shard_init(&wired.shard, wired.loop, &wired.route, &wired.stream, &all, &wired.barrier,
                                  &wired.clock, NULL);
    wired.shard.counts = &wired.loop->stats->streams[0];
    return status;
}

static void a_shard_without_memory_can_be_let_go_of(void **state)
{
    (void)state;
    h2_plan(PLAN_CLOSED, 3, 2);
    wired.stream.think_ns = NS_PER_S;
    h2_start();
    assert_int_equal(init_again(0), 0);
    const uint64_t n_allocations = short_memory_disarm();
    assert_true(n_allocations > 5);
    for (uint64_t k = 1; k <= n_allocations; k++) {
        assert_int_equal(init_again(k), -1);
        short_memory_disarm();
    }
}

/* A connection and two requests on it while the allocation `refused` fails. Returns whether it was ready. */
static bool try(uint64_t refused)
{
    h2_init(PLAN_CLOSED, 1, 2);
    struct conn *c = wired_connect(0);
    short_memory_arm(refused, false);
    const bool is_ready = mux_prepare(c) == 0 && mux_begin(c) == 0;
    if (is_ready) {
        h2_submit(c, &wired.get, 1, 0);
        h2_submit(c, &wired.post, 2, 0);
        h2_end_callback();
    }
    return is_ready;
}

static void a_request_that_finds_no_memory_waits(void **state)
{
    (void)state;
    assert_true(try(0));
    const uint64_t n_allocations = short_memory_disarm();
    wired_fini();
    assert_true(n_allocations > 0);
    for (uint64_t k = 1; k <= n_allocations; k++) {
        const bool is_ready = try(k);
        short_memory_disarm();
        const struct conn *c = shard_conn(&wired.shard, 0);
        if (is_ready) {
            assert_int_equal(c->n_flights, 2);
            assert_int_equal(c->mux->open.n + c->mux->waiting.n, 2);
        }
        wired_fini();
    }
    h2_init(PLAN_CLOSED, 1, 2); /* for the teardown */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_shard_without_memory_can_be_let_go_of, h2_drop),
        cmocka_unit_test_teardown(a_request_that_finds_no_memory_waits, h2_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
