/* An encoder and a decoder for each test, and encodings made by hand. */
#ifndef TESTS_MADE_ENCODING_H
#define TESTS_MADE_ENCODING_H

#include "base64.h"
#include "hist.h"
#include "hlog_codec.h"
#include "hlog_format.h"

#include "cm.h"

#include <string.h>
#include <zlib.h>

struct codec {
    struct hlog_encoder *encoder;
    struct hlog_decoder *decoder;
};

static int make(void **state)
{
    static struct codec codec;
    codec = (struct codec){ hlog_encoder_new(), hlog_decoder_new() };
    *state = &codec;
    return codec.encoder && codec.decoder ? 0 : -1;
}

static int drop(void **state)
{
    struct codec *c = *state;
    hlog_encoder_free(c->encoder);
    hlog_decoder_free(c->decoder);
    return 0;
}

/* An encoding made by hand, with whatever is wrong about it. */
struct made {
    uint32_t outer_cookie, inner_cookie, stated_payload_bytes, offset, digits;
    uint64_t lowest, highest, ratio;
    const char *payload;
    size_t payload_bytes;
    int stated_stream_bytes_more; /* added to the length in the outer header */
};

static const struct made sound = {
    .outer_cookie = HLOG_OUTER_COOKIE,
    .inner_cookie = HLOG_INNER_COOKIE,
    .stated_payload_bytes = 2,
    .digits = 3,
    .lowest = 1,
    .highest = HIST_HIGHEST_NS,
    .ratio = HLOG_RATIO_ONE,
    .payload = "\x53\x02",
    .payload_bytes = 2,
};

static inline size_t make_text(const struct made *m, char *text)
{
    uint8_t raw[4096] = { 0 };
    uint8_t packed[4096];
    uLongf stream_bytes = sizeof packed - HLOG_OUTER_BYTES;
    hlog_put_u32(raw, m->inner_cookie);
    hlog_put_u32(raw + HLOG_AT_PAYLOAD_LENGTH, m->stated_payload_bytes);
    hlog_put_u32(raw + 8, m->offset);
    hlog_put_u32(raw + HLOG_AT_DIGITS, m->digits);
    hlog_put_u64(raw + HLOG_AT_LOWEST, m->lowest);
    hlog_put_u64(raw + HLOG_AT_HIGHEST, m->highest);
    hlog_put_u64(raw + HLOG_AT_RATIO, m->ratio);
    memcpy(raw + HLOG_HEADER_BYTES, m->payload, m->payload_bytes);
    compress(packed + HLOG_OUTER_BYTES, &stream_bytes, raw, HLOG_HEADER_BYTES + m->payload_bytes);
    hlog_put_u32(packed, m->outer_cookie);
    hlog_put_u32(packed + 4, (uint32_t)((int)stream_bytes + m->stated_stream_bytes_more));
    base64_encode(packed, HLOG_OUTER_BYTES + stream_bytes, text);
    return base64_text_bytes(HLOG_OUTER_BYTES + stream_bytes);
}

#endif
