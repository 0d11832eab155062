#include "clock.h"
#include "err.h"
#include "files.h"
#include "hist.h"
#include "hlog.h"
#include "kept_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const size_t FILE_BUFFER_BYTES = 262144;

static void write_header(struct hlog_writer *w, uint64_t start_realtime_ns)
{
    char date[CLOCK_UTC_TEXT_BYTES];
    const uint64_t start_ms = start_realtime_ns / 1000000;
    fprintf(w->file,
            "#[Histogram log format version 1.3]\n"
            "#[StartTime: %" PRIu64 ".%03" PRIu64 " (seconds since epoch), %s]\n"
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
            start_ms / 1000, start_ms % 1000, clock_utc_text(start_realtime_ns, date));
}

int hlog_create(struct hlog_writer *w, const char *path, uint64_t start_realtime_ns, struct err *e)
{
    struct err closing;
    *w = (struct hlog_writer){ .path = strdup(path), .encoder = hlog_encoder_new() };
    if (!w->path || !w->encoder) {
        err_set(e, ERR_FAILED, "out of memory while creating %s", path);
        goto fail;
    }
    w->file = kept_file_create(path, &w->kept);
    if (!w->file) {
        err_errno(e, ERR_FAILED, "cannot create %s", path);
        goto fail;
    }
    setvbuf(w->file, NULL, _IOFBF, FILE_BUFFER_BYTES);
    write_header(w, start_realtime_ns);
    if (hlog_flush(w, e) == 0)
        return 0;
fail:
    hlog_close(w, &closing);
    return -1;
}

static uint64_t to_ms(uint64_t ns)
{
    return (ns + 500000) / 1000000;
}

void hlog_write(struct hlog_writer *w, const char *tag, uint64_t start_ns, uint64_t length_ns,
                const struct hist *h)
{
    if (h->n == 0)
        return;
    size_t length_bytes;
    const char *text = hlog_encode(w->encoder, h, &length_bytes);
    const uint64_t start_ms = to_ms(start_ns);
    const uint64_t length_ms = to_ms(length_ns);
    const uint64_t max_us = (h->max_ns + 500) / 1000;
    fprintf(w->file, "%s%s%s%" PRIu64 ".%03" PRIu64 ",%" PRIu64 ".%03" PRIu64 ",%" PRIu64 ".%03" PRIu64 ",",
            *tag ? "Tag=" : "", tag, *tag ? "," : "", start_ms / 1000, start_ms % 1000, length_ms / 1000,
            length_ms % 1000, max_us / 1000, max_us % 1000);
    fwrite(text, 1, length_bytes, w->file);
    putc('\n', w->file);
}

int hlog_flush(struct hlog_writer *w, struct err *e)
{
    errno = 0;
    if (fflush(w->file) == 0)
        errno = kept_file_cause(w->kept);
    return errno ? err_errno(e, ERR_FAILED, "cannot write %s", w->path) : 0;
}

int hlog_close(struct hlog_writer *w, struct err *e)
{
    const int status = w->file ? files_close(w->file, w->path, e) : 0;
    free(w->path);
    hlog_encoder_free(w->encoder);
    *w = (struct hlog_writer){ 0 };
    return status;
}
