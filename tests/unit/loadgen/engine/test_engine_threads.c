/* The threads of a run: where they run, how they end, and what happens when one cannot be started. */
#include "engine_run.h"

#include <dlfcn.h>
#include <errno.h>
#include <sched.h>

/* In place of the C library's: who is pinned, and to what. */
enum { PINNED_MOST = 8 };
static atomic_uint n_pinned;
static cpu_set_t pinned[PINNED_MOST];

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *cpus)
{
    const unsigned i = atomic_fetch_add(&n_pinned, 1);
    (void)thread;
    if (i < PINNED_MOST && size == sizeof *cpus)
        pinned[i] = *cpus;
    return 0;
}

static void pinned_threads_have_a_processor_each(void **state)
{
    struct run *x = &run;
    cpu_set_t allowed, all;
    (void)state;
    atomic_store(&n_pinned, 0);
    make(x, true);
    assert_int_equal(run_now(x), 0);
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    const unsigned n = CPU_COUNT(&allowed) < 2 ? 1 : 2;
    assert_int_equal(n_pinned, n);
    CPU_ZERO(&all);
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(CPU_COUNT(&pinned[i]), 1);
        CPU_OR(&all, &all, &pinned[i]);
    }
    assert_int_equal(CPU_COUNT(&all), n);
    CPU_AND(&all, &all, &allowed);
    assert_int_equal(CPU_COUNT(&all), n);
}

static void threads_are_not_pinned_unless_asked_for(void **state)
{
    struct run *x = &run;
    (void)state;
    atomic_store(&n_pinned, 0);
    make(x, false);
    assert_int_equal(run_now(x), 0);
    assert_int_equal(n_pinned, 0);
}

/* Every second request of the open stream gets no response, so that one thread ends before the other. */
static void a_thread_that_ends_first_is_not_waited_at(void **state)
{
    struct plan_request requests[2];
    (void)state;
    for (int late = 0; late < 2; late++) {
        struct run *x = &run;
        assert_true(late == 0 || begin(NULL) == 0);
        requests[late] = mute_request;
        requests[1 - late] = request;
        x->streams[1].requests = requests;
        x->streams[1].n_requests = 2;
        x->streams[1].mix = PLAN_MIX_SEQUENCE;
        x->streams[1].timeout_ns = 60 * NS_PER_MS;
        make(x, false);
        assert_int_equal(run_now(x), 0);
        assert_int_equal(x->end, RECORDER_DONE);
        assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
        json_t *totals = read_part(x, "totals");
        assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_CLOSED + N_OPEN / 2);
        json_decref(totals);
        if (late == 0)
            assert_int_equal(end(NULL), 0);
    }
}

/* In place of the C library's: a call fails. */
static atomic_int n_until_failure; /* 0: none does */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*f)(void *), void *payload)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    return atomic_load(&n_until_failure) > 0 && atomic_fetch_sub(&n_until_failure, 1) == 1
               ? EAGAIN
               : real(thread, attributes, f, payload);
}

/* Without a thread of its own the collector runs on the caller's. */
static void a_thread_that_cannot_be_started_ends_the_run(void **state)
{
    struct run *x = &run;
    unsigned n_failed = 0, n_done = 0;
    (void)state;
    for (int i = 1; n_done == 0; i++) {
        assert_true(i == 1 || begin(NULL) == 0);
        make(x, false);
        const uint64_t from_ns = clock_monotonic_ns();
        atomic_store(&n_until_failure, i);
        const int status = run_now(x);
        assert_int_equal(x->end, status ? RECORDER_FAILED : RECORDER_DONE);
        assert_true(x->end_ns > from_ns);
        if (status)
            assert_string_equal(x->e.text, "cannot start a thread: out of memory, or of threads (ulimit -u)");
        else
            assert_int_equal(x->server.n_requests, N_ALL);
        n_failed += status != 0;
        n_done += atomic_exchange(&n_until_failure, 0) > 0;
        if (n_done == 0)
            assert_int_equal(end(NULL), 0);
    }
    assert_int_equal(n_failed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pinned_threads_have_a_processor_each, begin, end),
        cmocka_unit_test_setup_teardown(threads_are_not_pinned_unless_asked_for, begin, end),
        cmocka_unit_test_setup_teardown(a_thread_that_ends_first_is_not_waited_at, begin, end),
        cmocka_unit_test_setup_teardown(a_thread_that_cannot_be_started_ends_the_run, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
