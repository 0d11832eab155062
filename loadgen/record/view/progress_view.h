/* The text of the live display: from numbers to lines, without a terminal. */
#ifndef RECORD_PROGRESS_VIEW_H
#define RECORD_PROGRESS_VIEW_H

#include "attempts.h"
#include "http2_counts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PROGRESS_PHASE_BYTES = 48 };

struct progress_stream {
    const char *name;
    double fraction;                  /* done, 0 to 1 */
    uint64_t n_done, n_total;         /* n_total 0: the stream runs for a time */
    bool has_passes;                  /* n_total counts passes of sessions, */
    uint64_t n_passes;                /* of which so many are done; n_done counts requests */
    char phase[PROGRESS_PHASE_BYTES]; /* such as "pause 41 s", or "" */
    double good_per_s;                /* in the last second; of a stream that is over, of all of it */
    struct attempt_time p50, p99;     /* of all attempts in the last second that had any */
    uint64_t n_failed;
};

struct progress_view {
    const char *name, *url;
    const char *protocol; /* "HTTP/2", "HTTP/1.1 and HTTP/2"; NULL: HTTP/1.1 */
    const char *place;    /* "local: 4 x m4.large, 5 x t2.large (emulated)"; "" */
    const struct progress_stream *streams;
    size_t n_streams;
    struct progress_stream sum;  /* of all streams: for plain lines, and streams beyond the height */
    uint64_t elapsed_s, total_s; /* total_s 0: unknown */
    bool is_estimate;            /* total_s rests on the rate so far */
    double cpu_pct;              /* of one CPU, all threads together */
    bool has_lag;
    uint64_t lag_p99_ns;
    const char *generators;    /* in place of the three above, of several generators; NULL: there is one */
    struct http2_counts http2; /* of all HTTP/2 streams so far */
    uint64_t n_http2_again;    /* their requests that were sent again, whatever the cause */
    const char *trouble;       /* why results are being lost; NULL: none are */
};

/* Writes the display, at most `height` lines of at most `width` characters; returns the number of lines. If
 * the streams do not fit, the last line sums them up. */
int progress_view_block(const struct progress_view *v, int width, int height, bool has_colour, FILE *out);
/* Writes the run in one line. */
void progress_view_line(const struct progress_view *v, FILE *out);

#endif
