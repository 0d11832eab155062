#include "arena.h"

#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 64 * 1024, ALIGNMENT = _Alignof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *before;
    size_t used, capacity;
    _Alignas(max_align_t) char bytes[];
};

void arena_fini(struct arena *a)
{
    while (a->newest) {
        struct arena_chunk *before = a->newest->before;
        free(a->newest);
        a->newest = before;
    }
}

void *arena_take(struct arena *a, size_t bytes, struct err *e)
{
    const size_t wanted = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_chunk *chunk = a->newest;
    if (!chunk || chunk->capacity - chunk->used < wanted) {
        const size_t capacity = wanted > CHUNK_BYTES ? wanted : CHUNK_BYTES;
        chunk = calloc(1, sizeof *chunk + capacity);
        if (!chunk) {
            plan_out_of_memory(e);
            return NULL;
        }
        chunk->capacity = capacity;
        chunk->before = a->newest;
        a->newest = chunk;
    }
    void *taken = chunk->bytes + chunk->used;
    chunk->used += wanted;
    return taken;
}

char *arena_copy(struct arena *a, const char *text, size_t length_bytes, struct err *e)
{
    char *copy = arena_take(a, length_bytes + 1, e);
    if (copy && length_bytes > 0)
        memcpy(copy, text, length_bytes);
    return copy;
}

char *arena_text(struct arena *a, const char *text, struct err *e)
{
    return arena_copy(a, text, strlen(text), e);
}

char *arena_format(struct arena *a, struct err *e, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : arena_take(a, (size_t)length + 1, e);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

/* The capacity is the smallest power of two that is at least n, from 4. */
void *arena_more(struct arena *a, void *items, size_t n, size_t item_bytes, struct err *e)
{
    void **array = items;
    const bool is_full = n == 0 || (n >= 4 && (n & (n - 1)) == 0);
    if (is_full) {
        char *larger = arena_take(a, (n < 4 ? 4 : 2 * n) * item_bytes, e);
        if (!larger)
            return NULL;
        if (n > 0)
            memcpy(larger, *array, n * item_bytes);
        *array = larger;
    }
    return (char *)*array + n * item_bytes;
}
