/* What one user knows: the values of its variables, its feed rows, and the requests that are made of them.
 * Values are bytes in one block per user, which grows while they do and is then used again. Hot path. */
#ifndef ENGINE_VALUES_H
#define ENGINE_VALUES_H

#include "lend.h"
#include "render.h"
#include "session.h"

#include <stddef.h>
#include <stdint.h>

/* What all users on a thread share, whatever their stream: a row that is lent by one stream is lent for all.
 */
struct values_shared {
    const struct plan *plan;    /* borrowed */
    struct lend *lends;         /* [plan->n_feeds], owned; used for those that lend */
    struct render_room request; /* the message rendered last */
    struct render_room text;    /* the text rendered last */
    struct render_room cookies; /* the Cookie field rendered last */
};

/* One user, followed by its variables and its rows: values_bytes(). */
struct values {
    char *bytes; /* owned */
    uint32_t n_bytes, room_bytes;
    uint64_t user, pass; /* numbers within the stream */
    struct render_variable variables[];
};

/* Whether there is a feed row for a session. */
enum values_taken {
    VALUES_TAKEN,
    VALUES_WAIT, /* all rows of a feed are lent: ask again when a session of this thread has ended */
    VALUES_STOP, /* a feed has come to its end, and the phase with it */
    VALUES_FAIL, /* a feed has come to its end, and the run with it */
};

/* `thread`: of this generator, from 0. -1 when memory is short. values_shared_fini accepts a zeroed one. */
int values_shared_init(struct values_shared *shared, const struct plan *plan, uint32_t thread);
void values_shared_fini(struct values_shared *shared);

/* Size of a user of this stream; aligned as a pointer is. */
size_t values_bytes(const struct plan_stream *stream);
/* No variable is set, no row taken. `v` has values_bytes. */
void values_init(struct values *v, const struct plan_stream *stream);
/* Frees what it owns, not `v`. */
void values_fini(struct values *v);

/* It becomes user number `user`, with its rows of the feeds that are taken per user. Unless TAKEN it has
 * none, and may ask again. */
enum values_taken values_begin_user(struct values *v, const struct plan_stream *stream,
                                    struct values_shared *shared, uint64_t user);
/* The same for pass number `pass`. */
enum values_taken values_begin_pass(struct values *v, const struct plan_stream *stream,
                                    struct values_shared *shared, uint64_t pass);
/* Gives back the rows of the pass, and forgets the variables that end with it. May be called twice. */
void values_end_pass(struct values *v, const struct plan_stream *stream, struct values_shared *shared);
/* The same for everything that the user has. Keeps the memory. */
void values_end_user(struct values *v, const struct plan_stream *stream, struct values_shared *shared);
/* The feed that had no row, for sentences, after values_begin_... was not TAKEN. */
const struct plan_feed *values_ended_feed(const struct values *v, const struct plan_stream *stream,
                                          const struct values_shared *shared, enum plan_take take);

/* Sets a variable; the bytes are copied, and are not the user's own. NULL when done; else why not, a constant
 * string, with the variable as it was. */
const char *values_set(struct values *v, const struct plan_stream *stream, uint32_t variable,
                       const char *bytes, size_t n_bytes);
/* NULL: it is not set. Borrowed until the next values_set or values_end_... */
const char *values_get(const struct values *v, uint32_t variable, size_t *n_bytes);

/* Renders the step's request into shared->request, whose bytes are valid until the next call. `repeat` tells
 * the draws of its {random} and {uuid} from those of the same step in the same pass. NULL when done; else why
 * it cannot be sent, a constant string. */
const char *values_request(const struct values *v, const struct plan_stream *stream,
                           struct values_shared *shared, uint32_t step, uint32_t repeat, size_t *length);
/* Makes a gap of n bytes for header lines behind the request line of a message in shared->request, and moves
 * `*length`. NULL when memory is short. */
char *values_make_gap(struct values_shared *shared, size_t *length, size_t n_bytes);
/* Renders a text into shared->text, valid until the next call. NULL when it cannot be made. */
const char *values_text(const struct values *v, const struct plan_stream *stream,
                        struct values_shared *shared, const struct plan_piece *pieces, size_t n_pieces,
                        size_t *length);

#endif
