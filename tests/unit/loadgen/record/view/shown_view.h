/* What progress shows in these tests: a stream that is done and one in a pause, with an error. */
#ifndef TESTS_SHOWN_VIEW_H
#define TESTS_SHOWN_VIEW_H

#include "progress_view.h"

static const struct progress_stream two_streams[] = {
    { .name = "m4-steady",
      .fraction = 1,
      .n_done = 1000,
      .n_total = 1000,
      .phase = "done",
      .good_per_s = 412,
      .p50 = { .value_ns = 2310000 },
      .p99 = { .value_ns = 4900000 } },
    { .name = "m4-burst",
      .fraction = 0.333,
      .n_done = 500,
      .n_total = 1500,
      .phase = "pause 41 s",
      .p50 = { .value_ns = 2280000 },
      .p99 = { .value_ns = 14710000 },
      .n_failed = 1 },
};

static const struct progress_view view = {
    .name = "tp1",
    .url = "http://127.0.0.1:41873",
    .place = "local: 4 x m4.large (emulated)",
    .streams = two_streams,
    .n_streams = 2,
    .sum = { .n_done = 1500,
             .n_total = 2500,
             .fraction = 0.6,
             .good_per_s = 412,
             .p50 = { .value_ns = 2300000 },
             .p99 = { .value_ns = 4910000 },
             .n_failed = 1 },
    .elapsed_s = 19,
    .total_s = 64,
    .is_estimate = true,
    .cpu_pct = 3.2,
    .has_lag = true,
    .lag_p99_ns = 21000,
};

#endif
