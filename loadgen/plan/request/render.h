/* Pieces become bytes: the values that one message is made from, and the room in which it is made. Everything
 * but {now} follows from the plan's seed and from numbers, so that a run can be repeated. Hot path. */
#ifndef PLAN_RENDER_H
#define PLAN_RENDER_H

#include "plan.h"
#include "random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A variable of a session: bytes of `render_source.values`. */
struct render_variable {
    uint32_t at, n_bytes; /* `at` is RENDER_UNSET while it has no value */
};
#define RENDER_UNSET UINT32_MAX

/* Where the values come from; all is borrowed. */
struct render_source {
    const struct plan *plan;
    const struct plan_stream *stream;
    uint64_t counter;     /* {counter} */
    uint64_t user;        /* {user} */
    const uint32_t *rows; /* of stream->feeds; NULL: that of `walk` */
    uint64_t walk;
    const struct render_variable *variables; /* NULL: there are none */
    const char *values;
    uint64_t draw_seed, draw_number; /* of {random} and {uuid} */
    bool has_drawn;                  /* `random` has begun */
    struct random random;
};

/* Bytes that grow; zeroed is empty. */
struct render_room {
    char *bytes; /* owned by who made it */
    size_t n_bytes;
    bool is_fixed; /* it is large enough whatever the values */
};

/* Whether there is room for n bytes; makes it. */
bool render_reserve(struct render_room *room, size_t n_bytes);
/* Appends the pieces at `*used`, which then stands behind them. Returns NULL, or why the message cannot be
 * sent, a constant string. */
const char *render_pieces(struct render_source *source, const struct plan_piece *pieces, size_t n_pieces,
                          struct render_room *room, size_t *used);
/* The whole message from the room's beginning, with its Content-Length. */
const char *render_message(struct render_source *source, const struct plan_request *request,
                           struct render_room *room, size_t *length);
/* The most bytes that a piece takes in a stream without a session. It is one of a list. */
size_t render_bytes_most(const struct plan_piece *piece, const struct plan_stream *stream);

#endif
