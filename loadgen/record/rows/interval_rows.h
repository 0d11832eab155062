/* intervals.csv: counts and percentiles per second and stream, and per row of session streams. */
#ifndef RECORD_INTERVAL_ROWS_H
#define RECORD_INTERVAL_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stats;
struct csv_writer;
struct hist;
struct plan;

#define INTERVAL_ROWS_HEADER                                                                                 \
    "t_s,dur_s,stream,step,cluster,phase,warmup,partial,intended_n,sent_n,done_n,ok_n,err_n,timeout_n,"      \
    "dropped_n,"                                                                                             \
    "censored_n,status_n,status_4xx_n,status_5xx_n,balancer_5xx_n,expect_n,connect_n,dns_n,tls_n,reset_n,"   \
    "reset_idle_n,protocol_n,ports_n,inflight_n,conn_new_n,bytes_rx,bytes_tx,p50_us,p90_us,p99_us,p999_us,"  \
    "max_us,service_p50_us,service_p99_us,lag_p50_us,lag_p99_us,lag_max_us,conn_wait_p99_us,"                \
    "again_unprocessed_n,again_refused_n,again_idle_n,again_timeout_n,again_broken_n,again_closed_n,"        \
    "goaways_n,goaway_errors_n,unprocessed_n,refused_n,resets_n,cancels_n,ended_by_count_n,held_up_s,"       \
    "streams_open_most_n"

struct interval_row {
    uint64_t second;
    uint64_t length_ns;
    size_t stream;
    size_t phase; /* within the stream, in force at the end of the second */
    bool partial;
    uint64_t n_inflight;
};

/* Writes the row of the stream; those of its steps before it, if something ended in them. */
void interval_rows_write(struct csv_writer *w, const struct plan *plan, const struct interval_row *row,
                         const struct stats *sum, struct hist *const scratch[2]);

#endif
