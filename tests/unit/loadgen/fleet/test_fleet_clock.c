#include "err.h"
#include "fleet_clocks.h"

#include <pthread.h>
#include <stdio.h>

enum { STEP_NS = 10000 };

/* Every rank looks for messages each 10 us. */
static void go_on(uint64_t ns)
{
    struct wire_message m;
    for (const uint64_t until_ns = fleet.net.now_ns + ns; fleet.net.now_ns < until_ns;) {
        fleet.net.now_ns += STEP_NS;
        for (uint32_t i = 0; i < fleet.net.n_ranks; i++) {
            fleet_clock_attend(&fleet.list[i], fleet_local_ns(i));
            while (wire_receive(sim_net_wire(&fleet.net, i), &m)) {
                fleet_clock_on_message(&fleet.list[i], &m, fleet_local_ns(i));
                wire_message_fini(&m);
            }
        }
    }
}

static void a_rank_finds_how_far_its_clock_is_from_rank_0s(void **state)
{
    (void)state;
    fleet_begin(2);
    fleet.net.latency_ns = 4 * STEP_NS;
    go_on(NS_PER_S / 2);
    const struct fleet_clock *c = &fleet.list[1];
    assert_int_equal(c->used.offset_ns, -(int64_t)fleet_ahead_ns(1));
    assert_int_equal(c->used.error_ns, 4 * STEP_NS);
    /* In this process the wall clocks are one, and only the other clock was set back. */
    assert_in_range(c->used.wall_ahead_ns, fleet_ahead_ns(1) - NS_PER_MS, fleet_ahead_ns(1) + NS_PER_MS);
    assert_int_equal(fleet_clock_fleet_ns(c, fleet_local_ns(1)), fleet.net.now_ns);
    assert_int_equal(fleet_clock_local_ns(c, fleet.net.now_ns), fleet_local_ns(1));
    assert_int_equal(fleet_clock_fleet_ns(&fleet.list[0], 5), 5);
    assert_int_equal(fleet.list[0].firsts[1].offset_ns, c->first.offset_ns);
    assert_int_equal(fleet.list[0].lasts[1].at_ns, c->last.at_ns);
    fleet_end();
}

/* The way to rank 0 takes as long as the network makes it, and the answer comes at once. */
static void the_error_is_at_most_half_of_the_round_trip(void **state)
{
    struct wire_message m;
    (void)state;
    fleet_begin(2);
    fleet_clock_attend(&fleet.list[0], fleet.net.now_ns);
    static const uint64_t way_ns[] = { 900, 5, 300, 7, 70 };
    for (int i = 0; i <= 5; i++) {
        assert_true(wire_receive(sim_net_wire(&fleet.net, 1), &m));
        fleet_clock_on_message(&fleet.list[1], &m, fleet_local_ns(1));
        wire_message_fini(&m);
        if (i == 5)
            break;
        fleet.net.now_ns += way_ns[i] * NS_PER_US;
        assert_true(wire_receive(sim_net_wire(&fleet.net, 0), &m));
        fleet_clock_on_message(&fleet.list[0], &m, fleet.net.now_ns);
        wire_message_fini(&m);
    }
    const struct fleet_clock_reading *r = &fleet.list[1].used;
    assert_int_equal(r->error_ns, 2500);
    assert_int_equal(r->offset_ns + (int64_t)fleet_ahead_ns(1), 2500);
    fleet_end();
}

static void a_worse_reading_counts_only_when_the_better_one_is_old(void **state)
{
    (void)state;
    fleet_begin(2);
    fleet.net.latency_ns = 2 * STEP_NS;
    go_on(NS_PER_S / 2);
    const struct fleet_clock_reading first = fleet.list[1].used;
    fleet.net.latency_ns = 100 * STEP_NS;
    go_on(NS_PER_S);
    const struct fleet_clock *c = &fleet.list[1];
    assert_int_equal(c->last.error_ns, 100 * STEP_NS);
    assert_int_equal(c->used.at_ns, first.at_ns);
    assert_int_equal(c->first.at_ns, first.at_ns);
    go_on(11 * NS_PER_S); /* 100 ppm of them are more than the millisecond */
    assert_int_equal(c->used.error_ns, 100 * STEP_NS);
    assert_int_equal(c->first.at_ns, first.at_ns);
    fleet_end();
}

static void one_rank_a_second_reads_its_clock_again(void **state)
{
    (void)state;
    fleet_begin(4);
    uint64_t read_ns[4] = { 0 };
    for (uint32_t second = 0; second < 9; second++) {
        go_on(NS_PER_S);
        for (uint32_t i = 1; i < 4; i++) {
            const uint64_t at_ns = fleet.list[0].lasts[i].at_ns;
            assert_int_equal(at_ns != read_ns[i], i == second % 3 + 1);
            read_ns[i] = at_ns;
        }
    }
    fleet_end();
}

static void strange_messages_change_nothing(void **state)
{
    unsigned char bytes[80] = { 0 };
    (void)state;
    fleet_begin(2);
    for (uint32_t rank = 0; rank < 2; rank++)
        for (size_t n = 0; n <= sizeof bytes; n++)
            for (unsigned char kind = 0; kind < 6; kind++) {
                bytes[0] =
                    rank == 0 && kind == 3 ? 9 : kind; /* not a result, whose numbers are taken as they are */
                const struct wire_message m = { .from = 1 - rank, .bytes = bytes, .n_bytes = n };
                fleet_clock_on_message(&fleet.list[rank], &m, 1);
            }
    assert_int_equal(fleet.list[1].used.at_ns, 0);
    fleet_end();
}

/* --- all ranks at once, in real time --- */

struct measuring {
    struct wire_patience patience;
    const bool *lost;
    int status[FLEET_RANKS_MOST];
    struct err e[FLEET_RANKS_MOST];
} measuring;

static void *measure(void *payload)
{
    const uint32_t rank = (uint32_t)((struct fleet_clock *)payload - fleet.list);
    measuring.status[rank] = fleet_clock_measure(payload, rank == 0 ? measuring.lost : NULL,
                                                 &measuring.patience, &measuring.e[rank]);
    return NULL;
}

static void measure_all_but(uint32_t absent, uint64_t patience_ns)
{
    pthread_t threads[FLEET_RANKS_MOST];
    fleet.net.is_real = true;
    measuring.patience.until_ns = clock_monotonic_ns() + patience_ns;
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++)
        if (i != absent)
            assert_int_equal(pthread_create(&threads[i], NULL, measure, &fleet.list[i]), 0);
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++)
        if (i != absent)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void all_ranks_compare_their_clocks_before_the_run_and_after_it(void **state)
{
    (void)state;
    measuring = (struct measuring){ 0 };
    fleet_begin(4);
    for (int round = 0; round < 2; round++) {
        measure_all_but(UINT32_MAX, 60 * NS_PER_S);
        for (uint32_t i = 0; i < 4; i++) {
            const struct fleet_clock_reading *r = &fleet.list[i].last;
            assert_int_equal(measuring.status[i], 0);
            assert_true(r->at_ns > 0);
            assert_true((uint64_t)llabs(r->offset_ns) <= r->error_ns);
            assert_int_equal(fleet.list[0].lasts[i].at_ns, r->at_ns);
            assert_int_equal(fleet.list[0].firsts[i].at_ns, fleet.list[i].first.at_ns);
            assert_int_equal(fleet.list[i].first.at_ns == r->at_ns, round == 0);
        }
    }
    fleet_end();
}

static void a_reading_that_was_asked_for_during_the_run_may_come_first(void **state)
{
    (void)state;
    measuring = (struct measuring){ 0 };
    fleet_begin(2);
    fleet.net.is_real = true;
    fleet_clock_attend(&fleet.list[0], clock_monotonic_ns());
    measure_all_but(UINT32_MAX, 60 * NS_PER_S);
    assert_int_equal(measuring.status[0], 0);
    assert_int_equal(measuring.status[1], 0);
    fleet_end();
}

static void take_all_at(uint32_t rank)
{
    struct wire_message m;
    while (wire_receive(sim_net_wire(&fleet.net, rank), &m)) {
        fleet_clock_on_message(&fleet.list[rank], &m, clock_monotonic_ns());
        wire_message_fini(&m);
    }
}

static void the_result_of_such_a_reading_does_not_end_the_next(void **state)
{
    (void)state;
    measuring = (struct measuring){ 0 };
    fleet_begin(2);
    fleet.net.is_real = true;
    fleet_clock_attend(&fleet.list[0], clock_monotonic_ns());
    take_all_at(1);
    while (fleet.list[1].reader.n_left > 0) {
        take_all_at(0);
        take_all_at(1);
    }
    measure_all_but(UINT32_MAX, 60 * NS_PER_S);
    assert_int_equal(measuring.status[0], 0);
    assert_int_equal(measuring.status[1], 0);
    fleet_end();
}

static void a_lost_rank_is_left_out_and_one_that_does_not_answer_is_named(void **state)
{
    const bool lost[3] = { false, true, false };
    (void)state;
    measuring = (struct measuring){ .lost = lost };
    fleet_begin(3);
    measure_all_but(1, 60 * NS_PER_S);
    assert_int_equal(measuring.status[0], 0);
    assert_int_equal(measuring.status[2], 0);
    assert_int_equal(fleet.list[0].lasts[1].at_ns, 0);
    measuring.lost = NULL;
    measure_all_but(1, 20 * NS_PER_MS);
    assert_int_equal(measuring.status[0], -1);
    assert_string_equal(measuring.e[0].text, "the generator of rank 1 does not answer");
    assert_int_equal(measuring.status[2], -1);
    fleet_end();
}

static void a_signal_ends_the_comparison(void **state)
{
    atomic_int stop = 2;
    (void)state;
    measuring = (struct measuring){ .patience.stop = &stop };
    fleet_begin(2);
    measure_all_but(1, 60 * NS_PER_S);
    assert_string_equal(measuring.e[0].text, "stopped while the generators compared their clocks");
    fleet_end();
}

/* --- sentences --- */

static const char *said(double ahead_ms, double drift_ms, double error_ms)
{
    static char text[FLEET_CLOCK_SAID_BYTES];
    struct fleet_clock *c = &fleet.list[0];
    const uint64_t error_ns = (uint64_t)(error_ms * NS_PER_MS);
    c->firsts[1] = (struct fleet_clock_reading){ .wall_ahead_ns = (int64_t)(ahead_ms * NS_PER_MS),
                                                 .error_ns = error_ns };
    c->lasts[1] = c->firsts[1];
    c->lasts[1].wall_ahead_ns += (int64_t)(drift_ms * NS_PER_MS);
    const bool is_said = fleet_clock_say(c, 1, "host c5", text, sizeof text);
    assert_int_equal(is_said, *text != '\0');
    return text;
}

static void what_is_beyond_50_ms_for_sure_is_said(void **state)
{
    (void)state;
    fleet_begin(2);
    assert_string_equal(said(250, 0, 0.01), "host c5's clock is 250.0 ms ahead");
    assert_string_equal(said(-2000, 3, 0.01), "host c5's clock is 2000.0 ms behind");
    assert_string_equal(said(51, -60.04, 0.01),
                        "host c5's clock is 51.0 ms ahead, and drifted by 60.0 ms during the run");
    assert_string_equal(said(10, 61, 0.01), "host c5's clock drifted by 61.0 ms during the run");
    assert_string_equal(said(50, 50, 0), "");
    assert_string_equal(said(60, 65, 11), "");
    fleet_end();
}

static void what_is_known_vaguely_is_said_so(void **state)
{
    (void)state;
    fleet_begin(2);
    assert_string_equal(said(250, 0, 0.0999), "host c5's clock is 250.0 ms ahead");
    assert_string_equal(said(250, 0, 0.1), "host c5's clock is 250.0 ms (give or take 0.1) ahead");
    assert_string_equal(said(253.1, 0, 3.11), "host c5's clock is 253.1 ms (give or take 3.2) ahead");
    assert_string_equal(said(10, 65, 7),
                        "host c5's clock drifted by 65.0 ms (give or take 14.0) during the run");
    assert_string_equal(
        said(-60, 70.04, 0.06),
        "host c5's clock is 60.0 ms behind, and drifted by 70.0 ms (give or take 0.2) during the run");
    assert_string_equal(said(-1e9, 2e9, 1e6),
                        "host c5's clock is 1000000000.0 ms (give or take 1000000.0) behind, and drifted by "
                        "2000000000.0 ms (give or take 2000000.0) during the run");
    fleet_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rank_finds_how_far_its_clock_is_from_rank_0s),
        cmocka_unit_test(the_error_is_at_most_half_of_the_round_trip),
        cmocka_unit_test(a_worse_reading_counts_only_when_the_better_one_is_old),
        cmocka_unit_test(one_rank_a_second_reads_its_clock_again),
        cmocka_unit_test(strange_messages_change_nothing),
        cmocka_unit_test(all_ranks_compare_their_clocks_before_the_run_and_after_it),
        cmocka_unit_test(a_reading_that_was_asked_for_during_the_run_may_come_first),
        cmocka_unit_test(the_result_of_such_a_reading_does_not_end_the_next),
        cmocka_unit_test(a_lost_rank_is_left_out_and_one_that_does_not_answer_is_named),
        cmocka_unit_test(a_signal_ends_the_comparison),
        cmocka_unit_test(what_is_beyond_50_ms_for_sure_is_said),
        cmocka_unit_test(what_is_known_vaguely_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
