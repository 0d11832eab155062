/* The HdrHistogram log, format version 1.3: lines `[Tag=<tag>,]<start_s>,<length_s>,<max_ms>,<histogram>`
 * behind a few lines of header. The writer serves a thread that writes some hundred histograms a second; the
 * reader goes line by line, so that a log of a day needs no more memory than one line, and decodes only what
 * the caller wants. Source: HdrHistogram's HistogramLogWriter and HistogramLogReader. */
#ifndef BASE_HLOG_H
#define BASE_HLOG_H

#include "hlog_codec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct err;
struct hist;
struct kept_file;

struct hlog_writer {
    FILE *file;                   /* owned; NULL when closed */
    struct kept_file *kept;       /* keeps what a full disk does not take */
    char *path;                   /* owned */
    struct hlog_encoder *encoder; /* owned */
};

/* Creates `path` and writes the header; line times count from start_realtime_ns. */
int hlog_create(struct hlog_writer *w, const char *path, uint64_t start_realtime_ns, struct err *e);
/* Writes a line unless the histogram is empty. `tag` has no comma, blank or line end; "" writes none. Times
 * are rounded to milliseconds. Allocates nothing. Never fails: hlog_flush and hlog_close report what the file
 * lacks. */
void hlog_write(struct hlog_writer *w, const char *tag, uint64_t start_ns, uint64_t length_ns,
                const struct hist *h);
/* Flushes, so that a reader, or a crash, finds whole lines. -1 while some of it cannot be written: each flush
 * and the close try again. */
int hlog_flush(struct hlog_writer *w, struct err *e);
/* Closes; -1 when some of it is not in the file. Harmless on a zeroed or closed writer. */
int hlog_close(struct hlog_writer *w, struct err *e);

struct hlog_line {
    const char *tag; /* "" when there is none; borrowed until the next hlog_next */
    uint64_t start_ns, length_ns;
};

struct hlog_reader {
    uint64_t start_realtime_ns; /* of the StartTime line; 0 without one */
    uint64_t line_number;
    uint64_t end_ns; /* set by the caller: the lines from this start on are left out, and so is one that was
                        cut short; 0: none is */
    bool truncated;  /* after hlog_next gave 0: the last line was cut short, as when the writer was killed */
    /* private */
    FILE *file;
    char *path;
    uint64_t line_bytes, end_bytes; /* where the current line begins and ends in the file */
    char *text;                     /* the current line */
    size_t text_bytes;
    size_t length_bytes;
    bool is_terminated; /* the current line has a line end */
    bool is_pending;    /* hlog_open read one line too many */
    const char *packed; /* the histogram within the line */
    size_t packed_bytes;
    struct hlog_decoder *decoder;
};

/* Opens `path` and reads the header. -1 when it is not such a log. */
int hlog_open(struct hlog_reader *r, const char *path, struct err *e);
/* Goes to the next line: 1 there is one, 0 the end (see `truncated`), -1 broken; the sentence names file and
 * line. */
int hlog_next(struct hlog_reader *r, struct hlog_line *line, struct err *e);
/* Adds the current line's histogram to `into`. -1 when it is broken or has another layout than ours; then
 * `into` may hold a part of it. */
int hlog_decode(struct hlog_reader *r, struct hist *into, struct err *e);
/* Where a line begins; a zeroed one is the beginning of the log. */
struct hlog_place {
    uint64_t bytes, line_number;
};
/* Closes the file but keeps the reader's memory, for hlog_resume; returns the place of the current line. */
struct hlog_place hlog_pause(struct hlog_reader *r);
/* Opens `path` at that place, which hlog_next reads next. The reader is zeroed, or paused on any log. */
int hlog_resume(struct hlog_reader *r, const char *path, struct hlog_place place, struct err *e);
/* Harmless on a zeroed or closed reader. */
void hlog_reader_fini(struct hlog_reader *r);

#endif
