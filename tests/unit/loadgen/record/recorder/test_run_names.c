/* The run's clusters and numbers, and its seconds and counters, added up. */
#include "cm.h"
#include "host_counters.h"
#include "names.h"
#include "rule_input.h"
#include "run_clusters.h"
#include "small_plan.h"

#include <math.h>
#include <stdio.h>

static void clusters_of_the_deployment_come_first(void **state)
{
    struct plan_stream streams[] = {
        { .name = "a", .cluster = "other" },    { .name = "b", .cluster = "cluster2" },
        { .name = "c", .cluster = "other" },    { .name = "d", .cluster = "third" },
        { .name = "e", .cluster = "cluster2" },
    };
    struct plan_cluster clusters[] = { { .name = "cluster1", .label = "m4" }, { .name = "cluster2" } };
    const struct plan plan = { .clusters = clusters, .n_clusters = 2, .streams = streams, .n_streams = 5 };
    struct run_cluster out[RUN_CLUSTERS_MOST];
    (void)state;
    assert_int_equal(run_clusters(&plan, out), 4);
    assert_string_equal(out[0].name, "cluster1");
    assert_string_equal(out[0].label, "m4");
    assert_ptr_equal(out[0].planned, &clusters[0]);
    assert_int_equal(out[0].streams, 0);
    assert_string_equal(out[1].label, "cluster2"); /* has no other */
    assert_ptr_equal(out[1].planned, &clusters[1]);
    assert_int_equal(out[1].streams, 1 << 1 | 1 << 4);
    assert_string_equal(out[2].name, "other");
    assert_string_equal(out[2].label, "other");
    assert_null(out[2].planned);
    assert_int_equal(out[2].streams, 1 << 0 | 1 << 2);
    assert_string_equal(out[3].name, "third");
    assert_int_equal(out[3].streams, 1 << 3);
}

/* The deployment's clusters leave one place for each stream. */
static void there_is_room_for_every_stream_s_cluster(void **state)
{
    static struct plan_cluster clusters[RUN_CLUSTERS_MOST];
    static struct plan_stream streams[PLAN_STREAMS_MOST];
    struct plan plan = { .clusters = clusters, .streams = streams, .n_streams = PLAN_STREAMS_MOST };
    struct run_cluster out[RUN_CLUSTERS_MOST];
    (void)state;
    for (int i = 0; i < RUN_CLUSTERS_MOST; i++)
        snprintf(clusters[i].name, sizeof clusters[i].name, "c%d", i);
    for (int i = 0; i < PLAN_STREAMS_MOST; i++)
        snprintf(streams[i].cluster, sizeof streams[i].cluster, "s%d", i);
    plan.n_clusters = RUN_CLUSTERS_MOST - PLAN_STREAMS_MOST;
    assert_int_equal(run_clusters(&plan, out), RUN_CLUSTERS_MOST);
    assert_string_equal(out[RUN_CLUSTERS_MOST - PLAN_STREAMS_MOST - 1].name, "c63");
    assert_string_equal(out[RUN_CLUSTERS_MOST - 1].name, "s63");
    assert_true(out[RUN_CLUSTERS_MOST - 1].streams == UINT64_C(1) << 63);
    plan.n_clusters++;
    assert_int_equal(run_clusters(&plan, out), RUN_CLUSTERS_MOST);
    assert_string_equal(out[RUN_CLUSTERS_MOST - PLAN_STREAMS_MOST].name, "s0");
}

static void each_thread_s_numbers_become_the_run_s(void **state)
{
    struct names threads[2], run;
    struct names_map maps[2];
    (void)state;
    assert_int_equal(names_init(&run, 2), 0);
    for (int t = 0; t < 2; t++) {
        assert_int_equal(names_init(&threads[t], 4), 0);
        assert_int_equal(names_map_init(&maps[t], &threads[t], &run, 4), 0);
    }
    names_number(&threads[0], "a", 1);
    names_number(&threads[0], "b", 1);
    names_number(&threads[1], "b", 1);
    names_number(&threads[1], "a", 1);
    names_number(&threads[1], "c", 1);
    assert_int_equal(names_map_get(&maps[0], 1), 0); /* by the order in which they are asked for */
    assert_int_equal(names_map_get(&maps[1], 0), 0);
    assert_int_equal(names_map_get(&maps[1], 1), 1);
    assert_int_equal(names_map_get(&maps[0], 0), 1);
    assert_int_equal(names_map_get(&maps[0], 0), 1);          /* the second time as well */
    assert_int_equal(names_map_get(&maps[1], 2), NAMES_NONE); /* the run's table is full */
    assert_int_equal(names_map_get(&maps[1], 4), NAMES_NONE); /* no such number */
    assert_string_equal(names_text(&run, 0), "b");
    assert_string_equal(names_text(&run, 1), "a");
    for (int t = 0; t < 2; t++) {
        names_map_fini(&maps[t]);
        names_fini(&threads[t]);
    }
    names_fini(&run);
}

static void points_add_up_by_stream(void **state)
{
    struct rule_input in;
    (void)state;
    assert_int_equal(rule_input_init(&in, &small_plan), 0);
    for (uint64_t i = 1; i <= 200; i++) { /* far beyond the first capacity */
        assert_int_equal(rule_input_add(&in, OPEN,
                                        (struct rule_second){ .n_intended = i,
                                                              .n_sent = 2 * i,
                                                              .n_backlog = i,
                                                              .p50_ns = i,
                                                              .phase = 1,
                                                              .is_whole = i % 2 }),
                         0);
        assert_int_equal(in.series[OPEN].n, i);
    }
    assert_int_equal(rule_input_add(&in, CLOSED, (struct rule_second){ .n_intended = 7, .n_sent = 3 }), 0);
    const struct rule_second *points = in.series[OPEN].seconds;
    assert_int_equal(points[0].n_intended, 1);
    assert_int_equal(points[63].n_intended, 64 * 65 / 2);
    assert_int_equal(points[64].n_intended, 65 * 66 / 2);
    assert_int_equal(points[199].n_intended, 200 * 201 / 2);
    assert_int_equal(points[199].n_sent, 200 * 201);
    assert_int_equal(points[199].n_backlog, 200); /* the second's own */
    assert_int_equal(points[199].p50_ns, 200);
    assert_true(points[198].is_whole && !points[199].is_whole);
    assert_int_equal(in.series[CLOSED].n, 1);
    assert_int_equal(in.series[CLOSED].seconds[0].n_intended, 7);
    rule_input_fini(&in);
}

static void stolen_time_is_a_share_of_what_passed(void **state)
{
    static const struct {
        struct host_counters from, to;
        double want; /* -1: unknown */
    } cases[] = {
        { { .has_cpu = true, .cpu_ticks = 100, .steal_ticks = 10 },
          { .has_cpu = true, .cpu_ticks = 300, .steal_ticks = 60 },
          25 },
        { { .has_cpu = true, .cpu_ticks = 100, .steal_ticks = 10 },
          { .has_cpu = true, .cpu_ticks = 101, .steal_ticks = 10 },
          0 },
        { { .has_cpu = true, .cpu_ticks = 100 }, { .has_cpu = true, .cpu_ticks = 100 }, -1 },
        { { .has_cpu = true, .cpu_ticks = 100 }, { .has_cpu = true, .cpu_ticks = 99 }, -1 },
        { { .has_cpu = true, .steal_ticks = 2 }, { .has_cpu = true, .cpu_ticks = 9, .steal_ticks = 1 }, -1 },
        { { .has_cpu = false }, { .has_cpu = true, .cpu_ticks = 9 }, -1 },
        { { .has_cpu = true }, { .has_cpu = false, .cpu_ticks = 9 }, -1 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const double got = host_steal_pct(&cases[i].from, &cases[i].to);
        if (cases[i].want < 0 ? !isnan(got) : !(fabs(got - cases[i].want) < 1e-9))
            fail_msg("case %zu: %g", i, got);
    }
}

static void the_kernel_s_counters_only_grow(void **state)
{
    (void)state;
    const struct host_counters first = host_counters_read("");
    const struct host_counters second = host_counters_read("");
    assert_true(first.has_cpu && second.has_cpu);
    assert_true(first.cpu_ticks > 0 && second.cpu_ticks >= first.cpu_ticks);
    assert_true(first.steal_ticks < first.cpu_ticks);
    assert_true(first.rss_bytes >= 4096 && first.rss_bytes % 4096 == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_of_the_deployment_come_first),
        cmocka_unit_test(there_is_room_for_every_stream_s_cluster),
        cmocka_unit_test(each_thread_s_numbers_become_the_run_s),
        cmocka_unit_test(points_add_up_by_stream),
        cmocka_unit_test(stolen_time_is_a_share_of_what_passed),
        cmocka_unit_test(the_kernel_s_counters_only_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
