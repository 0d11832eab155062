#include "http2_known.h"

#include <string.h>

void http2_known_begin(struct http2_known *k)
{
    k->version++;
    k->n_due = 0;
}

/* What a valid block does to the table. */
struct effect {
    bool adds, looks, resizes;
};

enum { N_STATIC_ENTRIES = 61 };

/* Returns the integer whose prefix has so many bits (RFC 7541 section 5.1); of a valid block, it fits. */
static uint32_t take_integer(const unsigned char **at, const unsigned char *end, unsigned bits)
{
    const uint32_t most = (1u << bits) - 1;
    uint32_t value = *(*at)++ & most;
    unsigned shift = 0;
    if (value < most)
        return value;
    while (*at < end) {
        const unsigned char byte = *(*at)++;
        if (shift < 32)
            value += (uint32_t)(byte & 0x7f) << shift;
        shift += 7;
        if (byte < 0x80)
            break;
    }
    return value;
}

static void skip_string(const unsigned char **at, const unsigned char *end)
{
    const uint32_t n = *at < end ? take_integer(at, end, 7) : 0;
    *at += n < (size_t)(end - *at) ? n : (size_t)(end - *at);
}

static void skip_literal(const unsigned char **at, const unsigned char *end, unsigned bits, struct effect *e)
{
    const uint32_t name = take_integer(at, end, bits);
    e->looks = e->looks || name > N_STATIC_ENTRIES;
    if (name == 0)
        skip_string(at, end);
    skip_string(at, end);
}

static struct effect effect_of(const unsigned char *at, size_t n_bytes)
{
    const unsigned char *end = at + n_bytes;
    struct effect e = { 0 };
    while (at < end) {
        if (*at & 0x80) {
            e.looks = take_integer(&at, end, 7) > N_STATIC_ENTRIES || e.looks;
        } else if (*at & 0x40) {
            e.adds = true;
            skip_literal(&at, end, 6, &e);
        } else if (*at & 0x20) {
            e.resizes = true;
            take_integer(&at, end, 5);
        } else {
            skip_literal(&at, end, 4, &e);
        }
    }
    return e;
}

static bool is_same(const struct http2_known *k, const struct http2_known_block *b,
                    const unsigned char *block, size_t n_bytes, const struct http2_known_reader *reader)
{
    return b->n_bytes == n_bytes && b->reader.expect == reader->expect && b->reader.look == reader->look &&
           (!b->looks || b->version == k->version) && memcmp(b->bytes, block, n_bytes) == 0;
}

const struct http2_known_block *http2_known_find(struct http2_known *k, const unsigned char *block,
                                                 size_t n_bytes, const struct http2_known_reader *reader)
{
    if (n_bytes == 0)
        return NULL;
    for (uint32_t i = 0; i < HTTP2_KNOWN_BLOCKS; i++) {
        const uint32_t index = (k->last + i) % HTTP2_KNOWN_BLOCKS;
        struct http2_known_block *b = &k->blocks[index];
        if (!is_same(k, b, block, n_bytes, reader))
            continue;
        k->last = index;
        if (b->adds) {
            k->due[k->n_due % HTTP2_KNOWN_DUE] = (uint8_t)index;
            if (++k->n_due == 2 * HTTP2_KNOWN_DUE)
                k->n_due = HTTP2_KNOWN_DUE;
            k->version++;
        }
        return b;
    }
    return NULL;
}

static int decode(nghttp2_hd_inflater *inflater, const struct http2_known_block *b)
{
    const unsigned char *at = b->bytes;
    size_t n_bytes = b->n_bytes;
    for (;;) {
        nghttp2_nv nv;
        int flags = 0;
        const ssize_t n = nghttp2_hd_inflate_hd2(inflater, &nv, &flags, at, n_bytes, 1);
        if (n < 0)
            return -1;
        at += n;
        n_bytes -= (size_t)n;
        if (flags & NGHTTP2_HD_INFLATE_FINAL)
            return nghttp2_hd_inflate_end_headers(inflater);
    }
}

int http2_known_catch_up(struct http2_known *k, nghttp2_hd_inflater *inflater)
{
    const uint32_t n = k->n_due < HTTP2_KNOWN_DUE ? k->n_due : HTTP2_KNOWN_DUE;
    for (uint32_t i = k->n_due - n; i != k->n_due; i++)
        if (decode(inflater, &k->blocks[k->due[i % HTTP2_KNOWN_DUE]]))
            return -1;
    k->n_due = 0;
    return 0;
}

struct http2_known_block *http2_known_note(struct http2_known *k, const unsigned char *block, size_t n_bytes,
                                           const struct http2_known_reader *reader)
{
    const struct effect e = effect_of(block, n_bytes);
    if (e.adds || e.resizes)
        k->version++;
    if (e.resizes || (e.adds && e.looks) || n_bytes > HTTP2_KNOWN_BYTES || n_bytes == 0)
        return NULL;
    k->last = (k->last + 1) % HTTP2_KNOWN_BLOCKS;
    struct http2_known_block *b = &k->blocks[k->last];
    b->reader = *reader;
    b->adds = e.adds;
    b->looks = e.looks;
    b->version = k->version;
    b->n_bytes = (uint16_t)n_bytes;
    memcpy(b->bytes, block, n_bytes);
    return b;
}

void http2_known_forget(struct http2_known_block *b)
{
    b->n_bytes = 0;
}
