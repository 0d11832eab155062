#include "err.h"
#include "fleet_live.h"
#include "fleet_phases.h"
#include "fleet_sum.h"
#include "made_second.h"
#include "phase_clock.h"
#include "reduction.h"
#include "sim_wire.h"
#include "small_plan.h"
#include "threshold.h"
#include "units.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RANKS = 4 };
static const char *const hosts[RANKS] = { "host c1", "host c2", "host c3", "host c4" };

/* Its streams began at 0 and go on. */
static struct phase_clock phases[N_PHASES_IN_SMALL_PLAN];

static struct plan plan_with(struct threshold *t, const char *text)
{
    struct err e;
    struct plan plan = small_plan;
    assert_int_equal(threshold_parse(t, text, &e), 0);
    t->aborts = true;
    plan.thresholds = t;
    plan.n_thresholds = 1;
    atomic_store(&phases[OPEN_MAIN].start_ns, 1);
    return plan;
}

/* A second in which `n_told` of RANKS shares had 20 good answers each to the open stream, and some errors. */
static void add(struct fleet_sum *sum, uint64_t second, uint32_t n_told, uint64_t n_errors, bool is_late)
{
    struct random r;
    struct stats *stats = stats_new(&small_plan);
    random_init(&r, second, n_told);
    made_good(stats, &small_plan, OPEN, 1, 20 * n_told, &r);
    for (uint64_t i = 0; i < n_errors; i++)
        stats_count_outcome(stats, OPEN_MAIN, OUTCOME_RESET);
    fleet_sum_add(
        sum,
        &(struct reduced){
            .second = second, .length_ns = NS_PER_S, .n_told = n_told, .is_late = is_late, .sum = stats });
    stats_free(stats);
}

static void a_rate_is_judged_only_while_all_shares_are_in_the_sum(void **state)
{
    struct err e;
    struct fleet_sum sum;
    struct threshold t;
    struct plan plan = plan_with(&t, "open.rate > 75/s");
    (void)state;
    assert_int_equal(fleet_sum_init(&sum, &plan, phases, RANKS, &e), 0);
    assert_false(fleet_sum_misses_threshold(&sum, 0));
    for (uint64_t second = 0; second < 3; second++) {
        add(&sum, second, 4, 0, false);
        assert_false(fleet_sum_misses_threshold(&sum, 0));
    }
    add(&sum, 3, 1, 0, false); /* 65/s so far */
    assert_false(fleet_sum_misses_threshold(&sum, 0));
    add(&sum, 3, 3, 0, true);
    assert_false(fleet_sum_misses_threshold(&sum, 0));
    free(t.text);
    assert_int_equal(threshold_parse(&t, "open.rate > 81/s", &e), 0);
    t.aborts = true;
    assert_true(fleet_sum_misses_threshold(&sum, 0));
    t.aborts = false;
    assert_false(fleet_sum_misses_threshold(&sum, 0));
    free(t.text);
    fleet_sum_fini(&sum);
}

static void errors_are_judged_while_90_percent_of_the_shares_are(void **state)
{
    struct err e;
    struct fleet_sum sum;
    struct threshold t;
    struct plan plan = plan_with(&t, "errors < 1%");
    (void)state;
    assert_int_equal(fleet_sum_init(&sum, &plan, phases, 10, &e), 0);
    add(&sum, 0, 8, 20, false);
    assert_false(fleet_sum_misses_threshold(&sum, 0));
    add(&sum, 1, 9, 0, false);
    assert_false(fleet_sum_misses_threshold(&sum, 0)); /* 17 of 20 */
    add(&sum, 0, 1, 0, true);
    assert_true(fleet_sum_misses_threshold(&sum, 0)); /* 18 */
    add(&sum, 2, 8, 0, false);
    assert_false(fleet_sum_misses_threshold(&sum, 0));
    free(t.text);
    fleet_sum_fini(&sum);
}

struct fleet {
    struct sim_net net;
    struct fleet_live *lives[RANKS];
};

static void begin(struct fleet *f, const struct plan *plan, enum recorder_progress progress)
{
    struct err e;
    sim_net_init(&f->net, RANKS);
    f->net.latency_ns = NS_PER_MS;
    for (uint32_t i = 0; i < RANKS; i++) {
        const struct fleet_live_params params = { .wire = sim_net_wire(&f->net, i),
                                                  .plan = plan,
                                                  .phases = phases,
                                                  .hosts = i == 0 ? hosts : NULL,
                                                  .progress = progress };
        f->lives[i] = fleet_live_new(&params, &e);
        assert_non_null(f->lives[i]);
        fleet_live_begin(f->lives[i], 0, 0);
    }
}

static void end(struct fleet *f)
{
    for (uint32_t i = 0; i < RANKS; i++)
        fleet_live_free(f->lives[i]);
    sim_net_fini(&f->net);
}

static void turn(struct fleet *f, uint32_t rank)
{
    struct wire_message m;
    while (wire_receive(sim_net_wire(&f->net, rank), &m)) {
        assert_true(fleet_live_message(f->lives[rank], &m, f->net.now_ns));
        wire_message_fini(&m);
    }
    fleet_live_turn(f->lives[rank], f->net.now_ns);
}

/* Every rank adds its own second, with errors, 30 ms after its end. */
static void run_second(struct fleet *f, uint64_t second, uint64_t n_errors)
{
    const uint64_t end_ns = (second + 1) * NS_PER_S;
    for (; f->net.now_ns < end_ns + 900 * NS_PER_MS; f->net.now_ns += 10 * NS_PER_MS)
        for (uint32_t i = 0; i < RANKS; i++) {
            if (f->net.wires[i].is_dead)
                continue;
            if (f->net.now_ns == end_ns + 30 * NS_PER_MS) {
                struct random r;
                struct stats *stats = stats_new(&small_plan);
                random_init(&r, second, i);
                made_good(stats, &small_plan, OPEN, 1, 100, &r);
                stats_times_add(stats_times(stats, OPEN_MAIN, OUTCOME_OK), METRIC_LAG, (i + 1) * NS_PER_MS);
                for (uint64_t k = 0; k < n_errors; k++)
                    stats_count_outcome(stats, OPEN_MAIN, OUTCOME_RESET);
                fleet_live_second(f->lives[i], second, stats, NS_PER_S);
                stats_free(stats);
            }
            turn(f, i);
        }
}

/* What the plain view prints to stderr while `run` goes on. */
static char *printed(struct fleet *f, void (*run)(struct fleet *))
{
    char *text = calloc(1, 4096);
    FILE *file = tmpfile();
    const int kept = dup(STDERR_FILENO);
    assert_non_null(file);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    run(f);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    assert_true(fread(text, 1, 4095, file) < 4095);
    fclose(file);
    return text;
}

static void run_10_s(struct fleet *f)
{
    for (uint64_t second = 0; second < 10; second++)
        run_second(f, second, 0);
}

static void one_view_shows_the_sum_of_all_generators(void **state)
{
    struct fleet f = { 0 };
    (void)state;
    begin(&f, &small_plan, RECORDER_PROGRESS_PLAIN);
    char *text = printed(&f, run_10_s);
    assert_non_null(strstr(text, "4 000/200 done   400 good/s"));
    assert_non_null(strstr(text, "4 generators: at most "));
    assert_non_null(strstr(text, "lag p99 4.0"));
    free(text);
    end(&f);
}

static void run_with_a_dead_rank(struct fleet *f)
{
    for (uint64_t second = 0; second < 10; second++) {
        if (second == 4)
            sim_net_kill(&f->net, 2); /* rank 3 reports to it */
        run_second(f, second, 0);
    }
}

static void a_dead_rank_is_named_and_those_below_it_go_on(void **state)
{
    struct fleet f = { 0 };
    (void)state;
    begin(&f, &small_plan, RECORDER_PROGRESS_PLAIN);
    char *text = printed(&f, run_with_a_dead_rank);
    assert_non_null(strstr(text, "300 good/s"));
    assert_non_null(strstr(text, "4 generators, 3 told"));
    assert_non_null(strstr(text, "; host c3 is lost"));
    for (uint32_t i = 0; i < RANKS; i++)
        assert_int_equal(fleet_live_is_away(f.lives[0], i), i == 2);
    assert_true(fleet_live_silence_ns(f.lives[0], 2, f.net.now_ns) > 3 * NS_PER_S);
    assert_true(fleet_live_silence_ns(f.lives[0], 3, f.net.now_ns) < 2 * NS_PER_S);
    assert_false(fleet_live_root_is_lost(f.lives[3]));
    free(text);
    end(&f);
}

static void the_sum_of_all_shares_misses_a_threshold_within_a_second(void **state)
{
    struct fleet f = { 0 };
    struct threshold t;
    struct plan plan = plan_with(&t, "errors < 5%");
    (void)state;
    begin(&f, &plan, RECORDER_PROGRESS_NONE);
    run_second(&f, 0, 4);
    assert_false(fleet_live_misses_threshold(f.lives[0]));
    run_second(&f, 1, 7);
    assert_true(fleet_live_misses_threshold(f.lives[0]));
    free(t.text);
    end(&f);
}

static void phases_of_streams_that_rank_0_does_not_send_follow_from_the_plan(void **state)
{
    static struct phase_clock own[N_PHASES_IN_SMALL_PLAN];
    struct phase_clock *clocks = fleet_phases_new(&small_plan);
    const uint64_t t0_ns = 50 * NS_PER_S;
    (void)state;
    atomic_store(&own[CLOSED_P3].start_ns, t0_ns + 7);
    fleet_phases_refresh(clocks, &small_plan, own, t0_ns, t0_ns + 500 * NS_PER_MS);
    assert_int_equal(phase_start_ns(clocks, CLOSED_P1), t0_ns);
    assert_int_equal(phase_end_ns(clocks, CLOSED_P1), 0);
    assert_int_equal(phase_start_ns(clocks, CLOSED_P3), t0_ns + 7);
    assert_int_equal(phase_start_ns(clocks, OPEN_WARM), t0_ns);
    assert_int_equal(phase_start_ns(clocks, OPEN_MAIN), 0);
    fleet_phases_refresh(clocks, &small_plan, own, t0_ns, t0_ns + 2 * NS_PER_S);
    assert_int_equal(phase_end_ns(clocks, OPEN_WARM), t0_ns + NS_PER_S);
    assert_int_equal(phase_start_ns(clocks, OPEN_MAIN), t0_ns + NS_PER_S);
    assert_int_equal(phase_end_ns(clocks, OPEN_MAIN), 0);
    free(clocks);
}

static void a_rank_without_rank_0_knows_it(void **state)
{
    struct fleet f = { 0 };
    (void)state;
    begin(&f, &small_plan, RECORDER_PROGRESS_NONE);
    run_second(&f, 0, 0);
    sim_net_kill(&f.net, 0);
    for (uint64_t second = 1; second < 6; second++)
        run_second(&f, second, 0);
    for (uint32_t i = 1; i < RANKS; i++)
        assert_true(fleet_live_root_is_lost(f.lives[i]));
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_is_judged_only_while_all_shares_are_in_the_sum),
        cmocka_unit_test(errors_are_judged_while_90_percent_of_the_shares_are),
        cmocka_unit_test(one_view_shows_the_sum_of_all_generators),
        cmocka_unit_test(a_dead_rank_is_named_and_those_below_it_go_on),
        cmocka_unit_test(the_sum_of_all_shares_misses_a_threshold_within_a_second),
        cmocka_unit_test(phases_of_streams_that_rank_0_does_not_send_follow_from_the_plan),
        cmocka_unit_test(a_rank_without_rank_0_knows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
