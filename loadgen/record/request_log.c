#include "request_log.h"

#include "background.h"
#include "csv.h"
#include "err.h"
#include "sample_rows.h"
#include "units.h"
#include "zstd_file.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BUFFER_BYTES = 256 * 1024, BATCH_ROWS = 1024 };
#define IDLE_NS (5 * NS_PER_MS)

struct request_log {
    struct request_log_params params;
    struct request_log_ring *rings;
    struct csv_writer csv;
    pthread_t writer;
    bool is_running;
    _Atomic bool shall_end;
    uint64_t t0_ns;
    uint64_t n_written, n_lost; /* the writer's; lost: taken after the file had failed */
};

static int create_file(struct request_log *log, struct err *e)
{
    char path[PATH_MAX];
    const bool is_zstd = log->params.form == REQUEST_LOG_ZSTD;
    snprintf(path, sizeof path, "%s/requests.csv%s", log->params.folder, is_zstd ? ".zst" : "");
    FILE *file = is_zstd ? zstd_file_create(path) : fopen(path, "we");
    if (!file)
        return err_errno(e, ERR_FAILED, "cannot create %s", path);
    setvbuf(file, NULL, _IOFBF, BUFFER_BYTES);
    log->csv = (struct csv_writer){ .file = file, .path = strdup(path) };
    fputs(SAMPLE_ROWS_HEADER "\n", file);
    return log->csv.path ? 0 : err_set(e, ERR_FAILED, "out of memory while creating %s", path);
}

struct request_log *request_log_new(const struct request_log_params *params, struct err *e)
{
    struct request_log *log = calloc(1, sizeof *log);
    if (!log)
        goto no_memory;
    log->params = *params;
    log->rings = aligned_alloc(64, params->n_threads * sizeof *log->rings);
    if (!log->rings)
        goto no_memory;
    memset(log->rings, 0, params->n_threads * sizeof *log->rings);
    for (uint32_t t = 0; t < params->n_threads; t++)
        if (!(log->rings[t].rows = malloc(REQUEST_LOG_RING_ROWS * sizeof *log->rings[t].rows)))
            goto no_memory;
    if (create_file(log, e) == 0)
        return log;
    request_log_free(log);
    return NULL;
no_memory:
    request_log_free(log);
    err_set(e, ERR_FAILED, "out of memory while preparing to log requests");
    return NULL;
}

static void end_writer(struct request_log *log)
{
    if (!log->is_running)
        return;
    atomic_store_explicit(&log->shall_end, true, memory_order_release);
    pthread_join(log->writer, NULL);
    log->is_running = false;
}

void request_log_free(struct request_log *log)
{
    struct err e;
    if (!log)
        return;
    end_writer(log);
    csv_close(&log->csv, &e);
    for (uint32_t t = 0; log->rings && t < log->params.n_threads; t++)
        free(log->rings[t].rows);
    free(log->rings);
    free(log);
}

struct request_log_ring *request_log_ring_of(struct request_log *log, uint32_t thread)
{
    return &log->rings[thread];
}

/* Writes a batch of a ring; how many. */
static uint64_t empty_ring(struct request_log *log, uint32_t thread)
{
    struct request_log_ring *ring = &log->rings[thread];
    const struct sample_words words = { .plan = log->params.plan,
                                        .instances = log->params.instances[thread],
                                        .remotes = log->params.remotes[thread],
                                        .t0_ns = log->t0_ns };
    const uint64_t from = atomic_load_explicit(&ring->n_taken, memory_order_relaxed);
    uint64_t n = atomic_load_explicit(&ring->n_put, memory_order_acquire) - from;
    if (n > BATCH_ROWS)
        n = BATCH_ROWS;
    const bool has_failed = ferror(log->csv.file);
    for (uint64_t i = from; i < from + n && !has_failed; i++)
        sample_rows_write(&log->csv, &words, "all", &ring->rows[i % REQUEST_LOG_RING_ROWS]);
    if (has_failed)
        log->n_lost += n;
    else
        log->n_written += n;
    if (!has_failed && ferror(log->csv.file) && !log->csv.cause)
        log->csv.cause = errno;
    atomic_store_explicit(&ring->n_taken, from + n, memory_order_release);
    return n;
}

/* Until the end is near and the rings are empty. */
static void drain(struct request_log *log)
{
    const struct timespec idle = { .tv_nsec = IDLE_NS };
    for (;;) {
        const bool shall_end = atomic_load_explicit(&log->shall_end, memory_order_acquire);
        uint64_t n = 0;
        for (uint32_t t = 0; t < log->params.n_threads; t++)
            n += empty_ring(log, t);
        if (n == 0 && shall_end)
            return;
        if (n == 0)
            nanosleep(&idle, NULL);
    }
}

static void *write_all(void *payload)
{
    background_enter(0);
    drain(payload);
    return NULL;
}

int request_log_start(struct request_log *log, uint64_t t0_ns, struct err *e)
{
    log->t0_ns = t0_ns;
    const int status = pthread_create(&log->writer, NULL, write_all, log);
    if (status)
        return err_set(e, ERR_FAILED, "cannot start the thread that logs requests: %s", strerror(status));
    log->is_running = true;
    return 0;
}

int request_log_finish(struct request_log *log, uint64_t *n_written, uint64_t *n_dropped, struct err *e)
{
    end_writer(log);
    atomic_store_explicit(&log->shall_end, true, memory_order_release);
    drain(log); /* what the rings hold when there was no thread; else nothing */
    *n_written = log->n_written;
    *n_dropped = log->n_lost;
    for (uint32_t t = 0; t < log->params.n_threads; t++)
        *n_dropped += log->rings[t].n_dropped;
    return csv_close(&log->csv, e);
}
