/* How a thread waits for its next request: decided from times alone. */
#include "clock.h"
#include "cm.h"
#include "pacer.h"
#include "units.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define NOW_NS (50 * NS_PER_S)

/* Times are from now, in us; 0: the timer is not armed. */
struct when {
    const char *why;
    int64_t due_us, until_us, timer_us, spin_us;
    uint64_t timer_after_us; /* 0: it stays as it is */
    int64_t most_us;         /* -1: for ever */
};

static uint64_t at_us(int64_t us)
{
    return NOW_NS + (uint64_t)(us * (int64_t)NS_PER_US);
}

static void check(bool counts_ns, const struct when *when, size_t n)
{
    struct poller poller = { .fd = -1, .counts_ns = counts_ns };
    for (size_t i = 0; i < n; i++) {
        const struct when *w = &when[i];
        const struct pacer p = { .poller = &poller,
                                 .armed_ns = w->due_us == INT64_MAX ? PACER_NEVER : at_us(w->due_us),
                                 .timer_ns = w->timer_us ? at_us(w->timer_us) : 0,
                                 .spin_ns = (uint64_t)w->spin_us * NS_PER_US };
        const struct pacer_wait got = pacer_plan(&p, NOW_NS, at_us(w->until_us));
        const uint64_t most_ns = w->most_us < 0 ? POLLER_FOREVER : (uint64_t)w->most_us * NS_PER_US;
        if (got.timer_after_ns != w->timer_after_us * NS_PER_US || got.most_ns != most_ns)
            fail_msg("%s: timer after %d ns, wait of %d ns", w->why, (int)got.timer_after_ns,
                     (int)got.most_ns);
    }
}

static void a_wait_costs_as_little_as_its_length_allows(void **state)
{
    (void)state;
    static const struct when cases[] = {
        { "overdue", -700, 5000, 0, 0, 0, 0 },
        { "due now", 0, 5000, 0, 0, 0, 0 },
        { "sooner than a thread wakes up", 9, 5000, 0, 0, 0, 0 },
        { "near", 30, 5000, 0, 0, 0, 30 },
        { "near, and the timer is later", 30, 5000, 900, 0, 0, 30 },
        { "near, and the timer is as near", 30, 5000, 30, 0, 0, -1 },
        { "far", 1000, 5000, 0, 0, 1000, -1 },
        { "just far", 60, 5000, 0, 0, 60, -1 },
        { "just near", 59, 5000, 0, 0, 0, 59 },
        { "far, and an answer came in between", 700, 5000, 700, 0, 0, -1 },
        { "far, and the timer is sooner: it wakes too early, which costs a turn", 700, 5000, 400, 0, 0, -1 },
        { "far, and the timer is too late", 700, 5000, 900, 0, 700, -1 },
        { "far, and the timer has fired unseen", 700, 5000, -1, 0, 700, -1 },
        { "never due", INT64_MAX, 5000, 0, 0, 5000, -1 },
        { "the loop is due before", 1000, 400, 0, 0, 400, -1 },
        { "the loop is due soon", 1000, 20, 0, 0, 0, 20 },
        { "the loop is due at once, the request is not", 1000, 0, 0, 0, 0, 0 },
        { "the loop is due in a moment: it is in no hurry", 1000, 3, 0, 0, 0, 3 },
    };
    check(true, cases, N_OF(cases));
}

static void spinning_begins_before_the_time(void **state)
{
    (void)state;
    static const struct when cases[] = {
        { "spins", 99, 5000, 0, 100, 0, 0 },
        { "sleeps until then", 140, 5000, 0, 100, 0, 40 },
        { "for long", 1100, 5000, 0, 100, 1000, -1 },
        { "is due in the loop's time, but spins after that", 1100, 990, 0, 100, 990, -1 },
        { "longer than the time has run", 1000, 5000, 0, 60000000, 0, 0 },
        { "for nothing", INT64_MAX, 5000, 0, 100, 5000, -1 },
        { "less than it takes to wake up", 8, 5000, 0, 2, 0, 0 },
    };
    check(true, cases, N_OF(cases));
}

static void an_old_kernel_waits_by_the_timer_alone(void **state)
{
    (void)state;
    static const struct when cases[] = {
        { "due in a moment", 9, 5000, 0, 0, 0, 0 },
        { "near", 30, 5000, 0, 0, 30, -1 },
        { "near, armed already", 30, 5000, 30, 0, 0, -1 },
        { "far", 1000, 5000, 0, 0, 1000, -1 },
    };
    check(false, cases, N_OF(cases));
}

static void its_kind_names_the_kernels_means(void **state)
{
    (void)state;
    struct poller poller = { .fd = -1, .counts_ns = true };
    struct pacer p = { .poller = &poller };
    assert_string_equal(pacer_kind(&p), "epoll_pwait2");
    p.spin_ns = 1;
    assert_string_equal(pacer_kind(&p), "epoll_pwait2+spin");
    poller.counts_ns = false;
    assert_string_equal(pacer_kind(&p), "timerfd+spin");
    p.spin_ns = 0;
    assert_string_equal(pacer_kind(&p), "timerfd");
}

static void on_answer(struct poller_watch *watch, uint32_t events)
{
    (void)watch;
    assert_int_equal(events & POLLER_READABLE, POLLER_READABLE);
}

/* A wait ends by the timer, or before, and then the timer stays armed. */
static void the_timer_is_armed_until_it_fires(void **state)
{
    (void)state;
    struct poller poller;
    struct pacer p;
    struct poller_watch watch = { .on_events = on_answer };
    struct pacer_wait wait = { .timer_after_ns = NS_PER_US, .most_ns = POLLER_FOREVER };
    assert_int_equal(poller_init(&poller), 0);
    assert_int_equal(pacer_init(&p, &poller, 0), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pacer_wait(&p, &wait, NOW_NS), 1);
        assert_int_equal(p.timer_ns, 0);
    }
    const int fd = eventfd(1, EFD_CLOEXEC);
    assert_int_equal(poller_add(&poller, fd, &watch, POLLER_READABLE), 0);
    wait.timer_after_ns = 1000 * NS_PER_S + 7;
    assert_int_equal(pacer_wait(&p, &wait, NOW_NS), 1);
    assert_int_equal(p.timer_ns, NOW_NS + 1000 * NS_PER_S + 7);
    close(fd);
    pacer_fini(&p);
    poller_fini(&poller);
    assert_int_equal(p.timer_fd, -1);
}

static void milliseconds_are_rounded_up(void **state)
{
    (void)state;
    assert_int_equal(poller_whole_ms(0), 0);
    assert_int_equal(poller_whole_ms(1), 1);
    assert_int_equal(poller_whole_ms(NS_PER_MS), 1);
    assert_int_equal(poller_whole_ms(NS_PER_MS + 1), 2);
    assert_int_equal(poller_whole_ms(7 * NS_PER_MS), 7);
    assert_int_equal(poller_whole_ms(POLLER_FOREVER), -1);
}

static void a_wait_ends_where_nothing_comes(void **state)
{
    (void)state;
    struct poller poller;
    struct epoll_event none;
    const struct timespec moment = { .tv_nsec = 1 };
    assert_int_equal(poller_init(&poller), 0);
    assert_int_equal(poller.counts_ns, epoll_pwait2(poller.fd, &none, 1, &moment, NULL) == 0);
    assert_int_equal(poller_wait(&poller, 0), 0);
    assert_int_equal(poller_wait(&poller, NS_PER_US), 0);
    poller.counts_ns = false; /* it is rounded up, so that it does not end too early */
    const uint64_t start_ns = clock_monotonic_ns();
    assert_int_equal(poller_wait(&poller, NS_PER_US), 0);
    assert_true(clock_monotonic_ns() >= start_ns + NS_PER_MS);
    poller_fini(&poller);
}

/* It may have fired already, unseen. */
static void a_timer_that_fires_at_this_moment_is_armed_anew(void **state)
{
    (void)state;
    struct poller poller = { .fd = -1, .counts_ns = true };
    const struct pacer p = { .poller = &poller, .armed_ns = at_us(700), .timer_ns = NOW_NS };
    const struct pacer_wait got = pacer_plan(&p, NOW_NS, at_us(5000));
    assert_int_equal(got.timer_after_ns, 700 * NS_PER_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_costs_as_little_as_its_length_allows),
        cmocka_unit_test(spinning_begins_before_the_time),
        cmocka_unit_test(an_old_kernel_waits_by_the_timer_alone),
        cmocka_unit_test(its_kind_names_the_kernels_means),
        cmocka_unit_test(the_timer_is_armed_until_it_fires),
        cmocka_unit_test(milliseconds_are_rounded_up),
        cmocka_unit_test(a_wait_ends_where_nothing_comes),
        cmocka_unit_test(a_timer_that_fires_at_this_moment_is_armed_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
