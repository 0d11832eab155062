/* Ranks without threads: the test says when a rank is done, and sees when it begins. */
#include "engine.h"
#include "err.h"
#include "fleet_clocks.h"
#include "fleet_gates.h"
#include "plan.h"

enum { PHASES = 4, STREAMS = 3 };

struct begun {
    uint64_t ended_ns, start_ns; /* of the rank's own clock */
    unsigned n;
};

/* In place of the real one's part. */
struct engine {
    bool is_done[STREAMS][PHASES];
    uint64_t done_ns[STREAMS][PHASES];
    struct begun begun[STREAMS][PHASES + 1];
};

bool engine_phase_done(const struct engine *en, size_t stream, uint32_t phase, uint64_t *done_ns)
{
    *done_ns = en->done_ns[stream][phase];
    return en->is_done[stream][phase];
}

void engine_begin_phase(struct engine *en, size_t stream, uint32_t phase, uint64_t ended_ns,
                        uint64_t start_ns)
{
    struct begun *b = &en->begun[stream][phase];
    *b = (struct begun){ .ended_ns = ended_ns, .start_ns = start_ns, .n = b->n + 1 };
}

/* Stream 0: users on every rank; two phases, a pause, a phase. Stream 1: one user, on the rank after. Stream
 * 2 is open. */
static struct plan_phase phases[PHASES] = { { .kind = PLAN_PHASE_REQUESTS },
                                            { .kind = PLAN_PHASE_DURATION, .duration_ns = NS_PER_S },
                                            { .kind = PLAN_PHASE_PAUSE, .duration_ns = NS_PER_S },
                                            { .kind = PLAN_PHASE_REQUESTS } };
static struct plan_stream streams[STREAMS];
static struct plan plan;
static struct engine engines[FLEET_RANKS_MOST];
static struct fleet_gates gates[FLEET_RANKS_MOST];

static void begin(uint32_t n_ranks)
{
    struct err e;
    fleet_begin(n_ranks);
    fleet_know_clocks();
    memset(engines, 0, sizeof engines);
    for (int i = 0; i < STREAMS; i++)
        streams[i] = (struct plan_stream){ .model = i == 2 ? PLAN_OPEN : PLAN_CLOSED,
                                           .n_connections = i == 1 ? 1 : n_ranks,
                                           .phases = phases,
                                           .n_phases = PHASES };
    plan = (struct plan){ .streams = streams, .n_streams = STREAMS, .n_threads = 2 };
    for (uint32_t i = 0; i < n_ranks; i++)
        assert_int_equal(fleet_gates_init(&gates[i], &plan, &fleet.list[i], &engines[i], &e), 0);
}

static void end(void)
{
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++)
        fleet_gates_fini(&gates[i]);
    fleet_end();
}

/* Every rank looks once, and time goes on by 1 ms. */
static void look(void)
{
    struct wire_message m;
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++) {
        while (wire_receive(sim_net_wire(&fleet.net, i), &m)) {
            fleet_gates_on_message(&gates[i], &m, fleet_local_ns(i));
            wire_message_fini(&m);
        }
        fleet_gates_attend(&gates[i], fleet_local_ns(i));
    }
    fleet.net.now_ns += NS_PER_MS;
}

static void done(uint32_t rank, uint32_t stream, uint32_t phase)
{
    engines[rank].is_done[stream][phase] = true;
    engines[rank].done_ns[stream][phase] = fleet_local_ns(rank);
}

static unsigned n_begun(uint32_t stream, uint32_t phase)
{
    unsigned n = 0;
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++)
        n += engines[i].begun[stream][phase].n;
    return n;
}

static void assert_begun_alike(uint32_t stream, uint32_t phase, uint64_t ended_ns)
{
    assert_int_equal(n_begun(stream, phase), fleet.net.n_ranks);
    for (uint32_t i = 0; i < fleet.net.n_ranks; i++) {
        const struct begun *b = &engines[i].begun[stream][phase];
        assert_int_equal(b->ended_ns, ended_ns + fleet_ahead_ns(i));
        assert_int_equal(b->start_ns - fleet_ahead_ns(i), engines[0].begun[stream][phase].start_ns);
    }
}

static void a_phase_begins_everywhere_at_once_after_the_last_rank_is_done(void **state)
{
    (void)state;
    begin(3);
    fleet.net.latency_ns = NS_PER_MS / 2;
    static const uint32_t order[] = { 2, 0, 1 };
    uint64_t ended_ns = 0;
    for (int i = 0; i < 3; i++) {
        look();
        look();
        assert_int_equal(n_begun(0, 1), 0);
        ended_ns = fleet.net.now_ns;
        done(order[i], 0, 0);
    }
    look();
    look();
    look();
    assert_begun_alike(0, 1, ended_ns);
    assert_true(engines[0].begun[0][1].start_ns >= fleet.net.now_ns); /* all know it before */
    assert_true(engines[0].begun[0][1].start_ns < fleet.net.now_ns + 5 * NS_PER_MS);
    assert_int_equal(n_begun(1, 1), 0);
    end();
}

static void pauses_need_no_gate_and_the_end_of_the_stream_is_one(void **state)
{
    (void)state;
    begin(2);
    static const uint32_t gated[] = { 0, 1, 3 };
    for (int g = 0; g < 3; g++) {
        const uint64_t ended_ns = fleet.net.now_ns;
        done(0, 0, gated[g]);
        done(1, 0, gated[g]);
        look();
        look();
        assert_begun_alike(0, gated[g] + 1, ended_ns);
    }
    for (int i = 0; i < 5; i++)
        look();
    assert_int_equal(n_begun(0, 3), 0);
    for (uint32_t k = 1; k <= PHASES; k++)
        assert_int_equal(n_begun(0, k), k == 3 ? 0 : 2);
    end();
}

static void a_rank_without_a_user_is_not_waited_for_and_hears_the_times(void **state)
{
    (void)state;
    begin(3); /* connection 3 is the second stream's: rank 0 has it */
    const uint64_t ended_ns = fleet.net.now_ns;
    done(0, 1, 0);
    look();
    look();
    assert_begun_alike(1, 1, ended_ns);
    end();
}

static void an_open_stream_has_no_gates(void **state)
{
    (void)state;
    begin(2);
    done(0, 2, 0);
    done(1, 2, 0);
    look();
    look();
    assert_int_equal(n_begun(2, 1), 0);
    end();
}

static void nothing_waits_for_a_lost_rank(void **state)
{
    (void)state;
    begin(3);
    const uint64_t ended_ns = fleet.net.now_ns;
    done(0, 0, 0);
    done(2, 0, 0);
    look();
    look();
    assert_int_equal(n_begun(0, 1), 0);
    sim_net_kill(&fleet.net, 1);
    fleet_gates_lost(&gates[0], 1, fleet.net.now_ns);
    look();
    assert_int_equal(engines[0].begun[0][1].n, 1);
    assert_int_equal(engines[2].begun[0][1].n, 1);
    assert_int_equal(engines[0].begun[0][1].ended_ns, ended_ns);
    /* The next phase does not wait for it either; the stream whose only user it had waits for ever. */
    done(0, 0, 1);
    done(2, 0, 1);
    look();
    look();
    assert_int_equal(engines[2].begun[0][2].n, 1);
    assert_int_equal(n_begun(1, 1), 0);
    end();
}

static void a_rank_that_was_lost_for_a_while_hears_what_it_missed_and_is_waited_for_again(void **state)
{
    (void)state;
    begin(2);
    done(0, 0, 0);
    fleet_gates_lost(&gates[0], 1, fleet.net.now_ns);
    look();
    look();
    assert_int_equal(engines[1].begun[0][1].n, 1);
    fleet_gates_found(&gates[0], 1);
    done(0, 0, 1);
    look();
    look();
    assert_int_equal(n_begun(0, 2), 0);
    done(1, 0, 1);
    look();
    look();
    assert_int_equal(n_begun(0, 2), 2);
    end();
}

static void strange_messages_change_nothing(void **state)
{
    uint32_t words[12] = { 0 };
    (void)state;
    begin(2);
    for (uint32_t rank = 0; rank < 2; rank++)
        for (size_t n = 0; n <= sizeof words; n++)
            for (uint32_t i = 0; i < 3 * 5 * 7; i++) {
                words[0] = i % 3;
                words[1] = i / 3 % 5;
                words[2] = rank == 1 && words[0] == 1 ? 9 : i / 15;
                const struct wire_message m = { .from = 1 - rank,
                                                .bytes = (unsigned char *)words,
                                                .n_bytes = n };
                fleet_gates_on_message(&gates[rank], &m, 1);
            }
    look();
    for (uint32_t k = 0; k <= PHASES; k++)
        assert_int_equal(n_begun(0, k), 0);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phase_begins_everywhere_at_once_after_the_last_rank_is_done),
        cmocka_unit_test(pauses_need_no_gate_and_the_end_of_the_stream_is_one),
        cmocka_unit_test(a_rank_without_a_user_is_not_waited_for_and_hears_the_times),
        cmocka_unit_test(an_open_stream_has_no_gates),
        cmocka_unit_test(nothing_waits_for_a_lost_rank),
        cmocka_unit_test(a_rank_that_was_lost_for_a_while_hears_what_it_missed_and_is_waited_for_again),
        cmocka_unit_test(strange_messages_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
