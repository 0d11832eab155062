/* The generator's health over time, from health.csv: per step of the time axis the worst second of the
 * worst thread, since one late second spoils a measurement. CPU time is summed over threads. */
#ifndef HEALTH_H
#define HEALTH_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct time_axis;

/* X(member, column, 1 to add threads and seconds up rather than take the largest) */
#define HEALTH_METRICS(X)                                                                                    \
    X(HEALTH_LAG_P50, "lag_p50_us", 0)                                                                       \
    X(HEALTH_LAG_P99, "lag_p99_us", 0)                                                                       \
    X(HEALTH_LAG_MAX, "lag_max_us", 0)                                                                       \
    X(HEALTH_UTILISATION, "utilisation", 0)                                                                  \
    X(HEALTH_CPU_USER, "cpu_user_s", 1)                                                                      \
    X(HEALTH_CPU_SYS, "cpu_sys_s", 1)                                                                        \
    X(HEALTH_ITERATION_MAX, "iteration_max_us", 0)                                                           \
    X(HEALTH_SENDS_P99, "sends_per_wakeup_p99", 0)                                                           \
    X(HEALTH_SENDS_MAX, "sends_per_wakeup_max", 0)                                                           \
    X(HEALTH_RX_AGE_P50, "rx_age_p50_us", 0)                                                                 \
    X(HEALTH_RX_AGE_P99, "rx_age_p99_us", 0)                                                                 \
    X(HEALTH_RX_AGE_MAX, "rx_age_max_us", 0)                                                                 \
    X(HEALTH_STEAL, "steal_pct", 0)

enum health_metric {
#define HEALTH_CONSTANT(constant, column, sum) constant,
    HEALTH_METRICS(HEALTH_CONSTANT)
#undef HEALTH_CONSTANT
        N_HEALTH_METRICS
};

struct health {
    size_t n_steps, n_rows;
    double *values; /* owned; [metric * n_steps + step]; NAN where unknown */
};

/* Reads FOLDER/health.csv up to `whole_s` (run_file_end_at). Call health_fini even on failure. */
int health_read(struct health *health, const char *folder, uint64_t whole_s, const struct time_axis *axis,
                struct err *e);
void health_fini(struct health *health);

double health_value(const struct health *health, enum health_metric metric, size_t step);
/* Largest value of all steps; NAN without any. */
double health_worst(const struct health *health, enum health_metric metric);

#endif
