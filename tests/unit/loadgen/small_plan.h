/* A small plan for the recorder's tests: two clusters, a closed stream of two phases with a pause between
 * them, and an open stream with a warm-up. Everything lies in static storage; nothing is freed. */
#ifndef TEST_SMALL_PLAN_H
#define TEST_SMALL_PLAN_H

#include "plan.h"

#include <string.h>

enum {
    CLOSED,
    OPEN,
    CLOSED_P1 = 0,
    CLOSED_PAUSE,
    CLOSED_P3,
    OPEN_WARM,
    OPEN_MAIN,
    N_PHASES_IN_SMALL_PLAN,
};

static char *small_plan_m4_ids[] = { (char[]){ "i-a" }, (char[]){ "i-b" } };
static char *small_plan_t2_ids[] = { (char[]){ "i-c" } };
static struct plan_cluster small_plan_clusters[] = {
    { .name = "cluster1", .label = "m4", .instances = small_plan_m4_ids, .n_instances = 2 },
    { .name = "cluster2", .label = "t2", .instances = small_plan_t2_ids, .n_instances = 1 },
};
static struct plan_phase small_plan_closed_phases[] = {
    { .name = "p1", .kind = PLAN_PHASE_REQUESTS, .n_requests = 100 },
    { .name = "p2", .kind = PLAN_PHASE_PAUSE, .duration_ns = 1000000000 },
    { .name = "p3", .kind = PLAN_PHASE_REQUESTS, .n_requests = 50 },
};
static struct plan_phase small_plan_open_phases[] = {
    { .name = "warm",
      .kind = PLAN_PHASE_RATE,
      .warmup = true,
      .duration_ns = 1000000000,
      .rate_per_s = 10,
      .rate_end_per_s = 10,
      .n_requests = 10 },
    { .name = "main",
      .kind = PLAN_PHASE_RATE,
      .duration_ns = 2000000000,
      .rate_per_s = 20,
      .rate_end_per_s = 20,
      .n_requests = 40 },
};
static struct plan_request small_plan_requests[] = {
    { .method = (char[]){ "GET" }, .path = (char[]){ "/cluster1" } },
    { .method = (char[]){ "GET" }, .path = (char[]){ "/cluster2" } }
};
static struct plan_stream small_plan_streams[] = {
    { .name = "burst",
      .cluster = "cluster1",
      .model = PLAN_CLOSED,
      .n_users = 2,
      .n_connections = 2,
      .timeout_ns = 10000000000,
      .phases = small_plan_closed_phases,
      .n_phases = 3,
      .n_rows = 1,
      .requests = &small_plan_requests[0],
      .n_requests = 1,
      .expect = { .has_instance = true },
      .first_phase_index = CLOSED_P1,
      .first_cell_index = CLOSED_P1 },
    { .name = "open",
      .cluster = "cluster2",
      .model = PLAN_OPEN,
      .n_connections = 8,
      .timeout_ns = 10000000000,
      .phases = small_plan_open_phases,
      .n_phases = 2,
      .n_rows = 1,
      .requests = &small_plan_requests[1],
      .n_requests = 1,
      .first_phase_index = OPEN_WARM,
      .first_cell_index = OPEN_WARM },
    { .n_phases = PLAN_PHASES_MOST,
      .n_rows = 1,
      .first_phase_index = 1u << 30,
      .first_cell_index = 1u << 30 }, /* none of the plan's: a trap for whoever reads it */
};
static struct plan small_plan = { .name = "small",
                                  .target = { .url = (char[]){ "http://127.0.0.1:1" } },
                                  .clusters = small_plan_clusters,
                                  .n_clusters = 2,
                                  .streams = small_plan_streams,
                                  .n_streams = 2,
                                  .n_phases = N_PHASES_IN_SMALL_PLAN,
                                  .n_cells = N_PHASES_IN_SMALL_PLAN,
                                  .seed = 42,
                                  .n_threads = 2 };

#endif
