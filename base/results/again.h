/* Why a request was sent once more: how often it happened, by cause. With those sent for the first time they
 * are all that a server can have received. */
#ifndef BASE_AGAIN_H
#define BASE_AGAIN_H

#include <stdint.h>

enum again {
    AGAIN_UNPROCESSED, /* it was above the last stream of a GOAWAY */
    AGAIN_REFUSED,     /* by REFUSED_STREAM */
    AGAIN_IDLE,        /* its connection had answered others, and was closed before the first byte for it */
    AGAIN_TIMEOUT,     /* another request timed out and took the connection with it */
    AGAIN_BROKEN,      /* another request failed and took the connection with it */
    AGAIN_CLOSED,      /* pipelined behind an answer that closed the connection */
    N_AGAIN,
};

struct again_counts {
    uint64_t n[N_AGAIN];
};

/* "unprocessed", "refused", "idle", "timeout", "broken", "closed" */
const char *again_name(enum again cause);
void again_counts_merge(struct again_counts *into, const struct again_counts *from);
/* Raises what is below `known`, another account of the same. */
void again_counts_raise(struct again_counts *counts, const struct again_counts *known);
/* Of all causes. */
uint64_t again_counts_sum(const struct again_counts *counts);

#endif
