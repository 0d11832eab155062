#include "due_heap.h"

#include <stdlib.h>
#include <string.h>

int due_heap_init(struct due_heap *h, uint32_t n_items)
{
    const size_t n = n_items > 0 ? n_items : 1;
    *h = (struct due_heap){ .entries = malloc(n * sizeof *h->entries),
                            .places = malloc(n * sizeof *h->places) };
    if (!h->entries || !h->places) {
        due_heap_fini(h);
        return -1;
    }
    memset(h->places, 0xff, n * sizeof *h->places);
    return 0;
}

void due_heap_fini(struct due_heap *h)
{
    free(h->entries);
    free(h->places);
    *h = (struct due_heap){ .entries = NULL };
}

static bool is_earlier(const struct due_heap_entry *a, const struct due_heap_entry *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->item < b->item;
}

static void set(struct due_heap *h, uint32_t place, struct due_heap_entry entry)
{
    h->entries[place] = entry;
    h->places[entry.item] = place;
}

/* Finds the entry's place from the free one at `place`, towards the top or the bottom, and puts it there. */
static void settle(struct due_heap *h, uint32_t place, struct due_heap_entry entry)
{
    for (uint32_t up; place > 0 && is_earlier(&entry, &h->entries[up = (place - 1) / 2]); place = up)
        set(h, place, h->entries[up]);
    for (uint32_t down; (down = 2 * place + 1) < h->n; place = down) {
        if (down + 1 < h->n && is_earlier(&h->entries[down + 1], &h->entries[down]))
            down++;
        if (!is_earlier(&h->entries[down], &entry))
            break;
        set(h, place, h->entries[down]);
    }
    set(h, place, entry);
}

void due_heap_put(struct due_heap *h, uint32_t item, uint64_t due_ns)
{
    const uint32_t place = due_heap_has(h, item) ? h->places[item] : h->n++;
    settle(h, place, (struct due_heap_entry){ due_ns, item });
}

void due_heap_remove(struct due_heap *h, uint32_t item)
{
    const uint32_t place = h->places[item];
    if (place == UINT32_MAX)
        return;
    h->places[item] = UINT32_MAX;
    h->n--;
    if (place < h->n)
        settle(h, place, h->entries[h->n]);
}

uint32_t due_heap_take(struct due_heap *h)
{
    const uint32_t item = h->entries[0].item;
    due_heap_remove(h, item);
    return item;
}
