#include "clock.h"
#include "err.h"
#include "fleet_clocks.h"
#include "fleet_start.h"

static const struct wire_patience none = { .until_ns = 1 };
static struct engine_start starts[FLEET_RANKS_MOST];
static struct err errs[FLEET_RANKS_MOST];

/* One rank after the other, each after the one that it hears from. Returns how many failed. */
static unsigned agree(uint32_t n_ranks, uint64_t at_realtime_ns, uint64_t lead_ns)
{
    unsigned n_failed = 0;
    fleet_begin(n_ranks);
    fleet_know_clocks();
    for (uint32_t i = 0; i < n_ranks; i++)
        n_failed += fleet_start_agree(&fleet.list[i], i == 0 ? at_realtime_ns : 1, i == 0 ? lead_ns : 0,
                                      &none, &starts[i], &errs[i]) != 0;
    fleet_end();
    return n_failed;
}

static void all_ranks_start_at_one_moment_of_rank_0s_clock(void **state)
{
    (void)state;
    const uint64_t from_ns = clock_monotonic_ns(), from_realtime_ns = clock_realtime_ns();
    assert_int_equal(agree(6, 0, 2 * NS_PER_S), 0);
    const uint64_t until_ns = clock_monotonic_ns(), until_realtime_ns = clock_realtime_ns();
    assert_in_range(starts[0].monotonic_ns, from_ns + 2 * NS_PER_S, until_ns + 2 * NS_PER_S);
    assert_in_range(starts[0].realtime_ns, from_realtime_ns + 2 * NS_PER_S, until_realtime_ns + 2 * NS_PER_S);
    for (uint32_t i = 1; i < 6; i++) {
        assert_int_equal(starts[i].monotonic_ns, starts[0].monotonic_ns + fleet_ahead_ns(i));
        assert_int_equal(starts[i].realtime_ns, starts[0].realtime_ns);
    }
}

static void a_given_start_is_found_on_the_other_clock(void **state)
{
    (void)state;
    const uint64_t at_ns = clock_realtime_ns() + 90 * NS_PER_S;
    const uint64_t monotonic_ns = at_ns - (clock_realtime_ns() - clock_monotonic_ns());
    assert_int_equal(agree(2, at_ns, 2 * NS_PER_S), 0);
    assert_in_range(starts[0].monotonic_ns, monotonic_ns - 10 * NS_PER_MS, monotonic_ns + 10 * NS_PER_MS);
    assert_int_equal(starts[1].realtime_ns, at_ns);
}

static void a_start_that_has_passed_is_refused_by_all(void **state)
{
    (void)state;
    assert_int_equal(agree(3, clock_realtime_ns() - 12300 * NS_PER_MS, 0), 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(errs[i].text,
                            "the generators are ready 12.3 s after the common start: choose a later one");
}

static void a_rank_that_hears_nothing_does_not_start(void **state)
{
    struct engine_start at;
    struct err e;
    (void)state;
    fleet_begin(2);
    assert_int_equal(fleet_start_agree(&fleet.list[1], 0, NS_PER_S, &none, &at, &e), -1);
    assert_string_equal(e.text, "the generator of rank 0 does not answer");
    assert_int_equal(wire_send(sim_net_wire(&fleet.net, 0), 1, WIRE_START, "soon", 4, &e), 0);
    assert_int_equal(fleet_start_agree(&fleet.list[1], 0, NS_PER_S, &none, &at, &e), -1);
    assert_string_equal(e.text, "rank 0 sent no start");
    fleet_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ranks_start_at_one_moment_of_rank_0s_clock),
        cmocka_unit_test(a_given_start_is_found_on_the_other_clock),
        cmocka_unit_test(a_start_that_has_passed_is_refused_by_all),
        cmocka_unit_test(a_rank_that_hears_nothing_does_not_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
