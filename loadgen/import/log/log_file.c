#include "log_file.h"

#include "err.h"
#include "import_job.h"
#include "plan.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE_BYTES = 128 * 1024, SECOND_BYTES_MOST = 8 * 1024 * 1024 };

struct log_file {
    struct log_reading *reading;
    gzFile in;
    char *piece; /* as it was read */
    size_t piece_begin, piece_end;
    char *line;
    struct log_room room;
    /* Entries of the second that is being read, as records. */
    char *waiting;
    size_t waiting_bytes, capacity;
    uint64_t n_waiting, second_ns;
};

/* False at the end, or when nothing can be read. */
static bool refill(struct log_file *f)
{
    const int n = gzread(f->in, f->piece, PIECE_BYTES);
    f->piece_begin = 0;
    f->piece_end = n > 0 ? (size_t)n : 0;
    return n > 0;
}

/* A line without its end; its length, or SIZE_MAX at the end. A longer one is cut. */
static size_t next_line(struct log_file *f, bool *is_cut)
{
    size_t length = 0;
    *is_cut = false;
    for (;;) {
        if (f->piece_begin == f->piece_end && !refill(f))
            return length > 0 ? length : SIZE_MAX;
        const char *from = f->piece + f->piece_begin;
        const size_t there = f->piece_end - f->piece_begin;
        const char *end = memchr(from, '\n', there);
        const size_t n = end ? (size_t)(end - from) : there, room = LOG_LINE_BYTES_MOST - length;
        memcpy(f->line + length, from, n < room ? n : room);
        *is_cut = *is_cut || n > room;
        length += n < room ? n : room;
        f->piece_begin += n + (end != NULL);
        if (end)
            return length > 0 && f->line[length - 1] == '\r' ? length - 1 : length;
    }
}

static bool is_wanted(const char *methods, const char *method)
{
    const size_t length = strlen(method);
    if (strcmp(methods, "all") == 0)
        return true;
    for (const char *at = methods; *at; at += strspn(at, ", ")) {
        const size_t n = strcspn(at, ", ");
        if (n == length && strncasecmp(at, method, n) == 0)
            return true;
        at += n;
    }
    return false;
}

/* Visits the entries of the second, the k-th of n in the middle of the k-th of n parts of it. */
static int visit_second(struct log_file *f, struct err *e)
{
    const struct log_form *form = f->reading->form;
    uint64_t k = 0;
    int status = 0;
    for (size_t at = 0; at < f->waiting_bytes && status == 0; k++) {
        const struct log_record *record = (struct log_record *)(void *)(f->waiting + at);
        struct log_entry entry;
        log_record_get(&entry, record);
        entry.due_ns += (2 * k + 1) * NS_PER_S / (2 * f->n_waiting);
        if (form->is_when_written && entry.took_ns != LOG_UNKNOWN && entry.took_ns < entry.due_ns)
            entry.due_ns -= entry.took_ns;
        status = f->reading->visit(f->reading->payload, &entry, e);
        at += log_record_bytes(record);
    }
    f->waiting_bytes = 0;
    f->n_waiting = 0;
    return status;
}

static int wait_for_second(struct log_file *f, const struct log_entry *entry, struct err *e)
{
    const bool is_full = f->waiting_bytes + LOG_RECORD_BYTES_MOST + 8 > SECOND_BYTES_MOST;
    if (f->n_waiting > 0 && (entry->due_ns != f->second_ns || is_full) && visit_second(f, e))
        return -1;
    f->second_ns = entry->due_ns;
    if (f->waiting_bytes + LOG_RECORD_BYTES_MOST + 8 > f->capacity) {
        const size_t capacity = f->capacity ? f->capacity * 2 : SECOND_BYTES_MOST / 64;
        char *larger = realloc(f->waiting, capacity);
        if (!larger)
            return plan_out_of_memory(e);
        f->waiting = larger;
        f->capacity = capacity;
    }
    f->waiting_bytes += log_record_put(f->waiting + f->waiting_bytes, entry, 0);
    f->n_waiting++;
    return 0;
}

static int take_line(struct log_file *f, size_t length, bool is_cut, struct err *e)
{
    struct log_reading *r = f->reading;
    struct log_entry entry = { 0 };
    f->room.used = 0;
    r->n_lines++;
    enum log_skip skip = is_cut ? LOG_TOO_LONG
                         : memchr(f->line, '\0', length) != NULL
                             ? LOG_BROKEN
                             : r->form->parse(&entry, &f->room, f->line, length);
    if (skip == LOG_TAKEN && !is_wanted(r->methods, entry.method))
        skip = LOG_OTHER_METHOD;
    if (skip == LOG_TAKEN && !log_record_fits(&entry))
        skip = LOG_TOO_LONG;
    r->n_skipped[skip]++;
    if (skip != LOG_TAKEN)
        return 0;
    return r->form->spreads ? wait_for_second(f, &entry, e) : r->visit(r->payload, &entry, e);
}

static int read_lines(struct log_file *f, const char *path, struct err *e)
{
    int code;
    bool is_cut;
    for (size_t length; (length = next_line(f, &is_cut)) != SIZE_MAX;)
        if (length > 0 && take_line(f, length, is_cut, e))
            return -1;
    if (f->n_waiting > 0 && visit_second(f, e))
        return -1;
    const char *sentence = gzerror(f->in, &code);
    if (code == Z_OK || code == Z_STREAM_END)
        return 0;
    return err_set(e, ERR_INPUT, "cannot read %s: %s", import_job_file_name(path),
                   code == Z_BUF_ERROR ? "it ends within its compressed data" : sentence);
}

int log_file_read(struct log_reading *r, const char *path, struct err *e)
{
    struct log_file f = { .reading = r,
                          .piece = malloc(PIECE_BYTES),
                          .line = malloc(LOG_LINE_BYTES_MOST),
                          .room = { .bytes = malloc(LOG_ROOM_BYTES), .n_bytes = LOG_ROOM_BYTES } };
    int status = -1;
    f.in = strcmp(path, "-") == 0 ? gzdopen(dup(STDIN_FILENO), "re") : gzopen(path, "re");
    if (!f.piece || !f.line || !f.room.bytes)
        plan_out_of_memory(e);
    else if (!f.in)
        err_errno(e, ERR_INPUT, "cannot open %s", import_job_file_name(path));
    else {
        gzbuffer(f.in, PIECE_BYTES);
        status = read_lines(&f, path, e);
    }
    if (f.in)
        gzclose(f.in);
    free(f.piece);
    free(f.line);
    free(f.room.bytes);
    free(f.waiting);
    return status;
}
