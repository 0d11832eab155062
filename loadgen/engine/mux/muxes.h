/* What the HTTP/2 connections of a shard share. */
#ifndef ENGINE_MUXES_H
#define ENGINE_MUXES_H

#include "http2.h"
#include "http2_message.h"
#include "loop.h"
#include "think_queue.h"

struct conn;
struct mux;
struct mux_slot;
struct shard;

/* The requests of a stream whose bytes never differ, as fields and as header blocks. Each array has the
 * stream's n_requests; those of other requests are empty. All owned. */
struct muxes_constants {
    struct http2_request *requests;
    struct http2_field **fields;
    char **bytes;
    struct http2_prepared *prepared;
};

struct muxes {
    struct shard *shard;
    const struct http2_kind *kind;
    struct http2_options options;
    struct muxes_constants constants;
    struct http2_message message; /* the request rendered last */
    struct loop_timer again;      /* when the first of the refused requests is sent again */
    struct mux *refused_first;    /* connections with refused requests */
    uint64_t n_open;              /* requests open on all connections */
    struct think_queue thinking;  /* users, with `think` */
};

/* For a shard of a stream over HTTP/2. NULL when memory is short. */
struct muxes *muxes_new(struct shard *s);
/* Accepts NULL. */
void muxes_free(struct muxes *muxes);

static inline struct muxes *muxes_of(struct loop_timer *timer)
{
    return (struct muxes *)(void *)((char *)timer - offsetof(struct muxes, again));
}

/* muxes_request.c. -1 when memory is short; muxes_free_constants accepts what is left. */
int muxes_init_constants(struct muxes *muxes);
void muxes_free_constants(struct muxes *muxes);
/* The request of a slot, as fields; `*rendered` has room for those that differ each time. Valid until the
 * next call. NULL when memory is short. */
const struct http2_request *muxes_request(struct muxes *muxes, struct conn *c, struct mux_slot *slot,
                                          struct http2_request *rendered);

#endif
