#include "base64.h"
#include "err.h"
#include "hist.h"
#include "hlog_codec.h"
#include "hlog_format.h"
#include "zigzag.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

static const char TOO_MANY[] = "it holds more counters than its layout has";
static const char SUM_IS_TOO_LARGE[] = "its counts add up to more than 2^63 - 1";
static const char LAST_IS_CUT[] = "its last counter is cut short";

struct bytes {
    uint8_t *data; /* owned */
    size_t capacity;
};

struct hlog_decoder {
    z_stream zlib;
    struct bytes packed; /* outer header and zlib stream */
    struct bytes raw;    /* inner header and counters */
};

struct hlog_decoder *hlog_decoder_new(void)
{
    struct hlog_decoder *c = calloc(1, sizeof *c);
    if (c && inflateInit(&c->zlib) != Z_OK) {
        free(c);
        return NULL;
    }
    return c;
}

void hlog_decoder_free(struct hlog_decoder *c)
{
    if (!c)
        return;
    inflateEnd(&c->zlib);
    free(c->packed.data);
    free(c->raw.data);
    free(c);
}

static size_t raw_bytes_most(uint32_t n_counts)
{
    return HLOG_HEADER_BYTES + (size_t)n_counts * ZIGZAG_BYTES_MOST;
}

static int reserve(struct bytes *b, size_t capacity, struct err *e)
{
    if (capacity <= b->capacity)
        return 0;
    uint8_t *larger = realloc(b->data, capacity);
    if (!larger)
        return err_set(e, ERR_FAILED, "out of memory for a histogram of %zu bytes", capacity);
    b->data = larger;
    b->capacity = capacity;
    return 0;
}

static int broken(struct err *e, const char *why)
{
    return err_set(e, ERR_INPUT, "the histogram is broken: %s", why);
}

/* Base64 to outer header and zlib stream; `*stream_bytes` is the stream's length. */
static int unpack_text(struct hlog_decoder *c, const char *text, size_t length_bytes, size_t *stream_bytes,
                       struct err *e)
{
    size_t packed_bytes;
    if (reserve(&c->packed, length_bytes / 4 * 3 + 1, e))
        return -1;
    if (base64_decode(text, length_bytes, c->packed.data, &packed_bytes))
        return broken(e, "it is not Base64");
    if (packed_bytes < HLOG_OUTER_BYTES)
        return broken(e, "it is cut short");
    if ((hlog_get_u32(c->packed.data) & ~HLOG_WORD_SIZE) != (HLOG_OUTER_COOKIE & ~HLOG_WORD_SIZE))
        return err_set(e, ERR_INPUT, "the histogram is not in HdrHistogram's V2 compressed encoding");
    *stream_bytes = packed_bytes - HLOG_OUTER_BYTES;
    const uint32_t stated_bytes = hlog_get_u32(c->packed.data + 4);
    if (stated_bytes > *stream_bytes)
        return broken(e, "it is cut short");
    if (stated_bytes < *stream_bytes)
        return broken(e, "there is something behind its end");
    return 0;
}

static int read_layout(const uint8_t *header, struct hist_layout *layout, struct err *e)
{
    const uint64_t lowest = hlog_get_u64(header + HLOG_AT_LOWEST);
    const uint64_t highest = hlog_get_u64(header + HLOG_AT_HIGHEST);
    const uint32_t digits = hlog_get_u32(header + HLOG_AT_DIGITS);
    if ((hlog_get_u32(header) & ~HLOG_WORD_SIZE) != (HLOG_INNER_COOKIE & ~HLOG_WORD_SIZE))
        return broken(e, "the cookie of the V2 encoding is missing");
    if (hist_layout_init(layout, lowest, highest, digits) == 0)
        return 0;
    return err_set(e, ERR_INPUT,
                   "the histogram is broken: there is no layout from %" PRIu64 " to %" PRIu64 " with %" PRIu32
                   " digits",
                   lowest, highest, digits);
}

/* A histogram may inflate to the most that the counters of its layout take; the layout is in its first
 * bytes. */
static int make_room(struct hlog_decoder *c, struct err *e)
{
    struct hist_layout layout = { 0 };
    if (read_layout(c->raw.data, &layout, e))
        return -1;
    const size_t most_bytes = raw_bytes_most(layout.n_counts);
    if (c->zlib.total_out >= most_bytes)
        return broken(e, TOO_MANY);
    if (reserve(&c->raw, most_bytes, e))
        return -1;
    c->zlib.next_out = c->raw.data + c->zlib.total_out;
    c->zlib.avail_out = (uInt)(most_bytes - c->zlib.total_out);
    return 0;
}

/* The whole stream into c->raw. Z_FINISH in one call spares zlib the copy of its window. */
static int inflate_all(struct hlog_decoder *c, size_t stream_bytes, struct err *e)
{
    if (reserve(&c->raw, raw_bytes_most(HIST_N_COUNTS), e))
        return -1;
    inflateReset(&c->zlib);
    c->zlib.next_in = c->packed.data + HLOG_OUTER_BYTES;
    c->zlib.avail_in = (uInt)stream_bytes;
    c->zlib.next_out = c->raw.data;
    c->zlib.avail_out = (uInt)c->raw.capacity;
    for (;;) {
        const int status = inflate(&c->zlib, Z_FINISH);
        if (status == Z_STREAM_END)
            return 0;
        if (status != Z_OK && status != Z_BUF_ERROR)
            return broken(e, c->zlib.msg ? c->zlib.msg : "zlib cannot read it");
        if (c->zlib.avail_out > 0)
            return broken(e, "its zlib stream is cut short");
        if (make_room(c, e))
            return -1;
    }
}

int hlog_unpack(struct hlog_decoder *c, const char *text, size_t length_bytes, struct hlog_bins *bins,
                struct err *e)
{
    size_t stream_bytes = 0;
    if (unpack_text(c, text, length_bytes, &stream_bytes, e) || inflate_all(c, stream_bytes, e))
        return -1;
    if (c->zlib.total_out < HLOG_HEADER_BYTES)
        return broken(e, "it is shorter than its header");
    if (read_layout(c->raw.data, &bins->layout, e))
        return -1;
    const size_t payload_bytes = c->zlib.total_out - HLOG_HEADER_BYTES;
    const uint32_t stated_bytes = hlog_get_u32(c->raw.data + HLOG_AT_PAYLOAD_LENGTH);
    /* Some writers count the header in. */
    if (stated_bytes != payload_bytes && stated_bytes != payload_bytes + HLOG_HEADER_BYTES)
        return broken(e, "its stated length is not its real one");
    bins->at = c->raw.data + HLOG_HEADER_BYTES;
    bins->end = bins->at + payload_bytes;
    bins->index = 0;
    return 0;
}

/* Reads the next number: the count of bin `*index`, or 0 for a run of empty bins. Returns what is broken, or
 * NULL. */
static inline const char *take_number(struct hlog_bins *bins, uint32_t *index, uint64_t *count)
{
    int64_t number = 0;
    const size_t n = zigzag_get(bins->at, bins->end, &number);
    if (n == 0)
        return LAST_IS_CUT;
    const uint64_t is_run = number < 0 ? UINT64_MAX : 0;
    const uint64_t n_bins = (is_run & (0 - (uint64_t)number)) | (~is_run & 1);
    if (n_bins > bins->layout.n_counts - bins->index)
        return TOO_MANY;
    bins->at += n;
    *index = bins->index;
    *count = ~is_run & (uint64_t)number;
    bins->index += (uint32_t)n_bins;
    return NULL;
}

/* The hot loop of reading a log. Whether a number is a count or a run of empty bins is unpredictable, so a
 * run is added as a count of 0 rather than branched around. Two numbers below 2^63 do not overflow 64 bits,
 * so a sum that is too large leaves its top bit in `sums`. */
static const char *add_bins(struct hlog_bins *bins, struct hist *into)
{
    const char *why = NULL;
    uint32_t index;
    uint64_t count;
    uint64_t sums = into->n;
    while (!why && bins->at < bins->end) {
        why = take_number(bins, &index, &count);
        if (!why)
            hist_add_bin(into, index, count);
        sums |= into->n;
    }
    return !why && sums > INT64_MAX ? SUM_IS_TOO_LARGE : why;
}

static bool is_ours(const struct hist_layout *l)
{
    return l->lowest == HIST_LOWEST_NS && l->highest == HIST_HIGHEST_NS && l->digits == HIST_DIGITS;
}

int hlog_add_to(struct hlog_decoder *c, const char *text, size_t length_bytes, struct hist *into,
                struct err *e)
{
    struct hlog_bins bins = { 0 };
    const struct hist_layout *l = &bins.layout;

    if (hlog_unpack(c, text, length_bytes, &bins, e))
        return -1;
    if (!is_ours(l))
        return err_set(e, ERR_INPUT,
                       "the histogram goes from %" PRIu64 " to %" PRIu64
                       " with %u digits; it must go from %" PRIu64 " to %" PRIu64 " with %d",
                       l->lowest, l->highest, l->digits, HIST_LOWEST_NS, HIST_HIGHEST_NS, HIST_DIGITS);
    const char *why = add_bins(&bins, into);
    if (why)
        return broken(e, why);
    return into->n_lost == 0 ? 0 : err_set(e, ERR_FAILED, "out of memory for a histogram");
}
