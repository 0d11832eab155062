#include "base64.h"
#include "hist.h"
#include "hlog_codec.h"
#include "hlog_format.h"
#include "zigzag.h"

#include <assert.h>
#include <stdlib.h>
#include <zlib.h>

enum {
    RAW_BYTES_MOST = HLOG_HEADER_BYTES + HIST_N_COUNTS * ZIGZAG_BYTES_MOST,
};

/* Counters hold no repeated strings worth the search: Huffman codes alone take 60 % of the time of zlib's
 * level 1 and make a line a tenth shorter. Without a search the window and the hash table may be small, and
 * so quick to reset. */
enum { LEVEL = 1, WINDOW_BITS = 15, MEMORY_LEVEL = 4 };

struct hlog_encoder {
    z_stream zlib;
    size_t packed_bytes_most;
    uint8_t *packed; /* outer header and zlib stream; owned */
    char *text;      /* owned */
    uint8_t raw[RAW_BYTES_MOST];
};

struct hlog_encoder *hlog_encoder_new(void)
{
    struct hlog_encoder *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    if (deflateInit2(&c->zlib, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL, Z_HUFFMAN_ONLY) != Z_OK) {
        free(c);
        return NULL;
    }
    c->packed_bytes_most = HLOG_OUTER_BYTES + deflateBound(&c->zlib, RAW_BYTES_MOST);
    c->packed = malloc(c->packed_bytes_most);
    c->text = malloc(base64_text_bytes(c->packed_bytes_most));
    if (!c->packed || !c->text) {
        hlog_encoder_free(c);
        return NULL;
    }
    return c;
}

void hlog_encoder_free(struct hlog_encoder *c)
{
    if (!c)
        return;
    deflateEnd(&c->zlib);
    free(c->packed);
    free(c->text);
    free(c);
}

/* Where the payload continues, and with which bin. */
struct payload {
    uint8_t *at;
    uint32_t next;
};

static void put_bin(struct payload *p, uint32_t index, uint64_t count)
{
    if (index > p->next)
        p->at += zigzag_put(p->at, -(int64_t)(index - p->next));
    p->at += zigzag_put(p->at, (int64_t)count);
    p->next = index + 1;
}

/* Counters from bin 0 to the highest used. An empty histogram is one empty bin: HdrHistogram's C reader fails
 * on an empty payload. */
static size_t put_payload(uint8_t *out, const struct hist *h)
{
    struct payload p = { .at = out };
    if (h->n == 0)
        return zigzag_put(out, -1);
    for (uint32_t i = 0; i < h->n_bins; i++)
        put_bin(&p, h->bins[i].index, h->bins[i].count);
    for (uint32_t i = hist_first(h), last = hist_last(h); h->counts && i <= last; i++)
        if (h->counts[i] > 0)
            put_bin(&p, i, h->counts[i]);
    return (size_t)(p.at - out);
}

static size_t put_raw(uint8_t *out, const struct hist *h)
{
    const size_t payload_bytes = put_payload(out + HLOG_HEADER_BYTES, h);
    hlog_put_u32(out, HLOG_INNER_COOKIE);
    hlog_put_u32(out + HLOG_AT_PAYLOAD_LENGTH, (uint32_t)payload_bytes);
    hlog_put_u32(out + HLOG_AT_DIGITS, HIST_DIGITS);
    hlog_put_u64(out + HLOG_AT_LOWEST, HIST_LOWEST_NS);
    hlog_put_u64(out + HLOG_AT_HIGHEST, HIST_HIGHEST_NS);
    hlog_put_u64(out + HLOG_AT_RATIO, HLOG_RATIO_ONE);
    return HLOG_HEADER_BYTES + payload_bytes;
}

const char *hlog_encode(struct hlog_encoder *c, const struct hist *h, size_t *length_bytes)
{
    c->zlib.next_in = c->raw;
    c->zlib.avail_in = (uInt)put_raw(c->raw, h);
    c->zlib.next_out = c->packed + HLOG_OUTER_BYTES;
    c->zlib.avail_out = (uInt)(c->packed_bytes_most - HLOG_OUTER_BYTES);
    const int status = deflate(&c->zlib, Z_FINISH);
    assert(status == Z_STREAM_END); /* the buffer has deflateBound's size */
    (void)status;
    const size_t stream_bytes = c->zlib.total_out;
    deflateReset(&c->zlib);

    hlog_put_u32(c->packed, HLOG_OUTER_COOKIE);
    hlog_put_u32(c->packed + 4, (uint32_t)stream_bytes);
    base64_encode(c->packed, HLOG_OUTER_BYTES + stream_bytes, c->text);
    *length_bytes = base64_text_bytes(HLOG_OUTER_BYTES + stream_bytes);
    return c->text;
}
