/* The loop without sockets: its timers, its limits of a wait, calls from other threads. */
#include "loop.h"

#include "cm.h"
#include "err.h"
#include "plan.h"
#include "units.h"

#include <string.h>

static struct plan plan;
static struct loop loop;
static unsigned n_looks, n_edges;

static void on_look(struct loop *l, uint64_t now_ns)
{
    (void)now_ns;
    assert_ptr_equal(l, &loop);
    n_looks++;
}

static void on_edge(struct loop *l, uint64_t now_ns)
{
    l->edge_ns = now_ns + NS_PER_S;
    n_edges++;
}

static int begin(void **state)
{
    (void)state;
    struct err e;
    n_looks = n_edges = 0;
    plan = (struct plan){ .n_threads = 1 };
    assert_int_equal(
        loop_init(&loop, &(struct loop_params){ .plan = &plan, .on_look = on_look, .on_edge = on_edge }, &e),
        0);
    loop.stats = stats_new(&plan);
    assert_non_null(loop.stats);
    return 0;
}

static int end(void **state)
{
    (void)state;
    loop_fini(&loop);
    stats_free(loop.stats);
    return 0;
}

/* --- timers --- */

static char ran[8];
static uint64_t next_ns;
static uint32_t n_given;

static void run(char name, struct loop_timer *timer, uint32_t n_most)
{
    ran[strlen(ran)] = name;
    n_given = n_most;
    timer->due_ns = next_ns;
}

static void run_a(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    (void)now_ns;
    run('a', timer, n_most);
}

static void run_b(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    (void)now_ns;
    run('b', timer, n_most);
}

static void run_c(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    (void)now_ns;
    run('c', timer, n_most);
}

static void timers_that_are_due_run_in_the_order_they_were_added(void **state)
{
    static const struct {
        uint64_t due_ns[3];
        const char *ran;
        uint64_t next_ns, armed_ns; /* of what ran; of the pacer then */
    } cases[] = {
        { { 100, 100, 100 }, "abc", 500, 500 },
        { { 101, 100, 99 }, "bc", 500, 101 },
        { { UINT64_MAX, 300, 0 }, "c", UINT64_MAX, 300 },
        { { 300, 200, 201 }, "", 0, 200 },
        { { 1, UINT64_MAX, UINT64_MAX }, "a", UINT64_MAX, PACER_NEVER },
    };
    struct loop_timer timers[] = { { .on_due = run_a }, { .on_due = run_b }, { .on_due = run_c } };
    (void)state;
    for (size_t i = 0; i < 3; i++)
        loop_add_timer(&loop, &timers[i]);
    for (size_t i = 0; i < N_OF(cases); i++) {
        memset(ran, 0, sizeof ran);
        next_ns = cases[i].next_ns;
        for (size_t k = 0; k < 3; k++)
            timers[k].due_ns = cases[i].due_ns[k];
        loop_run_due(&loop, 7, 100);
        assert_string_equal(ran, cases[i].ran);
        assert_int_equal(loop.pacer.armed_ns, cases[i].armed_ns);
    }
    assert_int_equal(n_given, 7);
}

static bool was_waited_for;

static void note_wait(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    (void)n_most;
    assert_true(now_ns >= timer->due_ns);
    was_waited_for = loop.wake_ns > loop.poll_ns;
    timer->due_ns = UINT64_MAX;
}

/* Near times end the wait itself; a timer ends it for far ones. Either way the request goes out in the same
 * turn. */
static void what_becomes_due_during_a_wait_runs_behind_it(void **state)
{
    static const uint64_t after_ns[] = { 40 * NS_PER_US, 400 * NS_PER_US };
    struct loop_timer timer = { .due_ns = UINT64_MAX, .on_due = note_wait };
    (void)state;
    loop_add_timer(&loop, &timer);
    for (size_t i = 0; i < N_OF(after_ns); i++) {
        was_waited_for = false; /* a busy machine may be too late to wait, now and then */
        for (int n_tries = 0; n_tries < 1000 && !was_waited_for; n_tries++) {
            timer.due_ns = clock_monotonic_ns() + after_ns[i];
            loop_rearm(&loop);
            while (timer.due_ns != UINT64_MAX)
                loop_turn(&loop);
        }
        assert_true(was_waited_for);
    }
}

/* --- waits; in us since it began to wait --- */

static void a_wait_is_as_long_as_libuvs_timers_allow(void **state)
{
    static const struct {
        const char *why;
        uint64_t due_us, armed_us;
        uint64_t until_us;
        bool has_closed;
    } cases[] = {
        { "for libuv", 3000, 90000, 3000, false },
        { "libuv is overdue", 0, 90000, 0, false },
        { "a request is due first, which the pacer knows", 3000, 1000, 3000, false },
        { "a request is due within a millisecond of libuv", 3000, 3999, 3999, false },
        { "a request is due a millisecond after it", 3000, 4000, 3000, false },
        { "the longest", 7000, 90000, 7000, false },
        { "longer than a tick: clocks drift apart", 7001, 90000, 5000, false },
        { "as long, with a request", 6500, 7400, 5000, false },
        { "something was closed", 3000, 90000, 0, true },
    };
    struct loop_closed closed;
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        loop.poll_ns = 50 * NS_PER_S;
        loop.pacer.armed_ns = loop.poll_ns + cases[i].armed_us * NS_PER_US;
        loop.closed_first = cases[i].has_closed ? &closed : NULL;
        const uint64_t until_ns = loop_wait_until_ns(&loop, loop.poll_ns + cases[i].due_us * NS_PER_US);
        if (until_ns != loop.poll_ns + cases[i].until_us * NS_PER_US)
            fail_msg("%s: %d us", cases[i].why, (int)((until_ns - loop.poll_ns) / NS_PER_US));
    }
    loop.closed_first = NULL;
    assert_int_equal(loop_wait_until_ns(&loop, UINT64_MAX), loop.poll_ns + LOOP_TICK_MS * NS_PER_MS);
}

static void what_was_closed_is_told_in_its_order(void **state)
{
    struct loop_closed closed[3];
    (void)state;
    assert_null(loop_take_closed(&loop));
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < 3; i++)
            loop_note_closed(&loop, &closed[i]);
        assert_true(loop_is_alive(&loop));
        assert_ptr_equal(loop_take_closed(&loop), &closed[0]);
        assert_ptr_equal(closed[0].after, &closed[1]);
        assert_ptr_equal(closed[1].after, &closed[2]);
        assert_null(closed[2].after);
        assert_null(loop_take_closed(&loop));
    }
}

/* --- calls --- */

static bool is_called(void)
{
    loop.is_uv_due = false;
    poller_wait(&loop.poller, 0);
    return loop.is_uv_due;
}

static void a_call_is_noticed_at_once(void **state)
{
    (void)state;
    loop_run_uv(&loop); /* libuv has something to set up first */
    uv_timer_stop(&loop.tick);
    n_looks = 0;
    assert_false(is_called());
    loop_call(&loop);
    assert_true(is_called());
    loop_run_uv(&loop);
    assert_int_equal(n_looks, 1);
    loop_run_uv(&loop);
    assert_int_equal(n_looks, 1);
}

static void an_ended_loop_takes_no_calls_and_runs_out(void **state)
{
    (void)state;
    assert_true(loop_is_alive(&loop));
    loop_end(&loop);
    assert_int_equal(loop.pacer.armed_ns, PACER_NEVER);
    loop_call(&loop);
    for (int i = 0; i < 3; i++)
        loop_run_uv(&loop);
    assert_false(loop_is_alive(&loop));
    assert_int_equal(n_looks, 0);
}

/* --- what it notes --- */

static void the_edge_is_passed_to_the_nanosecond(void **state)
{
    (void)state;
    loop.edge_ns = 100;
    loop_check_edge(&loop, 99);
    assert_int_equal(n_edges, 0);
    loop_check_edge(&loop, 100);
    assert_int_equal(n_edges, 1);
    loop_check_edge(&loop, 101);
    assert_int_equal(n_edges, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(timers_that_are_due_run_in_the_order_they_were_added, begin, end),
        cmocka_unit_test_setup_teardown(a_wait_is_as_long_as_libuvs_timers_allow, begin, end),
        cmocka_unit_test_setup_teardown(what_was_closed_is_told_in_its_order, begin, end),
        cmocka_unit_test_setup_teardown(a_call_is_noticed_at_once, begin, end),
        cmocka_unit_test_setup_teardown(an_ended_loop_takes_no_calls_and_runs_out, begin, end),
        cmocka_unit_test_setup_teardown(the_edge_is_passed_to_the_nanosecond, begin, end),
        cmocka_unit_test_setup_teardown(what_becomes_due_during_a_wait_runs_behind_it, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
