#include "agreement.h"

#include "fleet.h"
#include "fleet_greeting.h"
#include "sim_wire.h"

#include "cm.h"

#include <jansson.h>

enum { RANKS = 5 };

/* A rank that is a thread: it greets, and takes part in one agreement. */
struct rank {
    struct sim_net *net;
    struct fleet fleet;
    struct agreement agreement;
    struct err e;
    int greeted, agreed;
};

static void *take_part(void *payload)
{
    struct rank *r = payload;
    r->greeted = fleet_greeting_exchange(&r->fleet, &r->e);
    r->agreed = agreement_reach(&r->fleet, &r->agreement, &r->e);
    return NULL;
}

static void run(struct sim_net *net, struct rank ranks[RANKS])
{
    pthread_t threads[RANKS];
    for (uint32_t i = 1; i < RANKS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_part, &ranks[i]), 0);
    take_part(&ranks[0]);
    for (uint32_t i = 1; i < RANKS; i++)
        pthread_join(threads[i], NULL);
    for (uint32_t i = 0; i < RANKS; i++)
        fleet_fini(&ranks[i].fleet);
    sim_net_fini(net);
}

static void begin(struct sim_net *net, struct rank ranks[RANKS])
{
    struct err e;
    memset(ranks, 0, RANKS * sizeof *ranks);
    sim_net_init(net, RANKS);
    net->is_real = true;
    for (uint32_t i = 0; i < RANKS; i++)
        assert_int_equal(fleet_init(&ranks[i].fleet, sim_net_wire(net, i), &e), 0);
}

static void ranks_that_agree_hear_the_word_of_rank_0(void **state)
{
    struct sim_net net;
    struct rank ranks[RANKS];
    (void)state;
    begin(&net, ranks);
    json_t *word = json_pack("{s:i}", "start", 17);
    ranks[0].agreement.word = word;
    run(&net, ranks);
    for (uint32_t i = 0; i < RANKS; i++) {
        assert_int_equal(ranks[i].greeted, 0);
        assert_int_equal(ranks[i].agreed, 0);
        assert_true(json_equal(ranks[i].agreement.word, word));
        if (i > 0)
            json_decref(ranks[i].agreement.word);
    }
    json_decref(word);
}

static void one_mistake_stops_all_and_rank_0_names_it(void **state)
{
    struct sim_net net;
    struct rank ranks[RANKS];
    (void)state;
    begin(&net, ranks);
    err_set(&ranks[2].agreement.own, ERR_INPUT, "the disk is full");
    err_set(&ranks[3].agreement.own, ERR_INPUT, "the disk is full");
    run(&net, ranks);
    for (uint32_t i = 0; i < RANKS; i++) {
        assert_int_equal(ranks[i].agreed, -1);
        assert_int_equal(ranks[i].e.kind, ERR_INPUT);
    }
    assert_non_null(strstr(ranks[0].e.text, "(rank 2), host "));
    assert_non_null(strstr(ranks[0].e.text, "(rank 3): the disk is full"));
}

static void another_version_is_refused(void **state)
{
    static const char other[] =
        "{\"host\": \"c1\", \"version\": \"0.0.9\", \"commit\": \"abc\", \"histogram_bins\": 1}";
    struct sim_net net;
    struct fleet f;
    struct err e;
    (void)state;
    sim_net_init(&net, 2);
    assert_int_equal(fleet_init(&f, sim_net_wire(&net, 0), &e), 0);
    assert_int_equal(wire_send(sim_net_wire(&net, 1), 0, WIRE_FACTS, other, strlen(other), &e), 0);
    assert_int_equal(fleet_greeting_exchange(&f, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_non_null(strstr(e.text, "host c1: has loadgen-fleet 0.0.9 (commit abc), and rank 0 has "));
    fleet_fini(&f);
    sim_net_fini(&net);
}

static void what_is_no_greeting_is_refused(void **state)
{
    struct sim_net net;
    struct fleet f;
    struct err e;
    (void)state;
    sim_net_init(&net, 2);
    assert_int_equal(fleet_init(&f, sim_net_wire(&net, 0), &e), 0);
    assert_int_equal(wire_send(sim_net_wire(&net, 1), 0, WIRE_FACTS, "\xff[", 2, &e), 0);
    assert_int_equal(fleet_greeting_exchange(&f, &e), -1);
    assert_string_equal(e.text, "rank 1 sent a message that cannot be read");
    fleet_fini(&f);
    sim_net_fini(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_that_agree_hear_the_word_of_rank_0),
        cmocka_unit_test(one_mistake_stops_all_and_rank_0_names_it),
        cmocka_unit_test(another_version_is_refused),
        cmocka_unit_test(what_is_no_greeting_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
