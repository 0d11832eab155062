/* Numbers in messages: seven bits a byte, lowest first, the top bit says that more follow (LEB128), so that
 * small numbers are short and hosts of any byte order agree. */
#ifndef FLEET_PACK_H
#define FLEET_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACK_NUMBER_BYTES_MOST = 10 };

/* Bytes that grow. Zeroed to begin with; freed by pack_fini. */
struct pack {
    uint8_t *bytes; /* owned */
    size_t n, most;
    bool is_short; /* memory was: something is missing */
};

void pack_fini(struct pack *p);
void pack_bytes(struct pack *p, const void *bytes, size_t n);
/* Bytes after their number. */
void pack_counted(struct pack *p, const void *bytes, size_t n);
void pack_text(struct pack *p, const char *text);
/* Makes room for so many more bytes; false when memory is short. */
bool pack_reserve(struct pack *p, size_t n);

/* Where there is room for it. */
static inline void pack_number_in_place(struct pack *p, uint64_t number)
{
    while (number > 0x7f) {
        p->bytes[p->n++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    p->bytes[p->n++] = (uint8_t)number;
}

static inline void pack_number(struct pack *p, uint64_t number)
{
    if (pack_reserve(p, PACK_NUMBER_BYTES_MOST))
        pack_number_in_place(p, number);
}

/* Bytes that are read once, from the front. */
struct unpack {
    const uint8_t *at, *end; /* borrowed */
    bool is_bad;             /* something was missing or out of bounds; all that follows reads as 0 */
};

uint64_t unpack_number_slow(struct unpack *u);

/* 0 when the bytes end before the number does. */
static inline uint64_t unpack_number(struct unpack *u)
{
    return u->at < u->end && *u->at < 0x80 ? *u->at++ : unpack_number_slow(u);
}

/* A number of at most `most`; a larger one is bad. */
static inline uint64_t unpack_within(struct unpack *u, uint64_t most)
{
    const uint64_t number = unpack_number(u);
    if (number <= most)
        return number;
    u->at = u->end;
    u->is_bad = true;
    return 0;
}

/* The next n bytes, borrowed; NULL when there are fewer. */
const uint8_t *unpack_bytes(struct unpack *u, size_t n);
/* Owned bytes that follow their number, with a NUL behind them. NULL when they are bad or memory is short. */
char *unpack_counted(struct unpack *u, size_t *n);
/* The same for a text. */
char *unpack_text(struct unpack *u);

#endif
