/* One request of an access log, whatever the log's form. Its texts are in a buffer that the caller of the
 * parser owns and reuses from line to line. */
#ifndef IMPORT_LOG_ENTRY_H
#define IMPORT_LOG_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOG_LINE_BYTES_MOST = 64 * 1024,
    LOG_ENTRY_BYTES_MOST = 24 * 1024, /* of its texts: a line of recorded requests must hold them, quoted */
};

#define LOG_UNKNOWN UINT64_MAX

struct log_entry {
    uint64_t due_ns;  /* since the epoch: when the request came, as well as the log knows it */
    uint64_t took_ns; /* what the log says that it took; LOG_UNKNOWN */
    unsigned status;  /* 0: unknown */
    bool is_http2;
    /* NUL-terminated; "" where there is none. */
    const char *method;
    const char *path;   /* with its query, ready for a request line */
    const char *origin; /* "https://HOST:PORT" as it stands there */
    const char *agent;
    const char *referer;
};

/* Why a line is left out. */
enum log_skip {
    LOG_TAKEN,
    LOG_NO_REQUEST, /* the server answered before there was a request, or to bytes that are none */
    LOG_NOT_HTTP,   /* websockets, gRPC */
    LOG_BROKEN,     /* not a line of this kind of log */
    LOG_TOO_LONG,
    LOG_OTHER_METHOD, /* its body is not in the log */
    N_LOG_SKIPS
};

/* Room for the texts of an entry; a path may grow threefold when it is encoded. */
struct log_room {
    char *bytes;
    size_t used, n_bytes;
};
enum { LOG_ROOM_BYTES = 4 * LOG_LINE_BYTES_MOST + 1024 };

/* Parsers of one line without its end. */
typedef enum log_skip log_parse_fn(struct log_entry *out, struct log_room *room, const char *line,
                                   size_t length_bytes);

#endif
