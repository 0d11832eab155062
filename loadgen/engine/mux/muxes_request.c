#include "mux_parts.h"

#include "http2_prepared.h"
#include "request.h"

#include <stdlib.h>
#include <string.h>

/* Its fields, which point into a copy of its bytes. */
static int read_constant(struct muxes *muxes, size_t i)
{
    struct muxes_constants *all = &muxes->constants;
    const struct plan_piece *piece = &muxes->shard->stream->requests[i].pieces[0];
    struct http2_request *r = &all->requests[i];
    if (!(all->bytes[i] = malloc(piece->length_bytes)))
        return -1;
    memcpy(all->bytes[i], piece->text, piece->length_bytes);
    if (http2_message_read(&muxes->message, all->bytes[i], piece->length_bytes,
                           muxes->shard->route->target->tls, r) ||
        !(all->fields[i] = malloc(r->n_fields * sizeof *r->fields)))
        return -1;
    memcpy(all->fields[i], r->fields, r->n_fields * sizeof *r->fields);
    r->fields = all->fields[i];
    r->is_lasting = true;
    return 0;
}

int muxes_init_constants(struct muxes *muxes)
{
    const struct plan_stream *stream = muxes->shard->stream;
    struct muxes_constants *all = &muxes->constants;
    const size_t n = stream->session ? 0 : stream->n_requests;
    if (n == 0)
        return 0;
    all->requests = calloc(n, sizeof *all->requests);
    all->fields = calloc(n, sizeof *all->fields);
    all->bytes = calloc(n, sizeof *all->bytes);
    if (!all->requests || !all->fields || !all->bytes)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (!request_is_rendered(&stream->requests[i]) && read_constant(muxes, i))
            return -1;
    if (!(all->prepared = http2_prepare(all->requests, n)))
        return -1;
    for (size_t i = 0; i < n; i++)
        all->requests[i].prepared = &all->prepared[i];
    return 0;
}

void muxes_free_constants(struct muxes *muxes)
{
    struct muxes_constants *all = &muxes->constants;
    const size_t n = muxes->shard->stream->n_requests;
    http2_prepared_free(all->prepared, n);
    for (size_t i = 0; i < n; i++) {
        if (all->fields)
            free(all->fields[i]);
        if (all->bytes)
            free(all->bytes[i]);
    }
    free(all->requests);
    free(all->fields);
    free(all->bytes);
}

/* The message of a request that differs each time, in memory that may be changed. */
static char *message_of(struct conn *c, struct mux_slot *slot, size_t *length)
{
    const struct shard *s = c->shard;
    if (s->users)
        return user_request(c, &slot->stream.exchange, length);
    const struct flight *f = &slot->flight;
    const char *bytes = exchange_request(&c->room, s->loop->plan, s->stream, f->request, f->seq, length);
    if (bytes != c->room.bytes && exchange_keep(&c->room, bytes, *length))
        return NULL;
    return c->room.bytes;
}

const struct http2_request *muxes_request(struct muxes *muxes, struct conn *c, struct mux_slot *slot,
                                          struct http2_request *rendered)
{
    const struct plan_stream *stream = muxes->shard->stream;
    const struct muxes_constants *all = &muxes->constants;
    if (all->fields) {
        const size_t i = (size_t)(slot->flight.request - stream->requests);
        if (i < stream->n_requests && all->fields[i])
            return &all->requests[i];
    }
    size_t length;
    char *message = message_of(c, slot, &length);
    const bool is_tls = muxes->shard->route->target->tls;
    return message && http2_message_read(&muxes->message, message, length, is_tls, rendered) == 0 ? rendered
                                                                                                  : NULL;
}
