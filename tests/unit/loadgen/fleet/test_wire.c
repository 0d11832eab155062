#include "err.h"
#include "fleet_tree.h"
#include "sim_wire.h"
#include "units.h"
#include "wire.h"

#include "cm.h"

#include <string.h>

static void send_text(struct wire *w, uint32_t to, uint32_t tag, const char *text)
{
    struct err e;
    assert_int_equal(wire_send(w, to, tag, text, strlen(text), &e), 0);
}

static void assert_message(struct wire_message *m, uint32_t from, const char *text)
{
    assert_int_equal(m->from, from);
    assert_int_equal(m->n_bytes, strlen(text));
    assert_memory_equal(m->bytes, text, strlen(text));
    wire_message_fini(m);
}

static void a_message_arrives_as_sent_and_in_order(void **state)
{
    struct sim_net net;
    struct wire_message m;
    (void)state;
    sim_net_init(&net, 3);
    send_text(sim_net_wire(&net, 1), 2, WIRE_GATE, "first");
    send_text(sim_net_wire(&net, 1), 2, WIRE_GATE, "");
    send_text(sim_net_wire(&net, 1), 2, WIRE_STOP, "third");
    assert_false(wire_receive(sim_net_wire(&net, 0), &m));
    assert_true(wire_receive(sim_net_wire(&net, 2), &m));
    assert_message(&m, 1, "first");
    assert_true(wire_receive(sim_net_wire(&net, 2), &m));
    assert_int_equal(m.n_bytes, 0);
    assert_true(wire_receive(sim_net_wire(&net, 2), &m));
    assert_int_equal(m.tag, WIRE_STOP);
    assert_message(&m, 1, "third");
    sim_net_fini(&net);
}

static void a_message_of_another_tag_stays_for_later(void **state)
{
    struct sim_net net;
    struct wire_message m;
    (void)state;
    sim_net_init(&net, 3);
    struct wire *w = sim_net_wire(&net, 0);
    send_text(sim_net_wire(&net, 1), 0, WIRE_GATE, "gate");
    send_text(sim_net_wire(&net, 2), 0, WIRE_STOP, "stop");
    send_text(sim_net_wire(&net, 1), 0, WIRE_STOP, "other stop");
    assert_true(wire_receive_of(w, WIRE_STOP, 1, &m));
    assert_message(&m, 1, "other stop");
    assert_false(wire_receive_of(w, WIRE_CLOCK, WIRE_ANY, &m));
    assert_true(wire_receive_of(w, WIRE_STOP, WIRE_ANY, &m));
    assert_message(&m, 2, "stop");
    assert_true(wire_receive(w, &m));
    assert_message(&m, 1, "gate");
    send_text(sim_net_wire(&net, 1), 0, WIRE_GATE, "left over");
    assert_false(wire_receive_of(w, WIRE_STOP, WIRE_ANY, &m));
    sim_net_fini(&net);
}

static void a_message_takes_its_time_and_the_dead_are_silent(void **state)
{
    struct sim_net net;
    struct wire_message m;
    (void)state;
    sim_net_init(&net, 2);
    net.latency_ns = 100;
    net.ns_per_byte = 2;
    send_text(sim_net_wire(&net, 0), 1, WIRE_GATE, "12345");
    send_text(sim_net_wire(&net, 0), 1, WIRE_GATE, "1");
    net.now_ns = 109;
    assert_false(wire_receive(sim_net_wire(&net, 1), &m));
    net.now_ns = 110;
    assert_true(wire_receive(sim_net_wire(&net, 1), &m));
    assert_message(&m, 0, "12345");
    assert_false(wire_receive(sim_net_wire(&net, 1), &m));
    net.now_ns = 112;
    sim_net_kill(&net, 1);
    assert_false(wire_receive(sim_net_wire(&net, 1), &m));
    sim_net_fini(&net);
}

static void every_rank_has_one_parent_and_no_path_is_longer_than_the_logarithm(void **state)
{
    static const uint32_t sizes[] = { 1, 2, 3, 4, 7, 8, 16, 64, 1000, 1024 };
    (void)state;
    for (size_t s = 0; s < N_OF(sizes); s++) {
        const uint32_t n = sizes[s];
        uint32_t n_edges = 0;
        for (uint32_t r = 0; r < n; r++)
            for (uint32_t i = 0; i < fleet_tree_n_children(r, n); i++, n_edges++) {
                assert_in_range(fleet_tree_child(r, i), r + 1, n - 1);
                assert_int_equal(fleet_tree_parent(fleet_tree_child(r, i)), r);
            }
        assert_int_equal(n_edges, n - 1);
        assert_true(1u << fleet_tree_height(0, n) <= n);
    }
}

struct member {
    struct wire *wire;
    struct wire_message all[5];
    int failed;
    struct err e;
};

static void *broadcast_and_gather(void *argument)
{
    struct member *member = argument;
    const struct wire_patience patience = { .until_ns = clock_monotonic_ns() + 20 * NS_PER_S };
    unsigned char *bytes = (unsigned char *)"input";
    size_t n_bytes = member->wire->rank == 0 ? 5 : 0;
    const bool is_root = member->wire->rank == 0;
    member->failed = wire_broadcast(member->wire, WIRE_INPUT, &bytes, &n_bytes, &patience, &member->e) ||
                     wire_gather(member->wire, WIRE_FACTS, bytes, n_bytes - member->wire->rank,
                                 is_root ? member->all : NULL, &patience, &member->e);
    if (!is_root)
        free(bytes);
    return NULL;
}

static void bytes_reach_all_ranks_and_come_back(void **state)
{
    struct sim_net net;
    struct member members[5] = { { 0 } };
    pthread_t threads[5];
    (void)state;
    sim_net_init(&net, 5);
    net.is_real = true;
    for (uint32_t i = 0; i < 5; i++) {
        members[i].wire = sim_net_wire(&net, i);
        assert_int_equal(pthread_create(&threads[i], NULL, broadcast_and_gather, &members[i]), 0);
    }
    for (uint32_t i = 0; i < 5; i++)
        pthread_join(threads[i], NULL);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(members[i].failed, 0);
        char right[6] = "input";
        right[5 - i] = '\0'; /* each returned fewer bytes than the one before */
        assert_message(&members[0].all[i], i, right);
    }
    sim_net_fini(&net);
}

static void a_silent_rank_ends_the_wait_and_a_stop_does(void **state)
{
    struct sim_net net;
    struct wire_message all[2];
    struct err e;
    const atomic_int stop = 2;
    (void)state;
    sim_net_init(&net, 2);
    assert_int_equal(wire_gather(sim_net_wire(&net, 0), WIRE_FACTS, "x", 1, all,
                                 &(struct wire_patience){ .until_ns = 1 }, &e),
                     -1);
    assert_string_equal(e.text, "the generator of rank 1 does not answer");
    assert_int_equal(all[0].tag, WIRE_FACTS);
    assert_int_equal(all[1].tag, N_WIRE_TAGS);
    wire_message_fini(&all[0]);
    assert_int_equal(wire_await(sim_net_wire(&net, 1), WIRE_GATE, 0,
                                &(struct wire_patience){ .stop = &stop, .until_ns = UINT64_MAX }, all, &e),
                     -1);
    assert_string_equal(e.text, "stopped while waiting for the other generators");
    sim_net_fini(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_as_sent_and_in_order),
        cmocka_unit_test(a_message_of_another_tag_stays_for_later),
        cmocka_unit_test(a_message_takes_its_time_and_the_dead_are_silent),
        cmocka_unit_test(every_rank_has_one_parent_and_no_path_is_longer_than_the_logarithm),
        cmocka_unit_test(bytes_reach_all_ranks_and_come_back),
        cmocka_unit_test(a_silent_rank_ends_the_wait_and_a_stop_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
