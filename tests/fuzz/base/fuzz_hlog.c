/* HdrHistogram logs. The bytes are read as a log, and, since hardly any bytes are valid Base64 of valid zlib,
 * as the payload of a histogram as well. Whatever decodes into our histogram is encoded and decoded again to
 * the same counters. */
#include "base64.h"
#include "err.h"
#include "fuzz.h"
#include "hist.h"
#include "hlog.h"
#include "hlog_format.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

static void check_round_trip(struct hist *h, struct hlog_decoder *decoder)
{
    struct err e;
    size_t length;
    struct hlog_encoder *encoder = hlog_encoder_new();
    struct hist *again = hist_new();
    FUZZ_HOLDS(encoder && again);
    const char *text = hlog_encode(encoder, h, &length);
    FUZZ_HOLDS(hlog_add_to(decoder, text, length, again, &e) == 0);
    FUZZ_HOLDS(again->n == h->n && hist_first(again) == hist_first(h) && hist_last(again) == hist_last(h));
    for (uint32_t i = 0; i < HIST_N_COUNTS; i++)
        FUZZ_HOLDS(hist_count(again, i) == hist_count(h, i));
    hist_free(again);
    hlog_encoder_free(encoder);
}

static void check_text(struct hlog_decoder *decoder, const char *text, size_t length)
{
    struct err e = { ERR_NONE, "" };
    struct hist *h = hist_new();
    FUZZ_HOLDS(h != NULL);
    if (hlog_add_to(decoder, text, length, h, &e) == 0)
        check_round_trip(h, decoder);
    else
        FUZZ_HOLDS(*e.text != '\0');
    hist_free(h);
}

/* The bytes as the counters behind a sound header. */
static void check_payload(struct hlog_decoder *decoder, const uint8_t *data, size_t length_bytes)
{
    uint8_t raw[2048] = { 0 };
    uint8_t packed[4096];
    char text[6000];
    uLongf stream_bytes = sizeof packed - HLOG_OUTER_BYTES;
    const size_t room = sizeof raw - HLOG_HEADER_BYTES;
    const size_t n = length_bytes < room ? length_bytes : room;
    hlog_put_u32(raw, HLOG_INNER_COOKIE);
    hlog_put_u32(raw + HLOG_AT_PAYLOAD_LENGTH, (uint32_t)n);
    hlog_put_u32(raw + HLOG_AT_DIGITS, HIST_DIGITS);
    hlog_put_u64(raw + HLOG_AT_LOWEST, HIST_LOWEST_NS);
    hlog_put_u64(raw + HLOG_AT_HIGHEST, HIST_HIGHEST_NS);
    memcpy(raw + HLOG_HEADER_BYTES, data, n);
    compress(packed + HLOG_OUTER_BYTES, &stream_bytes, raw, HLOG_HEADER_BYTES + n);
    hlog_put_u32(packed, HLOG_OUTER_COOKIE);
    hlog_put_u32(packed + 4, (uint32_t)stream_bytes);
    base64_encode(packed, HLOG_OUTER_BYTES + stream_bytes, text);
    check_text(decoder, text, base64_text_bytes(HLOG_OUTER_BYTES + stream_bytes));
}

static void check_log(const char *path)
{
    struct hlog_reader r;
    struct hlog_line line;
    struct err e = { ERR_NONE, "" };
    struct hist *h = hist_new();
    int more;
    FUZZ_HOLDS(h != NULL);
    if (hlog_open(&r, path, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
        hist_free(h);
        return;
    }
    while ((more = hlog_next(&r, &line, &e)) == 1) {
        FUZZ_HOLDS(line.tag != NULL);
        FUZZ_HOLDS(hlog_decode(&r, h, &e) == 0 || strstr(e.text, path) == e.text);
    }
    FUZZ_HOLDS(more == 0 || strstr(e.text, path) == e.text);
    FUZZ_HOLDS(more == 0 || !r.truncated);
    hlog_reader_fini(&r);
    hist_free(h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char path[FUZZ_PATH_BYTES];
    struct hlog_decoder *decoder = hlog_decoder_new();
    FUZZ_HOLDS(decoder != NULL);
    const int fd = fuzz_file(data, length_bytes, path);
    check_log(path);
    close(fd);
    check_text(decoder, (const char *)data, length_bytes);
    check_payload(decoder, data, length_bytes);
    hlog_decoder_free(decoder);
    return 0;
}
