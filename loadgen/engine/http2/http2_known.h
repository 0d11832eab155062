/* Header blocks that a connection has decoded before, with what was learned from them: a server sends the
 * same ones for as long as its Date lasts. Their meaning depends on HPACK's table, so each is classed when it
 * is kept.
 *
 * A block that refers to no entry the peer has added means the same at any time. If it adds entries, those of
 * its repeats are added later, before the next block that must be decoded; the last 128 repeats are enough,
 * as nothing older fits in the table behind them (4 096 bytes, at least 32 an entry). A block that refers to
 * added entries and adds none means the same until an entry is added. One that does both, or changes the
 * table's size, is not kept.
 *
 * Sees no stream. Hot path. */
#ifndef ENGINE_HTTP2_KNOWN_H
#define ENGINE_HTTP2_KNOWN_H

#include <nghttp2/nghttp2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP2_KNOWN_BLOCKS = 4,
    HTTP2_KNOWN_BYTES = 384, /* longest block that is kept */
    HTTP2_KNOWN_DUE = 128,
};

/* Who looks at the fields: what was learned holds for the same one only. Never followed. */
struct http2_known_reader {
    const void *expect, *look;
};

struct http2_known_block {
    struct http2_known_reader reader;
    uint64_t length_bytes; /* content-length; UINT64_MAX: none */
    uint32_t seen;         /* struct header_check has the same three */
    bool is_used;
    bool is_balancers;
    uint8_t coding;
    bool adds;  /* entries to the table */
    bool looks; /* at entries of the table */
    uint16_t status;
    uint16_t n_bytes; /* 0: empty */
    uint32_t version; /* of the table, for one that looks */
    unsigned char bytes[HTTP2_KNOWN_BYTES];
};

/* All zero at first. */
struct http2_known {
    uint32_t last;    /* that was found or kept */
    uint32_t version; /* of the table: grows with each change */
    uint32_t n_due;   /* repeats not yet added to the table, the last ones in `due` */
    uint8_t due[HTTP2_KNOWN_DUE];
    struct http2_known_block blocks[HTTP2_KNOWN_BLOCKS];
};

/* A new connection has an empty table. */
void http2_known_begin(struct http2_known *k);
/* The equal block, which then counts as received; NULL: it must be decoded, after http2_known_catch_up. */
const struct http2_known_block *http2_known_find(struct http2_known *k, const unsigned char *block,
                                                 size_t n_bytes, const struct http2_known_reader *reader);
/* Adds to the table what repeats would have added. -1 when that fails. */
int http2_known_catch_up(struct http2_known *k, nghttp2_hd_inflater *inflater);
/* A block was decoded: notes what it did to the table. Returns where to put what was learned, when it can be
 * kept: `reader` and `bytes` are filled in. */
struct http2_known_block *http2_known_note(struct http2_known *k, const unsigned char *block, size_t n_bytes,
                                           const struct http2_known_reader *reader);
/* It is not kept after all. */
void http2_known_forget(struct http2_known_block *b);

#endif
