#include "err.h"
#include "pulse.h"
#include "sim_wire.h"
#include "units.h"

#include "cm.h"

#include <string.h>

enum { RANKS = 4 };
static const char *const hosts[RANKS] = { "host c1", "host c2", "host c3", "host c4" };

struct group {
    struct sim_net net;
    struct pulse pulses[RANKS];
    bool stands[RANKS]; /* stopped: it makes no turns */
};

static void begin(struct group *g)
{
    struct err e;
    *g = (struct group){ 0 };
    sim_net_init(&g->net, RANKS);
    g->net.latency_ns = NS_PER_MS;
    for (uint32_t i = 0; i < RANKS; i++) {
        assert_int_equal(pulse_init(&g->pulses[i], sim_net_wire(&g->net, i), &e), 0);
        pulse_begin(&g->pulses[i], 0);
    }
}

static void end(struct group *g)
{
    for (uint32_t i = 0; i < RANKS; i++)
        pulse_fini(&g->pulses[i]);
    sim_net_fini(&g->net);
}

static void run(struct group *g, double until_s)
{
    struct wire_message m;
    for (; g->net.now_ns < (uint64_t)(until_s * 1e9); g->net.now_ns += 10 * NS_PER_MS)
        for (uint32_t i = 0; i < RANKS; i++) {
            while (!g->stands[i] && wire_receive(sim_net_wire(&g->net, i), &m)) {
                assert_int_equal(m.tag, WIRE_PULSE);
                pulse_message(&g->pulses[i], &m, g->net.now_ns);
                wire_message_fini(&m);
            }
            if (!g->stands[i] && !g->net.wires[i].is_dead)
                pulse_turn(&g->pulses[i], g->net.now_ns);
        }
}

static const char *text(const struct group *g, uint32_t n_told)
{
    static char out[256];
    pulse_text(&g->pulses[0], hosts, n_told, g->net.now_ns, out, sizeof out);
    return out;
}

/* Ranks that were away, by what this one knows. */
static uint32_t n_lost(const struct pulse *p)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < RANKS; i++)
        n += p->ranks[i].is_lost;
    return n;
}

static void ranks_that_are_well_are_never_lost(void **state)
{
    struct group g;
    (void)state;
    begin(&g);
    g.pulses[2].self = (struct pulse_state){ .cpu_pct = 85.04, .lag_p99_ns = 1200 * 1000 };
    g.pulses[3].self = (struct pulse_state){ .cpu_pct = 40, .lag_p99_ns = 1000 };
    run(&g, 60);
    for (uint32_t i = 0; i < RANKS; i++)
        assert_int_equal(n_lost(&g.pulses[i]), 0);
    assert_string_equal(text(&g, 4), "4 generators: at most 85 % CPU, lag p99 1.20 ms");
    assert_string_equal(text(&g, 3), "4 generators, 3 told: at most 85 % CPU, lag p99 1.20 ms");
    end(&g);
}

static void a_killed_rank_is_lost_after_3_s(void **state)
{
    struct group g;
    (void)state;
    begin(&g);
    run(&g, 10.6);
    sim_net_kill(&g.net, 2); /* it was heard at 10 s */
    run(&g, 12.9);
    assert_int_equal(n_lost(&g.pulses[0]), 0);
    assert_non_null(strstr(text(&g, 4), "; host c3 has been silent for 2."));
    run(&g, 13.2);
    assert_int_equal(n_lost(&g.pulses[0]), 1);
    assert_true(g.pulses[0].ranks[2].is_lost);
    assert_non_null(strstr(text(&g, 3), "; host c3 is lost"));
    run(&g, 16);
    assert_true(g.pulses[1].ranks[2].is_away); /* rank 0 has told the others */
    end(&g);
}

static void the_others_notice_that_rank_0_is_dead(void **state)
{
    struct group g;
    (void)state;
    begin(&g);
    run(&g, 5);
    sim_net_kill(&g.net, 0);
    run(&g, 9.1);
    for (uint32_t i = 1; i < RANKS; i++) {
        assert_int_equal(n_lost(&g.pulses[i]), 1);
        assert_true(g.pulses[i].ranks[0].is_lost);
    }
    end(&g);
}

static void a_rank_that_stood_still_is_shown_and_heard_again(void **state)
{
    struct group g;
    (void)state;
    begin(&g);
    run(&g, 10);
    g.stands[1] = true;
    run(&g, 15);
    g.stands[1] = false;
    run(&g, 16);
    assert_int_equal(n_lost(&g.pulses[0]), 1);
    assert_true(g.pulses[0].ranks[1].is_lost);
    assert_non_null(strstr(text(&g, 4), "; host c2 was silent for 5."));
    assert_in_range(g.pulses[0].ranks[1].longest_silence_ns, 5 * NS_PER_S, 6 * NS_PER_S);
    run(&g, 30);
    assert_false(g.pulses[0].ranks[1].is_away);
    assert_false(g.pulses[2].ranks[1].is_away);
    g.stands[1] = true;
    run(&g, 34);
    assert_true(g.pulses[0].ranks[1].is_away);
    assert_int_equal(n_lost(&g.pulses[1]), 0); /* it blames no other */
    end(&g);
}

static void a_rank_0_that_stood_still_blames_no_rank(void **state)
{
    struct group g;
    (void)state;
    begin(&g);
    run(&g, 10);
    g.stands[0] = true;
    run(&g, 11.9);
    g.stands[0] = false;
    run(&g, 20);
    for (uint32_t i = 0; i < RANKS; i++)
        assert_int_equal(n_lost(&g.pulses[i]), 0);
    end(&g);
}

static void what_a_host_suffers_from_is_shown_with_its_name(void **state)
{
    struct group g;
    (void)state;
    begin(&g);
    strcpy(g.pulses[3].self.trouble, "cannot write: No space left on device");
    run(&g, 3);
    assert_string_equal(text(&g, 4),
                        "4 generators: at most 0 % CPU; host c4 cannot write: No space left on device");
    strcpy(g.pulses[1].self.trouble, "cannot write: Input/output error");
    run(&g, 5);
    assert_string_equal(text(&g, 4), "4 generators: at most 0 % CPU; host c2 cannot write: Input/output error"
                                     ", and 1 more");
    end(&g);
}

static void damaged_pulses_are_ignored(void **state)
{
    struct group g;
    static unsigned char bytes[300];
    (void)state;
    begin(&g);
    for (size_t n = 0; n < sizeof bytes; n++) {
        memset(bytes, (int)n, sizeof bytes);
        bytes[0] = 1;
        pulse_message(&g.pulses[1], &(struct wire_message){ .from = 0, .bytes = bytes, .n_bytes = n }, 7);
        assert_true(strlen(g.pulses[1].ranks[0].state.trouble) < PULSE_TROUBLE_BYTES);
    }
    end(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_that_are_well_are_never_lost),
        cmocka_unit_test(a_killed_rank_is_lost_after_3_s),
        cmocka_unit_test(the_others_notice_that_rank_0_is_dead),
        cmocka_unit_test(a_rank_that_stood_still_is_shown_and_heard_again),
        cmocka_unit_test(a_rank_0_that_stood_still_blames_no_rank),
        cmocka_unit_test(what_a_host_suffers_from_is_shown_with_its_name),
        cmocka_unit_test(damaged_pulses_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
