#include "buffers.h"

#include <stdlib.h>
#include <string.h>

const char buffers_full[] = "the bodies of a thread's answers under way are larger than 256 MiB";
const char buffers_too_long[] = "the body is longer than 'body_most'";

static unsigned bits_for(size_t n_bytes)
{
    unsigned bits = BUFFERS_SMALLEST_BITS;
    while (((size_t)1 << bits) < n_bytes)
        bits++;
    return bits;
}

static void *pop(struct buffers *pool, unsigned bits)
{
    struct buffers_link *link = pool->free[bits];
    if (link)
        pool->free[bits] = link->next;
    return link;
}

static void push(struct buffers *pool, unsigned bits, void *block)
{
    struct buffers_link *link = block;
    link->next = pool->free[bits];
    pool->free[bits] = link;
}

void buffers_fini(struct buffers *pool)
{
    for (unsigned bits = BUFFERS_SMALLEST_BITS; bits <= BUFFERS_LARGEST_BITS; bits++)
        for (void *block; (block = pop(pool, bits));) {
            free(block);
            pool->held_bytes -= (size_t)1 << bits;
        }
}

static bool has_room(const struct buffers *pool, size_t n_bytes)
{
    return n_bytes <= BUFFERS_BYTES_MOST - pool->held_bytes;
}

static void *take(struct buffers *pool, unsigned bits)
{
    const size_t n_bytes = (size_t)1 << bits;
    void *block = pop(pool, bits);
    if (block)
        return block;
    if (!has_room(pool, n_bytes))
        buffers_fini(pool);
    block = has_room(pool, n_bytes) ? malloc(n_bytes) : NULL;
    pool->held_bytes += block ? n_bytes : 0;
    return block;
}

bool buffer_reserve(struct buffers *pool, struct buffer *b, size_t n_more)
{
    const size_t n_bytes = b->n_bytes + n_more;
    if (n_bytes <= b->room_bytes)
        return true;
    const unsigned bits = n_bytes <= (size_t)1 << BUFFERS_LARGEST_BITS ? bits_for(n_bytes) : 0;
    char *block = bits ? take(pool, bits) : NULL;
    if (!block) {
        pool->n_refused++;
        return false;
    }
    if (b->bytes) {
        memcpy(block, b->bytes, b->n_bytes);
        push(pool, bits_for(b->room_bytes), b->bytes);
    }
    b->bytes = block;
    b->room_bytes = (size_t)1 << bits;
    return true;
}

bool buffer_append(struct buffers *pool, struct buffer *b, const char *at, size_t n_bytes)
{
    if (!buffer_reserve(pool, b, n_bytes))
        return false;
    memcpy(b->bytes + b->n_bytes, at, n_bytes);
    b->n_bytes += n_bytes;
    return true;
}

void buffer_release(struct buffers *pool, struct buffer *b)
{
    if (b->bytes)
        push(pool, bits_for(b->room_bytes), b->bytes);
    *b = (struct buffer){ 0 };
}
