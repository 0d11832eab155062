/* What an instance answers to a request: which page, and which misbehaviour the query string or chance asks
 * for. Works on text and knows nothing of sockets. */
#ifndef PROVISION_REPLY_H
#define PROVISION_REPLY_H

#include "random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reply_page {
    REPLY_HEALTHY,    /* "/" */
    REPLY_RESPONDING, /* the cluster's path, or below it */
    REPLY_NOT_FOUND,
    REPLY_BAD_QUERY, /* a parameter with an invalid value: 400, so that no test measures a typing error */
};

/* How the response and its connection end. */
enum reply_end {
    REPLY_KEEP,    /* as HTTP has it */
    REPLY_CLOSE,   /* "Connection: close", then closed */
    REPLY_DROP,    /* closed after the answer without "Connection: close" */
    REPLY_PARTIAL, /* closed after half of the body */
    REPLY_RESET,   /* reset instead of an answer */
    REPLY_BROKEN,  /* bytes that are not HTTP, then closed */
};

struct reply {
    enum reply_page page;
    enum reply_end end;
    unsigned status;
    bool chunked;
    bool length_given; /* the body has `length_bytes`, cut or filled up */
    uint64_t length_bytes;
    uint64_t delay_ns; /* before the first byte, without using a vCPU */
    uint64_t stall_ns; /* after half of the body */
    uint64_t work_ns;  /* of vCPU time, on top of the service time */
    uint64_t spin_ns;  /* real CPU time burned */
};

/* The answer to a request target such as "/cluster1/x?status=503&delay_ms=10" for an instance whose path is
 * `path`. */
struct reply reply_choose(const char *path, const char *target, size_t length);

/* Misbehaviour by chance or by count, from the command line. Deterministic: the same seed and the same order
 * of requests give the same faults. */
struct reply_faults {
    double fail_ratio;  /* of answers: status 503 instead */
    double reset_ratio; /* reset instead of an answer */
    double drop_ratio;  /* connection closed after the answer without "Connection: close" */
    double stall_ratio; /* a pause of `stall_ns` after half of the body */
    uint64_t stall_ns;
    uint64_t close_every; /* every Nth answer of a connection closes it with "Connection: close"; 0: never */
};

/* Applies the faults to the answer, which is number `n_on_connection` (from 1) on its connection. Never
 * touches the health check's page. */
void reply_apply_faults(struct reply *answer, const struct reply_faults *faults, struct random *random,
                        uint64_t n_on_connection);

/* The query parameters, for --help. */
extern const char reply_help[];

#endif
