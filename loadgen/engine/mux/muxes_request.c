#include "mux_parts.h"

#include "request.h"

#include <stdlib.h>
#include <string.h>

static int read_constant(struct muxes *muxes, struct muxes_constant *constant,
                         const struct plan_request *request)
{
    const struct plan_piece *piece = &request->pieces[0];
    struct http2_request *r = &constant->request;
    if (!(constant->bytes = malloc(piece->length_bytes)))
        return -1;
    memcpy(constant->bytes, piece->text, piece->length_bytes);
    if (http2_message_read(&muxes->message, constant->bytes, piece->length_bytes,
                           muxes->shard->route->target->tls, r) ||
        !(constant->fields = malloc(r->n_fields * sizeof *r->fields)))
        return -1;
    memcpy(constant->fields, r->fields, r->n_fields * sizeof *r->fields);
    r->fields = constant->fields;
    r->is_lasting = true;
    return 0;
}

int muxes_init_constants(struct muxes *muxes)
{
    const struct plan_stream *stream = muxes->shard->stream;
    if (stream->session || stream->n_requests == 0)
        return 0;
    if (!(muxes->constants = calloc(stream->n_requests, sizeof *muxes->constants)))
        return -1;
    for (size_t i = 0; i < stream->n_requests; i++)
        if (!request_is_rendered(&stream->requests[i]) &&
            read_constant(muxes, &muxes->constants[i], &stream->requests[i]))
            return -1;
    return 0;
}

void muxes_free_constants(struct muxes *muxes)
{
    for (size_t i = 0; muxes->constants && i < muxes->shard->stream->n_requests; i++) {
        free(muxes->constants[i].fields);
        free(muxes->constants[i].bytes);
    }
    free(muxes->constants);
}

/* The message of a request that differs each time, in memory that may be changed. */
static char *message_of(struct conn *c, const struct flight *f, size_t *length)
{
    const struct shard *s = c->shard;
    const char *bytes = exchange_request(&c->room, s->loop->plan, s->stream, f->request, f->seq, length);
    if (bytes != c->room.bytes && exchange_keep(&c->room, bytes, *length))
        return NULL;
    return c->room.bytes;
}

const struct http2_request *muxes_request(struct muxes *muxes, struct conn *c, struct mux_slot *slot,
                                          struct http2_request *rendered)
{
    const struct plan_request *request = slot->flight.request;
    const size_t i = (size_t)(request - muxes->shard->stream->requests);
    if (muxes->constants && i < muxes->shard->stream->n_requests && muxes->constants[i].fields)
        return &muxes->constants[i].request;
    size_t length;
    char *message = message_of(c, &slot->flight, &length);
    const bool is_tls = muxes->shard->route->target->tls;
    return message && http2_message_read(&muxes->message, message, length, is_tls, rendered) == 0 ? rendered
                                                                                                  : NULL;
}
