/* requests.csv: every request, written off the hot path. Each worker copies its requests into its own ring;
 * one writer thread drains the rings into the file, as plain or zstd-compressed CSV. When the disk is too
 * slow or fails, requests are dropped and counted, and the load is not disturbed. The file ends before it
 * takes the space that the other results need. */
#ifndef RECORD_REQUEST_LOG_H
#define RECORD_REQUEST_LOG_H

#include "stats.h"

#include <stdatomic.h>
#include <stdint.h>

struct err;
struct names;

enum request_log_form { REQUEST_LOG_NONE, REQUEST_LOG_CSV, REQUEST_LOG_ZSTD };

enum { REQUEST_LOG_RING_ROWS = 65536 }; /* a power of two */

/* One producer, one consumer. */
struct request_log_ring {
    struct stats_sample *rows;             /* owned */
    _Alignas(64) _Atomic uint64_t n_put;   /* by the worker */
    uint64_t n_dropped;                    /* by the worker; read after it has ended */
    uint64_t n_taken_seen;                 /* the worker's last look at n_taken */
    _Alignas(64) _Atomic uint64_t n_taken; /* by the writer */
};

/* Copies the request, or drops it if the ring is full. The hot path. */
static inline void request_log_put(struct request_log_ring *ring, const struct stats_sample *sample)
{
    const uint64_t n = atomic_load_explicit(&ring->n_put, memory_order_relaxed);
    if (n - ring->n_taken_seen == REQUEST_LOG_RING_ROWS) {
        ring->n_taken_seen = atomic_load_explicit(&ring->n_taken, memory_order_acquire);
        if (n - ring->n_taken_seen == REQUEST_LOG_RING_ROWS) {
            ring->n_dropped++;
            return;
        }
    }
    ring->rows[n % REQUEST_LOG_RING_ROWS] = *sample;
    atomic_store_explicit(&ring->n_put, n + 1, memory_order_release);
}

struct request_log; /* opaque: the rings, the file, the thread */

struct request_log_params {
    const struct plan *plan;
    const char *folder;
    enum request_log_form form; /* not NONE */
    uint64_t room_bytes;        /* left for the other results; 0: a share of the free space */
    uint32_t n_threads;
    const struct names *const *instances; /* [n_threads] */
    const struct names *const *remotes;   /* [n_threads] */
};

/* Creates requests.csv or requests.csv.zst in the folder. `params` is copied, but not what it points to. */
struct request_log *request_log_new(const struct request_log_params *params, struct err *e);
/* Stops the writer and closes the file. Accepts NULL. */
void request_log_free(struct request_log *log);

/* The ring of a worker; borrowed. */
struct request_log_ring *request_log_ring_of(struct request_log *log, uint32_t thread);

/* Starts the writer; call before the first request_log_put. */
int request_log_start(struct request_log *log, uint64_t t0_ns, struct err *e);

/* During the run: -1 and a sentence if the file has ended, because the disk is full or failed. */
int request_log_check(const struct request_log *log, struct err *e);

struct request_log_counts {
    uint64_t n_rows;
    uint64_t n_dropped;   /* because the disk could not keep up */
    uint64_t n_unwritten; /* because the file ended early */
};

/* After all workers have ended: writes what is left, even if the writer did not start, and closes the file.
 * The counts are valid even on failure. */
int request_log_finish(struct request_log *log, struct request_log_counts *counts, struct err *e);

#endif
