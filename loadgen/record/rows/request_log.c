#include "request_log.h"

#include "background.h"
#include "clock.h"
#include "csv.h"
#include "err.h"
#include "sample_rows.h"
#include "units.h"
#include "zstd_file.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

enum {
    BUFFER_BYTES = 64 * 1024,
    BATCH_ROWS = 256,
    ROW_BYTES_MOST = 320, /* of usual names */
    ROOM_SHARE = 4,       /* a quarter of the space free at the start is left for the other results, */
    ROOM_MOST_BYTES = 64 * 1024 * 1024, /* but no more than this */
};
#define IDLE_NS (5 * NS_PER_MS)

struct request_log {
    struct request_log_params params;
    struct request_log_ring *rings;
    struct csv_writer csv;
    pthread_t writer;
    bool is_running;
    _Atomic bool shall_end;
    uint64_t t0_ns;
    uint64_t room_bytes;             /* left for the other results */
    uint64_t n_written, n_unwritten; /* the writer's */
    _Atomic int cause;               /* errno why writing ended; 0: it goes on */
    _Atomic bool is_crowded;         /* it ended to leave the other results their space */
};

static uint64_t free_bytes(const struct request_log *log)
{
    struct statvfs about;
    return statvfs(log->params.folder, &about) ? UINT64_MAX : (uint64_t)about.f_bavail * about.f_frsize;
}

static uint64_t usual_room(const struct request_log *log)
{
    const uint64_t share = free_bytes(log) / ROOM_SHARE;
    return share < ROOM_MOST_BYTES ? share : ROOM_MOST_BYTES;
}

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
    log->room_bytes = params->room_bytes ? params->room_bytes : usual_room(log);
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

/* Whether rows can be written; once false, always false. */
static bool is_open(struct request_log *log)
{
    if (log->cause)
        return false;
    if (free_bytes(log) >= log->room_bytes + BUFFER_BYTES + UINT64_C(1) * BATCH_ROWS * ROW_BYTES_MOST)
        return true;
    log->is_crowded = true;
    log->cause = ENOSPC;
    return false;
}

/* Writes a batch from a ring; returns its size. */
static uint64_t drain_ring(struct request_log *log, uint32_t thread)
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
    const bool is_written = n > 0 && is_open(log);
    for (uint64_t i = from; i < from + n && is_written; i++)
        sample_rows_write(&log->csv, &words, "all", &ring->rows[i % REQUEST_LOG_RING_ROWS]);
    *(is_written ? &log->n_written : &log->n_unwritten) += n;
    if (is_written && ferror(log->csv.file))
        log->cause = errno ? errno : EIO;
    atomic_store_explicit(&ring->n_taken, from + n, memory_order_release);
    return n;
}

/* So that a run that is killed loses the rows of about a second. */
static void flush_each_second(struct request_log *log, uint64_t *next_ns)
{
    const uint64_t now_ns = clock_monotonic_ns();
    if (now_ns < *next_ns || log->cause)
        return;
    *next_ns = now_ns + NS_PER_S;
    if (fflush(log->csv.file))
        log->cause = errno ? errno : EIO;
}

/* Returns when the end was announced and the rings are empty. */
static void drain(struct request_log *log)
{
    const struct timespec idle = { .tv_nsec = IDLE_NS };
    for (uint64_t flush_ns = 0;;) {
        const bool shall_end = atomic_load_explicit(&log->shall_end, memory_order_acquire);
        uint64_t n = 0;
        for (uint32_t t = 0; t < log->params.n_threads; t++)
            n += drain_ring(log, t);
        flush_each_second(log, &flush_ns);
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

int request_log_check(const struct request_log *log, struct err *e)
{
    if (!log->cause)
        return 0;
    errno = log->cause;
    if (log->is_crowded)
        return err_set(e, ERR_FAILED,
                       "%s ends early: the disk is full but for the %" PRIu64
                       " KiB that the other results may need",
                       log->csv.path, log->room_bytes / 1024);
    return err_errno(e, ERR_FAILED, "cannot write %s", log->csv.path);
}

int request_log_finish(struct request_log *log, struct request_log_counts *counts, struct err *e)
{
    struct err closing;
    end_writer(log);
    atomic_store_explicit(&log->shall_end, true, memory_order_release);
    drain(log); /* what the rings hold if there was no thread */
    *counts = (struct request_log_counts){ .n_rows = log->n_written, .n_unwritten = log->n_unwritten };
    for (uint32_t t = 0; t < log->params.n_threads; t++)
        counts->n_dropped += log->rings[t].n_dropped;
    int status = request_log_check(log, e);
    if (csv_close(&log->csv, &closing) && status == 0) {
        *e = closing;
        status = -1;
    }
    return status;
}
