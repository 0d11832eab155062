#include "engine.h"
#include "err.h"
#include "fleet_clocks.h"
#include "fleet_stop.h"

#include <signal.h>

/* In place of the real one's part. */
struct engine {
    unsigned n_ends;
    enum recorder_end how;
    uint64_t at_ns;
    const char *stop_cause;
};

const char *engine_stop_cause(const struct engine *en)
{
    return en->stop_cause;
}

void engine_end(struct engine *en, enum recorder_end how, uint64_t at_ns)
{
    en->n_ends++;
    en->how = how;
    en->at_ns = at_ns;
}

static struct engine engines[FLEET_RANKS_MOST];
static struct fleet_stop stops[FLEET_RANKS_MOST];
static atomic_int flags[FLEET_RANKS_MOST];

static void begin(uint32_t n_ranks)
{
    fleet_begin(n_ranks);
    fleet_know_clocks();
    memset(engines, 0, sizeof engines);
    for (uint32_t i = 0; i < n_ranks; i++) {
        atomic_store(&flags[i], 0);
        fleet_stop_init(&stops[i], &fleet.list[i], &engines[i], &flags[i]);
    }
}

/* Every rank looks once, and time goes on by 10 ms. */
static void look(void)
{
    struct wire_message m;
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++) {
        while (wire_receive(sim_net_wire(&fleet.net, i), &m)) {
            fleet_stop_on_message(&stops[i], &m, fleet_local_ns(i));
            wire_message_fini(&m);
        }
        fleet_stop_attend(&stops[i], fleet_local_ns(i));
    }
    fleet.net.now_ns += 10 * NS_PER_MS;
}

static void assert_all_end(enum recorder_end how, enum fleet_stop_cause cause, uint32_t rank, uint32_t detail)
{
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++) {
        assert_int_equal(engines[i].n_ends, 1);
        assert_int_equal(engines[i].how, how);
        assert_int_equal(engines[i].at_ns - fleet_ahead_ns(i), engines[0].at_ns);
        assert_true(fleet_stop_is_ordered(&stops[i]));
        assert_int_equal(fleet_stop_end(&stops[i]), how);
        assert_int_equal(stops[i].order.cause, cause);
        assert_int_equal(stops[i].order.rank, rank);
        assert_int_equal(stops[i].order.detail, detail);
    }
}

static void a_signal_at_any_rank_ends_all_at_one_moment(void **state)
{
    (void)state;
    for (uint32_t rank = 0; rank < 3; rank++) {
        begin(3);
        look();
        assert_int_equal(fleet_stop_end(&stops[rank]), RECORDER_DONE);
        const uint64_t from_ns = fleet.net.now_ns;
        atomic_store(&flags[rank], SIGUSR1);
        for (int i = 0; i < 100; i++)
            look();
        assert_all_end(RECORDER_INTERRUPTED, FLEET_STOP_SIGNAL, rank, SIGUSR1);
        assert_in_range(engines[0].at_ns, from_ns, from_ns + 100 * NS_PER_MS);
        fleet_end();
    }
}

static void a_plan_that_ends_the_run_on_one_rank_ends_it_on_all(void **state)
{
    (void)state;
    begin(3);
    look();
    engines[1].stop_cause = "a step failed";
    for (int i = 0; i < 100; i++)
        look();
    assert_all_end(RECORDER_ABORTED, FLEET_STOP_ABORT, 1, 0);
    fleet_end();
}

/* As from Ctrl-C at a launcher that forwards it. */
static void the_first_request_counts(void **state)
{
    (void)state;
    begin(3);
    atomic_store(&flags[2], SIGTERM);
    look();
    for (int i = 0; i < 3; i++)
        atomic_store(&flags[i], SIGINT);
    fleet_stop_ask(&stops[0], FLEET_STOP_ABORT, 0, fleet.net.now_ns);
    for (int i = 0; i < 100; i++)
        look();
    assert_all_end(RECORDER_ABORTED, FLEET_STOP_ABORT, 0, 0);
    fleet_end();
}

static void the_cause_says_how_the_run_ended(void **state)
{
    (void)state;
    begin(2);
    fleet_stop_ask(&stops[0], FLEET_STOP_LOST, 7, fleet.net.now_ns);
    look();
    look();
    assert_all_end(RECORDER_INTERRUPTED, FLEET_STOP_LOST, 0, 7);
    fleet_end();
    begin(2);
    fleet_stop_ask(&stops[1], FLEET_STOP_FAILED, 0, fleet_local_ns(1));
    look();
    look();
    assert_all_end(RECORDER_INTERRUPTED, FLEET_STOP_FAILED, 1, 0);
    fleet_end();
}

static void a_rank_that_gets_no_order_ends_by_itself_after_half_a_second(void **state)
{
    (void)state;
    begin(3);
    sim_net_kill(&fleet.net, 0);
    atomic_store(&flags[1], SIGTERM);
    const uint64_t asked_ns = fleet_local_ns(1);
    for (int i = 0; i < 49; i++)
        look();
    assert_int_equal(engines[1].n_ends, 0);
    look();
    look();
    assert_int_equal(engines[1].n_ends, 1);
    assert_int_equal(engines[1].how, RECORDER_INTERRUPTED);
    assert_int_equal(engines[1].at_ns, asked_ns + 500 * NS_PER_MS);
    assert_int_equal(engines[2].n_ends, 0);
    fleet_stop_alone(&stops[2], fleet_local_ns(2));
    assert_int_equal(engines[2].at_ns, fleet_local_ns(2));
    assert_int_equal(stops[2].order.cause, FLEET_STOP_LOST);
    fleet_end();
}

static void an_order_without_a_run_is_noted(void **state)
{
    (void)state;
    begin(2);
    stops[1].engine = NULL;
    atomic_store(&flags[0], SIGINT);
    look();
    look();
    assert_true(fleet_stop_is_ordered(&stops[1]));
    fleet_end();
}

static void strange_messages_change_nothing(void **state)
{
    uint32_t words[12] = { 0 };
    (void)state;
    begin(2);
    for (uint32_t rank = 0; rank < 2; rank++)
        for (size_t n = 0; n <= sizeof words; n++)
            for (uint32_t kind = rank == 0 ? 1 : 0; kind < 4; kind++) {
                words[0] = kind; /* an order of no time */
                const struct wire_message m = { .from = 1 - rank,
                                                .bytes = (unsigned char *)words,
                                                .n_bytes = n };
                fleet_stop_on_message(&stops[rank], &m, 1);
            }
    assert_int_equal(engines[0].n_ends + engines[1].n_ends, 0);
    fleet_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_at_any_rank_ends_all_at_one_moment),
        cmocka_unit_test(a_plan_that_ends_the_run_on_one_rank_ends_it_on_all),
        cmocka_unit_test(the_first_request_counts),
        cmocka_unit_test(the_cause_says_how_the_run_ended),
        cmocka_unit_test(a_rank_that_gets_no_order_ends_by_itself_after_half_a_second),
        cmocka_unit_test(an_order_without_a_run_is_noted),
        cmocka_unit_test(strange_messages_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
