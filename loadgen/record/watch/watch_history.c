#include "watch_history.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void drop(struct watch_history *h, size_t i)
{
    h->bytes -= h->events[i].length;
    free(h->events[i].text);
    h->n--;
    memmove(&h->events[i], &h->events[i + 1], (h->n - i) * sizeof *h->events);
}

/* The oldest second, or else the oldest of all but the newest. */
static void drop_oldest(struct watch_history *h)
{
    for (size_t i = 0; i + 1 < h->n; i++)
        if (h->events[i].is_second) {
            drop(h, i);
            return;
        }
    drop(h, 0);
}

void watch_history_begin(struct watch_history *h)
{
    for (size_t i = h->n; i-- > 0;)
        if (h->events[i].is_second)
            drop(h, i);
}

static int make_room(struct watch_history *h)
{
    if (h->n < h->n_most)
        return 0;
    const size_t n_most = h->n_most ? 2 * h->n_most : 64;
    struct watch_event *events = realloc(h->events, n_most * sizeof *events);
    if (!events)
        return -1;
    h->events = events;
    h->n_most = n_most;
    return 0;
}

const struct watch_event *watch_history_add(struct watch_history *h, const char *event, const char *data)
{
    static const char form[] = "id: %016" PRIx64 "-%" PRIu64 "\nevent: %s\ndata: %s\n\n";
    const size_t bytes = sizeof form + 64 + strlen(event) + strlen(data);
    if (make_room(h))
        return NULL;
    char *text = malloc(bytes);
    if (!text)
        return NULL;
    const int length = snprintf(text, bytes, form, h->epoch, ++h->last, event, data);
    h->events[h->n++] = (struct watch_event){
        .number = h->last, .text = text, .length = (size_t)length, .is_second = strcmp(event, "second") == 0
    };
    h->bytes += (size_t)length;
    while (h->bytes > WATCH_HISTORY_BYTES_MOST && h->n > 1)
        drop_oldest(h);
    return &h->events[h->n - 1];
}

/* The number in an id of ours; 0 for any other. */
static uint64_t number_of(const struct watch_history *h, const char *id)
{
    char *end;
    const uint64_t epoch = strtoull(id, &end, 16);
    if (*end != '-' || epoch != h->epoch || end[1] < '0' || end[1] > '9')
        return 0;
    const uint64_t number = strtoull(end + 1, &end, 10);
    return *end || number > h->last ? 0 : number;
}

void watch_history_write(const struct watch_history *h, const char *last_id, FILE *out)
{
    const uint64_t seen = number_of(h, last_id);
    for (size_t i = 0; i < h->n; i++)
        if (h->events[i].number > seen)
            fwrite(h->events[i].text, 1, h->events[i].length, out);
}

void watch_history_fini(struct watch_history *h)
{
    while (h->n > 0)
        drop(h, h->n - 1);
    free(h->events);
    *h = (struct watch_history){ 0 };
}
