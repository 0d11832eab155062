#include "pack.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_FIRST = 256 };

void pack_fini(struct pack *p)
{
    free(p->bytes);
    *p = (struct pack){ 0 };
}

bool pack_reserve(struct pack *p, size_t n)
{
    size_t most = p->most > 0 ? p->most : BYTES_FIRST;
    if (p->most - p->n >= n)
        return true;
    while (most - p->n < n)
        most *= 2;
    uint8_t *larger = realloc(p->bytes, most);
    if (!larger) {
        p->is_short = true;
        return false;
    }
    p->bytes = larger;
    p->most = most;
    return true;
}

void pack_bytes(struct pack *p, const void *bytes, size_t n)
{
    if (n == 0 || !pack_reserve(p, n))
        return;
    memcpy(p->bytes + p->n, bytes, n);
    p->n += n;
}

void pack_counted(struct pack *p, const void *bytes, size_t n)
{
    pack_number(p, n);
    pack_bytes(p, bytes, n);
}

void pack_text(struct pack *p, const char *text)
{
    pack_counted(p, text, strlen(text));
}

static uint64_t bad(struct unpack *u)
{
    u->at = u->end;
    u->is_bad = true;
    return 0;
}

uint64_t unpack_number_slow(struct unpack *u)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (u->at == u->end)
            return bad(u);
        const uint8_t byte = *u->at++;
        const uint64_t bits = byte & 0x7fu;
        if (bits << shift >> shift != bits)
            return bad(u);
        number |= bits << shift;
        if (byte < 0x80)
            return number;
    }
    return bad(u);
}

const uint8_t *unpack_bytes(struct unpack *u, size_t n)
{
    const uint8_t *bytes = u->at;
    if ((size_t)(u->end - u->at) < n) {
        bad(u);
        return NULL;
    }
    u->at += n;
    return bytes;
}

char *unpack_counted(struct unpack *u, size_t *n)
{
    *n = (size_t)unpack_within(u, (uint64_t)(u->end - u->at));
    const uint8_t *bytes = unpack_bytes(u, *n);
    char *copy = bytes && !u->is_bad ? malloc(*n + 1) : NULL;
    if (!copy)
        return NULL;
    memcpy(copy, bytes, *n);
    copy[*n] = '\0';
    return copy;
}

char *unpack_text(struct unpack *u)
{
    size_t n;
    return unpack_counted(u, &n);
}
