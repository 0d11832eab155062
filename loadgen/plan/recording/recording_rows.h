/* Memory for recorded requests from when they are read until they have ended: blocks that are filled in
 * order, and used again once all their requests have ended. So memory follows the requests that wait or are
 * in flight, not the file. For one thread. */
#ifndef PLAN_RECORDING_ROWS_H
#define PLAN_RECORDING_ROWS_H

#include "plan.h"

#include <stddef.h>
#include <stdint.h>

struct recording;
struct recording_block;
struct recording_line;
struct recording_part;

/* A recorded request, ready to send. `request` is first, so that a flight's request leads to it. */
struct recording_row {
    struct plan_request request; /* its only piece is `piece` */
    struct plan_piece piece;
    struct recording_block *block;
    uint64_t took_ns; /* when it was recorded; RECORDING_UNKNOWN */
    uint32_t row;     /* of the stream */
    char text[];      /* the method, then the message */
};

/* All zero at first. */
struct recording_rows {
    struct recording_block *filling; /* takes the next request */
    struct recording_block *spare;   /* used again */
    uint32_t n_spare;
};

/* Makes the request of a line; NULL when memory is short. */
struct recording_row *recording_rows_add(struct recording_rows *rows, const struct recording *recording,
                                         const struct recording_part *part,
                                         const struct recording_line *line);
/* The request has ended. */
void recording_rows_release(struct recording_rows *rows, struct recording_row *row);
/* Frees all but blocks whose requests have not ended. */
void recording_rows_fini(struct recording_rows *rows);

static inline struct recording_row *recording_rows_of(const struct plan_request *request)
{
    return (struct recording_row *)(void *)(uintptr_t)request;
}

#endif
