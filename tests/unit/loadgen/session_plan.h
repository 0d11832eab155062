/* A plan with rows for the tests of statistics and files: a plain closed stream of one phase, and a session
 * stream of two phases, the first of which is a warm-up. Everything lies in static storage; nothing is freed.
 */
#ifndef TEST_SESSION_PLAN_H
#define TEST_SESSION_PLAN_H

#include "plan.h"
#include "session.h"

enum { PLAIN, BUYERS, N_STREAMS_IN_SESSION_PLAN };
enum { LOGIN, ORDER, ORDER_REDIRECT, SESSION, N_ROWS_OF_BUYERS };
enum { WARM, MAIN, N_PHASES_OF_BUYERS };

static struct plan_phase session_plan_phases[] = {
    { .name = "warm", .kind = PLAN_PHASE_DURATION, .warmup = true, .duration_ns = 1000000000 },
    { .name = "main", .kind = PLAN_PHASE_DURATION, .duration_ns = 2000000000 },
};
static struct plan_row session_plan_rows[N_ROWS_OF_BUYERS] = {
    { .name = "login" },
    { .name = "order" },
    { .name = "order_redirect", .kind = PLAN_ROW_REDIRECT },
    { .name = "session", .kind = PLAN_ROW_SESSION },
};
static struct plan_session session_plan_session;
static struct plan_stream session_plan_streams[] = {
    { .name = "plain",
      .cluster = "shop",
      .n_users = 1,
      .n_connections = 1,
      .timeout_ns = 10000000000,
      .phases = &session_plan_phases[MAIN],
      .n_phases = 1,
      .n_rows = 1 },
    { .name = "buyers",
      .cluster = "shop",
      .n_users = 2,
      .n_connections = 2,
      .timeout_ns = 10000000000,
      .phases = session_plan_phases,
      .n_phases = N_PHASES_OF_BUYERS,
      .session = &session_plan_session,
      .rows = session_plan_rows,
      .n_rows = N_ROWS_OF_BUYERS,
      .first_phase_index = 1,
      .first_cell_index = 1 },
};
static struct plan session_plan = { .name = "sessions",
                                    .target = { .url = (char[]){ "http://127.0.0.1:1" } },
                                    .streams = session_plan_streams,
                                    .n_streams = N_STREAMS_IN_SESSION_PLAN,
                                    .n_phases = 1 + N_PHASES_OF_BUYERS,
                                    .n_cells = 1 + N_ROWS_OF_BUYERS * N_PHASES_OF_BUYERS,
                                    .n_threads = 1 };

/* The cell of a row of the session stream. */
static inline uint32_t buyers_cell(size_t row, size_t phase)
{
    return (uint32_t)plan_cell(&session_plan_streams[BUYERS], row, phase);
}

#endif
