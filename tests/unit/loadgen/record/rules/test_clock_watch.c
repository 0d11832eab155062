#include "clock_watch.h"
#include "cm.h"
#include "units.h"

/* How far each clock went since the last reading, and the largest step so far; in us. */
struct look {
    const char *why;
    int64_t monotonic_us, realtime_us;
    uint64_t step_us;
};

static void check(const struct look *looks, size_t n)
{
    struct clock_watch w = { 0 };
    struct clock_pair pair = { 1000 * NS_PER_S, 5000 * NS_PER_S };
    clock_watch_add(&w, &pair);
    assert_int_equal(w.step_max_ns, 0);
    for (size_t i = 0; i < n; i++) {
        pair.monotonic_ns += (uint64_t)(looks[i].monotonic_us * (int64_t)NS_PER_US);
        pair.realtime_ns += (uint64_t)(looks[i].realtime_us * (int64_t)NS_PER_US);
        clock_watch_add(&w, &pair);
        if (w.step_max_ns != looks[i].step_us * NS_PER_US)
            fail_msg("%s: %d us", looks[i].why, (int)(w.step_max_ns / NS_PER_US));
    }
}

/* 500 ppm of a second are 500 us. */
static void a_step_is_what_slewing_cannot_be(void **state)
{
    (void)state;
    static const struct look looks[] = {
        { "together", 1000000, 1000000, 0 },          { "slewed forward", 1000000, 1000500, 0 },
        { "slewed back", 1000000, 999500, 0 },        { "one more", 1000000, 1000501, 1 },
        { "one less", 1000000, 999499, 1 },           { "set forward", 1000000, 1000700, 200 },
        { "set back by less", 1000000, 999400, 200 }, { "set back by more", 1000000, 999200, 300 },
        { "in two seconds", 2000000, 2001301, 301 },  { "by an hour", 1000000, 3601000000, 3599999500 },
    };
    check(looks, N_OF(looks));
}

static void both_clocks_are_read_together(void **state)
{
    (void)state;
    struct clock_pair pair = { 0 };
    bool is_read = false;
    for (int i = 0; i < 1000 && !is_read; i++) /* of a busy machine */
        is_read = clock_watch_read(&pair);
    assert_true(is_read);
    assert_true(pair.monotonic_ns > 0);
    assert_true(pair.realtime_ns > UINT64_C(1600000000) * NS_PER_S);
}

/* In three seconds and a bit: whole milliseconds' parts count. */
static void what_slewing_can_be_grows_with_the_time(void **state)
{
    (void)state;
    static const struct look looks[] = { { "as far as it can", 3002000, 3003501, 0 },
                                         { "further", 3002000, 3003502, 1 } };
    check(looks, N_OF(looks));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_what_slewing_cannot_be),
        cmocka_unit_test(both_clocks_are_read_together),
        cmocka_unit_test(what_slewing_can_be_grows_with_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
