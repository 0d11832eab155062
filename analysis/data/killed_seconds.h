/* The seconds of a killed run that all its files hold: the recorder writes a second's rows of intervals.csv
 * last, so those for which every stream has a whole row; and what each stream counted in them. */
#ifndef KILLED_SECONDS_H
#define KILLED_SECONDS_H

#include "again.h"
#include "http2_counts.h"
#include "outcome.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct killed_stream {
    const char *name; /* borrowed; NULL in a broken run.json */
    uint64_t n_intended, n_sent, n_done, n_ok, n_err;
    uint64_t n_outcomes[N_OUTCOMES];               /* without OUTCOME_OK */
    uint64_t rx_bytes, tx_bytes;                   /* in all seconds */
    uint64_t measured_rx_bytes, measured_tx_bytes; /* in those outside of warm-up */
    struct again_counts again;
    struct http2_counts http2; /* what the file has of them: no codes, no limits */
};

struct killed_seconds {
    uint64_t n;
    double end_s; /* of the last; before the next one begins only if the run was killed just after its end */
    struct killed_stream *streams; /* owned; in the order of run.json */
    size_t n_streams;
};

/* Reads FOLDER/intervals.csv; `streams` is that member of run.json. Call killed_seconds_fini even on failure.
 */
int killed_seconds_read(struct killed_seconds *s, const json_t *streams, const char *folder, struct err *e);
void killed_seconds_fini(struct killed_seconds *s);

void killed_stream_add(struct killed_stream *into, const struct killed_stream *more);

#endif
