#include "muxes.h"

#include "mux_parts.h"

#include <stdlib.h>

static int init(struct muxes *muxes, struct shard *s)
{
    const struct plan_stream *stream = s->stream;
    const uint64_t n_users = division_n_connections(&s->division) * stream->in_flight_most;
    *muxes = (struct muxes){
        .shard = s,
        .kind = &http2_frames,
        .options = { .streams_most = stream->in_flight_most,
                     .window_bytes = plan_target_of(s->loop->plan, stream)->h2_window_bytes },
        .again = { .due_ns = UINT64_MAX, .on_due = mux_on_again },
    };
    if (stream->think_ns > 0 && think_queue_init(&muxes->thinking, (uint32_t)n_users))
        return -1;
    return muxes_init_constants(muxes);
}

struct muxes *muxes_new(struct shard *s)
{
    struct muxes *muxes = malloc(sizeof *muxes);
    if (!muxes)
        return NULL;
    if (init(muxes, s) == 0)
        return muxes;
    muxes_free(muxes);
    return NULL;
}

void muxes_free(struct muxes *muxes)
{
    if (!muxes)
        return;
    think_queue_fini(&muxes->thinking);
    muxes_free_constants(muxes);
    free(muxes);
}
