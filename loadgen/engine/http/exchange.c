#include "exchange.h"

#include <stdlib.h>
#include <string.h>

int exchange_reserve(struct exchange_room *room, const struct plan_stream *stream)
{
    size_t most = 0;
    for (size_t i = 0; i < stream->n_requests; i++)
        if (request_is_rendered(&stream->requests[i]) && stream->requests[i].bytes_most > most)
            most = stream->requests[i].bytes_most;
    if (most <= room->n_bytes)
        return 0;
    room->bytes = malloc(most);
    room->n_bytes = room->bytes ? most : 0;
    return room->bytes ? 0 : -1;
}

int exchange_keep(struct exchange_room *room, const char *bytes, size_t n_bytes)
{
    if (n_bytes > room->n_bytes) {
        char *grown = realloc(room->bytes, n_bytes);
        if (!grown)
            return -1;
        *room = (struct exchange_room){ .bytes = grown, .n_bytes = n_bytes };
    }
    memcpy(room->bytes, bytes, n_bytes);
    return 0;
}

void exchange_release(struct exchange_room *room)
{
    free(room->bytes);
    *room = (struct exchange_room){ 0 };
}
