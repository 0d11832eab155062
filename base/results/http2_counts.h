/* What a stream counts of HTTP/2 beside its requests, in a second or in a run. */
#ifndef BASE_HTTP2_COUNTS_H
#define BASE_HTTP2_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    HTTP2_COUNTS_TEXT_BYTES = 160,
    HTTP2_N_RESETS = 15,       /* the error codes of RFC 9113 section 7; the last: any other */
    HTTP2_RESET_TOO_BUSY = 11, /* ENHANCE_YOUR_CALM */
};

/* Counters add up; the limits are the least and the greatest that was seen. */
struct http2_counts {
    uint64_t n_goaways;                /* connections that the peer ended */
    uint64_t n_goaway_errors;          /* of these: with another code than NO_ERROR */
    uint64_t n_unprocessed;            /* requests above the last stream of a GOAWAY, sent again */
    uint64_t n_refused;                /* REFUSED_STREAM, sent again */
    uint64_t n_cancels;                /* streams that we cancelled at their time-out */
    uint64_t n_resets[HTTP2_N_RESETS]; /* other RST_STREAM frames, by code */
    uint64_t
        n_ended_by_count;   /* connections that we closed after requests_per_connection, of more than one */
    uint64_t blocked_ns;    /* time of connections with a request body held up by a window, summed */
    uint32_t goaway_error;  /* the code of the last GOAWAY with an error; 0: none */
    bool has_limits;        /* the peer has said how many streams it allows */
    uint32_t n_peer_least;  /* on a connection; 0: none */
    uint32_t n_peer_most;   /* the greatest; UINT32_MAX: no limit */
    uint32_t n_open_most;   /* most streams open at once on a connection */
    uint64_t n_in_use_most; /* most requests open at once on all connections of a thread; threads add up */
};

/* Adds what happened at the same time, in another thread or stream. */
void http2_counts_merge(struct http2_counts *into, const struct http2_counts *from);
/* Adds a later time: of the most in use the larger counts. */
void http2_counts_follow(struct http2_counts *into, const struct http2_counts *later);

/* A peer allows so many streams on a connection. */
void http2_counts_note_limit(struct http2_counts *counts, uint32_t n_allowed);

/* Raises what is below `known`, another account of the same. */
void http2_counts_raise(struct http2_counts *counts, const struct http2_counts *known);

/* RST_STREAM frames other than REFUSED_STREAM, with any code. */
uint64_t http2_counts_resets(const struct http2_counts *counts);

/* What happened to connections, requests and streams, in a foot of 80 columns: "3 GOAWAY, 29 sent again, 4
 * reset, 2 cancelled"; "" when nothing did. Requests are sent again for other reasons, too, so their number
 * is the caller's. Returns `out`. */
const char *http2_counts_text(const struct http2_counts *counts, uint64_t n_again,
                              char out[static HTTP2_COUNTS_TEXT_BYTES]);

/* Seconds as files have them; 0 for what cannot be such a time. */
uint64_t http2_counts_held_up_ns(double held_up_s);

/* "NO_ERROR", "PROTOCOL_ERROR", ...; "other". */
const char *http2_counts_code_name(uint32_t code);
/* The code of that name; HTTP2_N_RESETS: there is none. */
uint32_t http2_counts_code_find(const char *name);

#endif
