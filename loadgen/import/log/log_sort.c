#include "log_sort.h"

#include "err.h"
#include "plan.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_BYTES = 16 * 1024 * 1024, RUN_BUFFER_BYTES = 64 * 1024 };

void log_sort_init(struct log_sort *s, const char *beside)
{
    *s = (struct log_sort){ .beside = beside };
}

void log_sort_fini(struct log_sort *s)
{
    for (unsigned i = 0; i < s->n_runs; i++)
        close(s->runs[i]);
    free(s->buffer);
    free(s->records);
    *s = (struct log_sort){ 0 };
}

static int failed(struct err *e)
{
    return err_errno(e, ERR_FAILED, "cannot sort the log in a temporary file");
}

/* A file without a name, which goes with its descriptor. -1 and errno. */
static int temporary_file(const char *beside)
{
    char path[PATH_MAX];
    const char *slash = strrchr(beside, '/');
    snprintf(path, sizeof path, "%.*s.loadgen-import-XXXXXX", slash ? (int)(slash + 1 - beside) : 0, beside);
    const int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

static struct log_record *record_at(const struct log_sort *s, uint32_t place)
{
    return (struct log_record *)(void *)(s->buffer + place);
}

static int compare(const void *x, const void *y, void *sort)
{
    const struct log_record *a = record_at(sort, *(const uint32_t *)x);
    const struct log_record *b = record_at(sort, *(const uint32_t *)y);
    return log_record_is_before(a, b) ? -1 : log_record_is_before(b, a);
}

/* --- a run of sorted records, read back --- */

struct run {
    FILE *file;
    _Alignas(struct log_record) char record[LOG_RECORD_BYTES_MOST + 8];
};

static struct log_record *record_of(struct run *r)
{
    return (struct log_record *)(void *)r->record;
}

/* 1: there is a record; 0: the end; -1: broken. */
static int next_record(struct run *r)
{
    struct log_record *head = record_of(r);
    if (fread(head, sizeof *head, 1, r->file) != 1)
        return ferror(r->file) ? -1 : 0;
    const size_t rest = log_record_bytes(head) - sizeof *head;
    return fread(r->record + sizeof *head, 1, rest, r->file) == rest ? 1 : -1;
}

static struct run *open_run(int fd)
{
    struct run *r = malloc(sizeof *r);
    const int copy = r ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (r)
        r->file = copy >= 0 && lseek(copy, 0, SEEK_SET) == 0 ? fdopen(copy, "r") : NULL;
    if (r && r->file) {
        setvbuf(r->file, NULL, _IOFBF, RUN_BUFFER_BYTES);
        return r;
    }
    if (copy >= 0)
        close(copy);
    free(r);
    return NULL;
}

static void close_run(struct run *r)
{
    fclose(r->file);
    free(r);
}

struct merge {
    struct run *runs[LOG_SORT_RUNS_MOST];
    unsigned n;
};

/* Few runs: the earliest is found by looking at each. */
static unsigned earliest(struct merge *m)
{
    unsigned found = 0;
    for (unsigned i = 1; i < m->n; i++)
        if (log_record_is_before(record_of(m->runs[i]), record_of(m->runs[found])))
            found = i;
    return found;
}

/* Moves on; a run that is over is closed. */
static int step(struct merge *m, unsigned i)
{
    const int status = next_record(m->runs[i]);
    if (status == 0) {
        close_run(m->runs[i]);
        m->runs[i] = m->runs[--m->n];
    }
    return status < 0 ? -1 : 0;
}

static int begin_merge(struct merge *m, const struct log_sort *s)
{
    *m = (struct merge){ 0 };
    for (unsigned i = 0; i < s->n_runs; i++) {
        m->runs[m->n] = open_run(s->runs[i]);
        if (!m->runs[m->n])
            return -1;
        m->n++;
        if (step(m, m->n - 1))
            return -1;
    }
    return 0;
}

static void end_merge(struct merge *m)
{
    while (m->n > 0)
        close_run(m->runs[--m->n]);
}

/* --- writing runs --- */

static void keep_only_run(struct log_sort *s, int fd)
{
    for (unsigned i = 0; i < s->n_runs; i++)
        close(s->runs[i]);
    s->runs[0] = fd;
    s->n_runs = 1;
}

static int write_merged(struct merge *m, FILE *out)
{
    while (m->n > 0) {
        const unsigned i = earliest(m);
        const struct log_record *r = record_of(m->runs[i]);
        if (fwrite(r, log_record_bytes(r), 1, out) != 1 || step(m, i))
            return -1;
    }
    return 0;
}

/* A stream to a new temporary file, whose descriptor stays open; NULL with errno. */
static FILE *create_run(const struct log_sort *s, int *fd)
{
    *fd = temporary_file(s->beside);
    const int copy = *fd >= 0 ? fcntl(*fd, F_DUPFD_CLOEXEC, 0) : -1;
    FILE *out = copy >= 0 ? fdopen(copy, "w") : NULL;
    if (!out && copy >= 0)
        close(copy);
    if (!out && *fd >= 0)
        close(*fd);
    return out;
}

static int merge_runs(struct log_sort *s, struct err *e)
{
    struct merge m;
    int fd;
    FILE *out = create_run(s, &fd);
    if (!out)
        return failed(e);
    int status = begin_merge(&m, s) || write_merged(&m, out) ? -1 : 0;
    end_merge(&m);
    if (fclose(out) || status) {
        close(fd);
        return failed(e);
    }
    keep_only_run(s, fd);
    return 0;
}

static void sort_buffer(struct log_sort *s)
{
    if (s->n_records > 0)
        qsort_r(s->records, s->n_records, sizeof *s->records, compare, s);
}

static int write_record(const struct log_record *r, FILE *out)
{
    return fwrite(r, log_record_bytes(r), 1, out) == 1 ? 0 : -1;
}

static int write_buffer(struct log_sort *s, struct err *e)
{
    int fd, status = 0;
    if (s->n_runs == LOG_SORT_RUNS_MOST && merge_runs(s, e))
        return -1;
    FILE *out = create_run(s, &fd);
    if (!out)
        return failed(e);
    sort_buffer(s);
    for (size_t i = 0; i < s->n_records && status == 0; i++)
        status = write_record(record_at(s, s->records[i]), out);
    if (fclose(out) || status) {
        close(fd);
        return failed(e);
    }
    s->runs[s->n_runs++] = fd;
    s->n_records = s->used_bytes = 0;
    return 0;
}

/* Room for a record in the buffer, which grows up to its limit. */
static int make_room(struct log_sort *s, struct err *e)
{
    const size_t wanted = s->used_bytes + LOG_RECORD_BYTES_MOST + 8;
    if (wanted > BUFFER_BYTES)
        return write_buffer(s, e);
    if (wanted <= s->n_bytes)
        return 0;
    const size_t doubled = s->n_bytes * 2 > wanted ? s->n_bytes * 2 : wanted * 2;
    const size_t n_bytes = doubled < BUFFER_BYTES ? doubled : BUFFER_BYTES;
    char *larger = realloc(s->buffer, n_bytes);
    if (!larger)
        return plan_out_of_memory(e);
    s->buffer = larger;
    s->n_bytes = n_bytes;
    return 0;
}

static int make_place(struct log_sort *s, struct err *e)
{
    if (s->n_records < s->capacity)
        return 0;
    const size_t capacity = s->capacity ? s->capacity * 2 : 256;
    uint32_t *larger = realloc(s->records, capacity * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    s->records = larger;
    s->capacity = capacity;
    return 0;
}

int log_sort_add(struct log_sort *s, const struct log_entry *entry, struct err *e)
{
    if (make_room(s, e) || make_place(s, e))
        return -1;
    s->records[s->n_records++] = (uint32_t)s->used_bytes;
    s->used_bytes += log_record_put(s->buffer + s->used_bytes, entry, s->n_added++);
    return 0;
}

/* --- in order --- */

static int visit_record(const struct log_record *record, log_visit_fn *visit, void *payload, struct err *e)
{
    struct log_entry entry;
    log_record_get(&entry, record);
    return visit(payload, &entry, e);
}

static int each_in_memory(struct log_sort *s, log_visit_fn *visit, void *payload, struct err *e)
{
    sort_buffer(s);
    for (size_t i = 0; i < s->n_records; i++)
        if (visit_record(record_at(s, s->records[i]), visit, payload, e))
            return -1;
    return 0;
}

static int each_merged(struct merge *m, log_visit_fn *visit, void *payload, struct err *e)
{
    while (m->n > 0) {
        const unsigned i = earliest(m);
        if (visit_record(record_of(m->runs[i]), visit, payload, e))
            return -1;
        if (step(m, i))
            return failed(e);
    }
    return 0;
}

int log_sort_each(struct log_sort *s, log_visit_fn *visit, void *payload, struct err *e)
{
    struct merge m;
    if (s->n_runs == 0)
        return each_in_memory(s, visit, payload, e);
    if (s->n_records > 0 && write_buffer(s, e))
        return -1;
    const int status = begin_merge(&m, s) ? failed(e) : each_merged(&m, visit, payload, e);
    end_merge(&m);
    return status;
}
