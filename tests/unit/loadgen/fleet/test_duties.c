/* Three ranks in this process, a thread each, with real engines and a real server: what one rank's duties do
 * for the others. */
#include "../engine/engine_run.h"
#include "duties.h"
#include "sim_wire.h"
#include "stop.h"

#include "cm.h"

#include <signal.h>

enum { RANKS = 3 };

struct rank {
    struct plan plan;
    struct dns_log dns;
    struct engine *engine;
    struct recorder *recorder;
    struct duties duties;
    struct wire *wire;
    enum recorder_end end;
    uint64_t end_ns;
    int status;
    struct err e;
    pthread_t thread;
};

static struct sim_net net;
static struct rank ranks[RANKS];
static const char *const hosts[RANKS] = { "a", "b", "c" };

static void attend(void *payload)
{
    struct rank *r = payload;
    duties_turn(&r->duties);
}

static void on_second(void *payload, uint64_t index, const struct stats *sum, uint64_t length_ns)
{
    struct rank *r = payload;
    duties_second(&r->duties, index, sum, length_ns);
}

static void prepare(struct rank *r, uint32_t i)
{
    *r = (struct rank){ .plan = run.plan, .wire = sim_net_wire(&net, i) };
    r->plan.share = (struct share){ .index = i, .count = RANKS };
    dns_log_init(&r->dns);
    const struct engine_params params = { .plan = &r->plan,
                                          .dns = &r->dns,
                                          .stop = stop_flag(),
                                          .is_gated = true,
                                          .attend = attend,
                                          .attend_payload = r };
    r->engine = engine_new(&params, &r->e);
    if (!r->engine)
        fail_msg("%s", r->e.text);
    r->recorder = recorder_new(&(struct recorder_params){ .plan = &r->plan,
                                                          .argv = recorded_argv,
                                                          .on_second = on_second,
                                                          .on_second_payload = r,
                                                          .n_threads = 2,
                                                          .instances = engine_instances(r->engine),
                                                          .remotes = engine_remotes(r->engine),
                                                          .phases = engine_phases(r->engine),
                                                          .dns = &r->dns,
                                                          .pacing = engine_pacing(r->engine),
                                                          .progress = RECORDER_PROGRESS_NONE,
                                                          .is_quiet = true },
                               &r->e);
    assert_non_null(r->recorder);
    const struct duties_params duties = { .wire = r->wire,
                                          .plan = &r->plan,
                                          .engine = r->engine,
                                          .hosts = hosts,
                                          .progress = RECORDER_PROGRESS_NONE };
    assert_int_equal(duties_init(&r->duties, &duties, &r->e), 0);
}

static void finish(struct rank *r)
{
    duties_fini(&r->duties);
    recorder_free(r->recorder);
    engine_free(r->engine);
    dns_log_fini(&r->dns);
}

static void *take_part(void *payload)
{
    struct rank *r = payload;
    const struct wire_patience patience = { .until_ns = clock_monotonic_ns() + 60 * NS_PER_S };
    struct engine_start at;
    r->status = duties_start(&r->duties, 0, 100 * NS_PER_MS, &patience, &at, &r->e);
    if (r->status)
        return NULL;
    r->status = engine_run(r->engine, r->recorder, at, &r->end, &r->end_ns, &r->e);
    duties_end(&r->duties, r->end);
    return NULL;
}

/* `act` happens while all run; NULL: nothing does. */
static void run_all(void (*act)(void))
{
    sim_net_init(&net, RANKS);
    net.is_real = true;
    for (uint32_t i = 0; i < RANKS; i++)
        prepare(&ranks[i], i);
    for (uint32_t i = 0; i < RANKS; i++)
        assert_int_equal(pthread_create(&ranks[i].thread, NULL, take_part, &ranks[i]), 0);
    if (act)
        act();
    for (uint32_t i = 0; i < RANKS; i++) {
        pthread_join(ranks[i].thread, NULL);
        if (ranks[i].status)
            fail_msg("%s", ranks[i].e.text);
    }
}

static void finish_all(void)
{
    for (uint32_t i = 0; i < RANKS; i++)
        finish(&ranks[i]);
    sim_net_fini(&net);
}

static uint64_t phase_at(uint32_t rank, size_t phase, bool is_end)
{
    const struct phase_clock *clock = &engine_phases(ranks[rank].engine)[phase];
    return is_end ? atomic_load(&clock->end_ns) : atomic_load(&clock->start_ns);
}

/* All have the same clock here, and the rank knows that as well as its first reading says. */
static void assert_alike(uint32_t rank, uint64_t ns, uint64_t of_rank_0_ns)
{
    const uint64_t most_ns = ranks[rank].duties.clock.first.error_ns + NS_PER_MS;
    assert_true(ns <= of_rank_0_ns + most_ns && of_rank_0_ns <= ns + most_ns);
}

static void all_send_the_plan_together_and_record_the_same_phases(void **state)
{
    (void)state;
    run_all(NULL);
    assert_int_equal(run.server.n_requests, N_ALL);
    for (uint32_t i = 0; i < RANKS; i++) {
        assert_int_equal(ranks[i].end, RECORDER_DONE);
        assert_true(ranks[i].duties.all_over);
        for (size_t k = 0; k < 3; k++) {
            assert_true(phase_at(i, k, false) > 0);
            assert_alike(i, phase_at(i, k, false), phase_at(0, k, false));
            assert_alike(i, phase_at(i, k, true), phase_at(0, k, true));
        }
        assert_true(phase_at(i, 1, false) > phase_at(i, 0, true));
    }
    finish_all();
}

static void interrupt(void)
{
    while (run.server.n_requests == 0)
        nanosleep(&(struct timespec){ .tv_nsec = NS_PER_MS }, NULL);
    raise(SIGUSR1);
}

static void a_signal_ends_the_run_of_all(void **state)
{
    (void)state;
    run.streams[0].requests = &mute_request; /* phases that never end by themselves */
    open_phases[0].duration_ns = 3600 * NS_PER_S;
    stop_catch();
    run_all(interrupt);
    for (uint32_t i = 0; i < RANKS; i++) {
        assert_int_equal(ranks[i].end, RECORDER_INTERRUPTED);
        assert_int_equal(fleet_stop_end(&ranks[i].duties.stop), RECORDER_INTERRUPTED);
        assert_int_equal(ranks[i].duties.stop.order.detail, SIGUSR1);
        assert_int_equal(ranks[i].duties.stop.order.at_ns, ranks[0].duties.stop.order.at_ns);
        assert_true(ranks[i].end_ns >=
                    fleet_clock_local_ns(&ranks[i].duties.clock, ranks[i].duties.stop.order.at_ns) -
                        NS_PER_MS - ranks[i].duties.clock.first.error_ns);
    }
    finish_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_send_the_plan_together_and_record_the_same_phases, begin, end),
        cmocka_unit_test_setup_teardown(a_signal_ends_the_run_of_all, begin, end), /* last: the flag stays */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
