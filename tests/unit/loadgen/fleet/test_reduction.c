#include "made_second.h"
#include "reduction.h"
#include "sim_fleet.h"
#include "small_plan.h"

#include "cm.h"

/* Rank i's second: i + 1 answers. */
static void add_second(struct sim_fleet *f, uint32_t rank, uint64_t second)
{
    struct random r;
    struct stats *stats = stats_new(&small_plan);
    random_init(&r, rank, second);
    made_good(stats, &small_plan, 1, 1, rank + 1, &r);
    reduction_add(f->ranks[rank], second, stats, NS_PER_S);
    stats_free(stats);
}

static uint64_t n_good(const struct sim_fleet *f)
{
    return f->sum->cells[OPEN_MAIN].n_outcomes[OUTCOME_OK];
}

static uint64_t n_times(const struct sim_fleet *f)
{
    return f->sum->cells[OPEN_MAIN].times[OUTCOME_OK]->metrics[METRIC_RESPONSE]->n;
}

static void assert_nothing_bad(const struct sim_fleet *f)
{
    for (uint32_t i = 0; i < f->net.n_ranks; i++)
        assert_int_equal(reduction_n_bad(f->ranks[i]), 0);
}

static void every_share_is_in_every_second_whatever_their_number(void **state)
{
    static const uint32_t sizes[] = { 1, 2, 3, 7, 8, 64 };
    (void)state;
    for (size_t s = 0; s < N_OF(sizes); s++) {
        const uint32_t n = sizes[s];
        struct sim_fleet f;
        sim_fleet_init(&f, n, &small_plan, 0);
        f.net.latency_ns = NS_PER_MS;
        for (uint64_t second = 0; second < 3; second++) {
            f.net.now_ns = (second + 1) * NS_PER_S;
            for (uint32_t i = 0; i < n; i++)
                add_second(&f, n - 1 - i, second);
            sim_fleet_run(&f, (second + 1) * NS_PER_S + 90 * NS_PER_MS);
            assert_int_equal(f.n_given[second], 1);
            assert_int_equal(f.n_told[second], n);
        }
        assert_int_equal(n_good(&f), 3 * n * (n + 1) / 2);
        assert_int_equal(n_times(&f), 3 * n * (n + 1) / 2);
        assert_int_equal(f.sum->streams[1].n_sent, 3 * n * (n + 1) / 2);
        assert_nothing_bad(&f);
        sim_fleet_fini(&f);
    }
}

static void a_late_rank_delays_no_second_and_rides_with_the_next(void **state)
{
    struct sim_fleet f;
    (void)state;
    sim_fleet_init(&f, 8, &small_plan, 0);
    for (uint64_t second = 0; second < 3; second++) {
        f.net.now_ns = (second + 1) * NS_PER_S;
        for (uint32_t i = 0; i < 8; i++)
            if (i != 7 || second == 2)
                add_second(&f, i, second);
        if (second == 1)
            add_second(&f, 7, 0); /* a second late */
        sim_fleet_run(&f, (second + 1) * NS_PER_S + 500 * NS_PER_MS + NS_PER_MS);
        assert_int_equal(f.n_told[second], second == 2 ? 8 : 7);
    }
    assert_int_equal(f.n_told[0], 8);
    assert_int_equal(f.n_given[0], 2);
    assert_int_equal(f.n_late, 1);
    assert_int_equal(n_good(&f), 3 * 36 - 8);
    assert_in_range(f.given_ns[1], 2 * NS_PER_S + 100 * NS_PER_MS, 2 * NS_PER_S + 500 * NS_PER_MS);
    assert_nothing_bad(&f);
    sim_fleet_fini(&f);
}

static void a_silent_leaf_makes_only_itself_late(void **state)
{
    struct sim_fleet f;
    (void)state;
    sim_fleet_init(&f, 64, &small_plan, 0);
    f.net.now_ns = NS_PER_S;
    for (uint32_t i = 0; i < 63; i++) /* rank 63 is the deepest */
        add_second(&f, i, 0);
    sim_fleet_run(&f, NS_PER_S + 500 * NS_PER_MS + NS_PER_MS);
    assert_int_equal(f.n_told[0], 63);
    assert_int_equal(f.n_given[0], 1);
    sim_fleet_fini(&f);
}

static void shares_that_have_ended_count_as_told(void **state)
{
    struct sim_fleet f;
    (void)state;
    sim_fleet_init(&f, 8, &small_plan, 0);
    for (uint64_t second = 0; second < 5; second++) {
        f.net.now_ns = (second + 1) * NS_PER_S;
        for (uint32_t i = 0; i < 8; i++) {
            if (i % 4 >= second) /* ranks 0 and 4 never send, 1 and 5 for one second, ... */
                add_second(&f, i, second);
            if (i % 4 == second)
                reduction_end(f.ranks[i]);
        }
        sim_fleet_run(&f, (second + 1) * NS_PER_S + 90 * NS_PER_MS);
        if (second < 4) {
            assert_int_equal(f.n_given[second], 1);
            assert_int_equal(f.n_told[second], 8);
        }
    }
    assert_int_equal(f.n_given[4], 0);
    assert_int_equal(f.n_late, 0);
    assert_int_equal(n_good(&f), 1 + 5 + 2 * (2 + 6) + 3 * (3 + 7) + 4 * (4 + 8));
    assert_nothing_bad(&f);
    sim_fleet_fini(&f);
}

static void a_dead_rank_is_bridged(void **state)
{
    struct sim_fleet f;
    (void)state;
    sim_fleet_init(&f, 8, &small_plan, 0);
    sim_net_kill(&f.net, 4); /* 5, 6 and, through 6, 7 report to it */
    for (uint64_t second = 0; second < 2; second++) {
        f.net.now_ns = (second + 1) * NS_PER_S;
        for (uint32_t i = 0; i < 8; i++)
            if (i != 4)
                add_second(&f, i, second);
        sim_fleet_run(&f, (second + 1) * NS_PER_S + 600 * NS_PER_MS);
        assert_int_equal(f.n_told[second], second == 0 ? 4 : 7);
        for (uint32_t i = 0; i < 8; i++)
            reduction_bridge(f.ranks[i], 4, true);
    }
    assert_true(f.given_ns[0] >= NS_PER_S + 500 * NS_PER_MS);
    assert_true(f.given_ns[1] <= 2 * NS_PER_S + 50 * NS_PER_MS); /* none waits for it */
    assert_int_equal(n_good(&f), 1 + 2 + 3 + 4 + (36 - 5));
    sim_fleet_fini(&f);
}

static void a_rank_that_stood_still_catches_up(void **state)
{
    struct sim_fleet f;
    (void)state;
    sim_fleet_init(&f, 4, &small_plan, 0);
    for (uint64_t second = 0; second < 8; second++) {
        f.net.now_ns = (second + 1) * NS_PER_S;
        for (uint32_t i = 0; i < 4; i++)
            if (i != 2 || second == 6)
                for (uint64_t k = i == 2 ? 0 : second; k <= second; k++)
                    add_second(&f, i, k);
        sim_fleet_run(&f, (second + 1) * NS_PER_S + 600 * NS_PER_MS);
    }
    for (uint64_t second = 0; second < 7; second++)
        assert_int_equal(f.n_told[second], 4);
    assert_int_equal(n_good(&f), 7 * 10 + 1 + 2 + 4);
    assert_nothing_bad(&f);
    sim_fleet_fini(&f);
}

static void what_is_left_at_the_end_goes_straight_to_rank_0(void **state)
{
    struct sim_fleet f;
    (void)state;
    sim_fleet_init(&f, 8, &small_plan, 0);
    f.net.now_ns = NS_PER_S;
    for (uint32_t i = 0; i < 8; i++)
        add_second(&f, i, 0);
    sim_fleet_run(&f, NS_PER_S + 50 * NS_PER_MS);
    for (uint32_t i = 0; i < 8; i++)
        reduction_end(f.ranks[i]);
    sim_fleet_run(&f, NS_PER_S + 100 * NS_PER_MS);
    for (uint32_t i = 1; i < 8; i++) {
        add_second(&f, i, 1);
        reduction_flush(f.ranks[i]);
    }
    sim_fleet_turn(&f, 0);
    assert_int_equal(reduction_n_flushed(f.ranks[0]), 7);
    add_second(&f, 0, 1);
    reduction_flush(f.ranks[0]);
    assert_int_equal(n_good(&f), 2 * 36);
    assert_nothing_bad(&f);
    sim_fleet_fini(&f);
}

static void damaged_messages_are_counted_and_harmless(void **state)
{
    struct sim_fleet f;
    struct wire_message m;
    (void)state;
    sim_fleet_init(&f, 2, &small_plan, 0);
    f.net.now_ns = NS_PER_S;
    add_second(&f, 1, 0);
    sim_fleet_turn(&f, 1);
    assert_true(wire_receive(sim_net_wire(&f.net, 0), &m));
    const size_t n_bytes = m.n_bytes;
    for (m.n_bytes = 0; m.n_bytes < n_bytes; m.n_bytes++)
        reduction_message(f.ranks[0], &m);
    assert_true(reduction_n_bad(f.ranks[0]) > 0);
    sim_fleet_run(&f, 2 * NS_PER_S);
    assert_int_equal(n_good(&f), 0);
    m.n_bytes = n_bytes;
    wire_message_fini(&m);
    sim_fleet_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_share_is_in_every_second_whatever_their_number),
        cmocka_unit_test(a_late_rank_delays_no_second_and_rides_with_the_next),
        cmocka_unit_test(a_silent_leaf_makes_only_itself_late),
        cmocka_unit_test(shares_that_have_ended_count_as_told),
        cmocka_unit_test(a_dead_rank_is_bridged),
        cmocka_unit_test(a_rank_that_stood_still_catches_up),
        cmocka_unit_test(what_is_left_at_the_end_goes_straight_to_rank_0),
        cmocka_unit_test(damaged_messages_are_counted_and_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
