/* health.csv: the health of the generator, per second and thread. */
#ifndef RECORD_HEALTH_ROWS_H
#define RECORD_HEALTH_ROWS_H

#include <stdbool.h>
#include <stdint.h>

struct csv_writer;
struct second_thread;

#define HEALTH_ROWS_HEADER                                                                                   \
    "t_s,thread,cpu_user_s,cpu_sys_s,utilisation,iteration_max_us,wakeups_n,sends_n,sends_per_wakeup_p99,"   \
    "sends_per_wakeup_max,lag_p50_us,lag_p99_us,lag_max_us,rx_age_p50_us,rx_age_p99_us,rx_age_max_us,"       \
    "switches_involuntary_n,steal_pct,retransmits_n,rss_bytes"

/* Of the machine during the second; the same for every thread. */
struct health_host {
    double steal_pct; /* NAN: unknown */
    bool has_retransmits;
    uint64_t n_retransmits;
    uint64_t rss_bytes; /* 0: unknown */
};

/* The share of its time that the thread was busy, 0 to 1. */
double health_utilisation(const struct second_thread *t);

/* Writes nothing for a thread that did not report on the second. */
void health_rows_write(struct csv_writer *w, uint64_t second, uint32_t thread, const struct second_thread *t,
                       const struct health_host *host);

#endif
