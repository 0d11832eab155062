/* samples.csv and requests.csv: one request per row, with all its times. */
#ifndef RECORD_SAMPLE_ROWS_H
#define RECORD_SAMPLE_ROWS_H

#include <stdint.h>

struct stats_sample;
struct csv_writer;
struct names;
struct plan;

#define SAMPLE_ROWS_HEADER                                                                                   \
    "why,stream,step,cluster,phase,seq,due_ns,lag_ns,conn_wait_ns,sent_ns,first_ns,done_ns,rx_age_ns,conn,"  \
    "req_on_conn,status,class,instance,remote"

/* What the numbers in a sample stand for. */
struct sample_words {
    const struct plan *plan;
    const struct names *instances, *remotes; /* of the thread that took the sample */
    uint64_t t0_ns;
};

/* `why` is "sys", "slow", "err" or "all". */
void sample_rows_write(struct csv_writer *w, const struct sample_words *words, const char *why,
                       const struct stats_sample *sample);

#endif
