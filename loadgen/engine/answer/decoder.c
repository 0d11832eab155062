#include "decoder.h"

#include <brotli/decode.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum { OUTPUT_BYTES_LEAST = 4096, ZLIB_FRAME = 15, GZIP_FRAME = 16 + 15, NO_FRAME = -15 };

struct decoder {
    struct decoder *next_free;
    z_stream z;
    BrotliDecoderState *br; /* one per body: it cannot be reset */
    enum coding coding;
    bool is_over;   /* the coded data has ended */
    uint8_t n_head; /* bytes of `head` */
    unsigned char head[2];
};

static bool is_word(const char *at, size_t n_bytes, const char *word)
{
    return n_bytes == strlen(word) && strncasecmp(at, word, n_bytes) == 0;
}

enum coding coding_of(const char *value, size_t n_bytes)
{
    if (n_bytes == 0 || is_word(value, n_bytes, "identity"))
        return CODING_NONE;
    if (is_word(value, n_bytes, "gzip") || is_word(value, n_bytes, "x-gzip"))
        return CODING_GZIP;
    if (is_word(value, n_bytes, "deflate"))
        return CODING_DEFLATE;
    return is_word(value, n_bytes, "br") ? CODING_BR : CODING_OTHER;
}

static void free_one(struct decoder *d)
{
    inflateEnd(&d->z);
    free(d);
}

void decoders_fini(struct decoders *pool)
{
    while (pool->free) {
        struct decoder *d = pool->free;
        pool->free = d->next_free;
        free_one(d);
    }
}

static struct decoder *make_one(void)
{
    struct decoder *d = calloc(1, sizeof *d);
    if (d && inflateInit2(&d->z, GZIP_FRAME) != Z_OK) {
        free(d);
        return NULL;
    }
    return d;
}

struct decoder *decoder_take(struct decoders *pool, enum coding coding)
{
    struct decoder *d = pool->free ? pool->free : make_one();
    if (!d)
        return NULL;
    pool->free = d->next_free;
    d->next_free = NULL;
    d->coding = coding;
    d->is_over = false;
    d->n_head = 0;
    if (coding == CODING_GZIP)
        inflateReset2(&d->z, GZIP_FRAME);
    if (coding == CODING_BR && !(d->br = BrotliDecoderCreateInstance(NULL, NULL, NULL))) {
        decoder_release(pool, d);
        return NULL;
    }
    return d;
}

void decoder_release(struct decoders *pool, struct decoder *d)
{
    if (d->br)
        BrotliDecoderDestroyInstance(d->br);
    d->br = NULL;
    d->next_free = pool->free;
    pool->free = d;
}

enum turn {
    TURN_OUT_FULL, /* more room is wanted */
    TURN_IN_EMPTY, /* more input is wanted */
    TURN_OVER,
    TURN_BROKEN,
};

struct span {
    const char *at;
    size_t n_bytes;
};

/* Z_FINISH spares a copy of the window where all input is there. */
static enum turn inflate_turn(struct decoder *d, struct span *in, char *out, size_t *room)
{
    d->z.next_in = (z_const Bytef *)in->at;
    d->z.avail_in = (uInt)in->n_bytes;
    d->z.next_out = (Bytef *)out;
    d->z.avail_out = (uInt)*room;
    const int rc = inflate(&d->z, Z_FINISH);
    in->at += in->n_bytes - d->z.avail_in;
    in->n_bytes = d->z.avail_in;
    *room = d->z.avail_out;
    if (rc == Z_STREAM_END)
        return TURN_OVER;
    if (rc != Z_OK && rc != Z_BUF_ERROR)
        return TURN_BROKEN;
    return *room == 0 ? TURN_OUT_FULL : TURN_IN_EMPTY;
}

static enum turn brotli_turn(struct decoder *d, struct span *in, char *out, size_t *room)
{
    const uint8_t *next_in = (const uint8_t *)in->at;
    uint8_t *next_out = (uint8_t *)out;
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(d->br, &in->n_bytes, &next_in, room, &next_out, NULL);
    in->at = (const char *)next_in;
    switch (result) {
    case BROTLI_DECODER_RESULT_SUCCESS:
        return TURN_OVER;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return TURN_IN_EMPTY;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        return TURN_OUT_FULL;
    default:
        return TURN_BROKEN;
    }
}

/* Room for the next output; one byte more than the limit shows that there is more. */
static size_t make_room(struct buffers *buffers, struct buffer *out, const struct span *in, size_t bytes_most)
{
    const size_t guess = in->n_bytes * 4 > OUTPUT_BYTES_LEAST ? in->n_bytes * 4 : OUTPUT_BYTES_LEAST;
    const size_t left = bytes_most + 1 - out->n_bytes;
    if (out->n_bytes == out->room_bytes && !buffer_reserve(buffers, out, guess < left ? guess : left))
        return 0;
    const size_t room = out->room_bytes - out->n_bytes;
    return room < left ? room : left;
}

/* What follows the end of the coded data: a gzip file may have several members. */
static const char *go_on_behind_end(struct decoder *d, const struct span *in)
{
    if (d->coding != CODING_GZIP || (unsigned char)*in->at != 0x1f)
        return "the body has more bytes behind its coded data";
    d->is_over = false;
    inflateReset(&d->z);
    return NULL;
}

static const char *broken(const struct decoder *d)
{
    return d->coding == CODING_GZIP      ? "the body is not what gzip makes"
           : d->coding == CODING_DEFLATE ? "the body is not what deflate makes"
                                         : "the body is not what br makes";
}

static const char *decode(struct decoder *d, struct span in, struct buffers *buffers, struct buffer *out,
                          size_t bytes_most)
{
    enum turn turn = TURN_OUT_FULL;
    while (in.n_bytes > 0 || turn == TURN_OUT_FULL) {
        const char *cause = d->is_over ? go_on_behind_end(d, &in) : NULL;
        if (cause)
            return cause;
        const size_t room = make_room(buffers, out, &in, bytes_most);
        size_t left = room;
        if (room == 0)
            return buffers_full;
        turn = d->coding == CODING_BR ? brotli_turn(d, &in, out->bytes + out->n_bytes, &left)
                                      : inflate_turn(d, &in, out->bytes + out->n_bytes, &left);
        out->n_bytes += room - left;
        d->is_over = turn == TURN_OVER;
        if (turn == TURN_BROKEN)
            return broken(d);
        if (out->n_bytes > bytes_most)
            return buffers_too_long;
    }
    return NULL;
}

/* The first two bytes show whether deflate has its frame (RFC 1950 section 2.2). False: more are wanted. */
static bool has_begun(struct decoder *d, struct span *in)
{
    while (d->n_head < 2 && in->n_bytes > 0) {
        d->head[d->n_head++] = (unsigned char)*in->at++;
        in->n_bytes--;
    }
    return d->n_head == 2;
}

static const char *begin_deflate(struct decoder *d, struct buffers *buffers, struct buffer *out,
                                 size_t bytes_most)
{
    const bool has_frame = (d->head[0] & 0x0f) == 8 && (d->head[0] << 8 | d->head[1]) % 31 == 0;
    inflateReset2(&d->z, has_frame ? ZLIB_FRAME : NO_FRAME);
    return decode(d, (struct span){ (const char *)d->head, 2 }, buffers, out, bytes_most);
}

const char *decoder_feed(struct decoder *d, const char *at, size_t n_bytes, struct buffers *buffers,
                         struct buffer *out, size_t bytes_most)
{
    struct span in = { at, n_bytes };
    if (d->coding == CODING_DEFLATE && d->n_head < 2) {
        if (!has_begun(d, &in))
            return NULL;
        const char *cause = begin_deflate(d, buffers, out, bytes_most);
        if (cause)
            return cause;
    }
    return in.n_bytes > 0 ? decode(d, in, buffers, out, bytes_most) : NULL;
}

const char *decoder_end(const struct decoder *d)
{
    return d->is_over ? NULL : "the body's coded data ends too soon";
}
