/* One histogram as the text of a log line: HdrHistogram's V2 compressed encoding (zigzag counters behind a
 * 40-byte header, zlib, Base64). Encoder and decoder own their buffers and zlib streams and reuse them: after
 * the first histograms nothing is allocated. One thread each. Source: HdrHistogram's
 * AbstractHistogram.encodeIntoCompressedByteBuffer. */
#ifndef BASE_HLOG_CODEC_H
#define BASE_HLOG_CODEC_H

#include "hist_layout.h"

#include <stddef.h>
#include <stdint.h>

struct err;
struct hist;

struct hlog_encoder;

/* Returns owned, or NULL when memory is short. Free accepts NULL. */
struct hlog_encoder *hlog_encoder_new(void);
void hlog_encoder_free(struct hlog_encoder *c);
/* Returns the text, `*length_bytes` long and without a NUL; borrowed until the next call. Empty histograms
 * are fine. */
const char *hlog_encode(struct hlog_encoder *c, const struct hist *h, size_t *length_bytes);

struct hlog_decoder;

struct hlog_decoder *hlog_decoder_new(void);
void hlog_decoder_free(struct hlog_decoder *c);

/* A histogram of any layout, unpacked; its counters are still zigzag numbers. */
struct hlog_bins {
    struct hist_layout layout;
    const uint8_t *at, *end; /* borrowed from the decoder until its next hlog_unpack */
    uint32_t index;          /* of the next counter */
};

/* Unpacks the text. -1 when it is no such encoding; the sentence names no place. Normalising offset and value
 * ratio are ignored: neither has a meaning for integer histograms, and some writers get them wrong. */
int hlog_unpack(struct hlog_decoder *c, const char *text, size_t length_bytes, struct hlog_bins *bins,
                struct err *e);
/* Adds a histogram to ours. -1 when the text is broken or was recorded with another layout, or memory is
 * short; `into` may hold a part then. */
int hlog_add_to(struct hlog_decoder *c, const char *text, size_t length_bytes, struct hist *into,
                struct err *e);

#endif
