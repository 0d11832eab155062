/* The server's side of what a connection writes: it must be frames, requests must decode to their fields with
 * the table that the server allows, and bodies must stay within the windows that it has granted. */
#ifndef FUZZ_HTTP2_READER_H
#define FUZZ_HTTP2_READER_H

#include "fuzz.h"
#include "http2_sieve.h"

#include <nghttp2/nghttp2.h>
#include <string.h>

enum { READER_BYTES = 1 << 20, READER_PREFACE_BYTES = 24 };

struct reader {
    const struct sieve *granted;
    nghttp2_hd_inflater *inflater;
    uint32_t n_acks, n_tables; /* SETTINGS that were acknowledged, and table sizes of these */
    uint32_t last_id;
    uint64_t sent_bytes, sent_of[256];
    bool has_ended[256];
    uint8_t bytes[READER_BYTES];
    size_t n, at;
};

static inline void reader_begin(struct reader *r, const struct sieve *granted)
{
    r->granted = granted;
    r->n_acks = r->n_tables = r->last_id = 0;
    r->sent_bytes = r->n = 0;
    r->at = READER_PREFACE_BYTES;
    memset(r->sent_of, 0, sizeof r->sent_of);
    memset(r->has_ended, 0, sizeof r->has_ended);
    FUZZ_HOLDS(nghttp2_hd_inflate_new(&r->inflater) == 0);
}

static inline void reader_end(struct reader *r)
{
    nghttp2_hd_inflate_del(r->inflater);
}

/* From its acknowledgement on, the table is as SETTINGS want it. */
static inline void reader_ack(struct reader *r)
{
    const struct sieve *s = r->granted;
    FUZZ_HOLDS(r->n_acks < s->n_settings);
    for (; r->n_tables < s->tables_of[r->n_acks]; r->n_tables++)
        FUZZ_HOLDS(nghttp2_hd_inflate_change_table_size(r->inflater, s->tables[r->n_tables]) == 0);
    r->n_acks++;
}

/* The fields of every request, and the last one of a HEAD. */
static inline void reader_check_field(const nghttp2_nv *field, size_t i, const char *const *fields)
{
    FUZZ_HOLDS(fields[2 * i] != NULL);
    FUZZ_HOLDS(field->namelen == strlen(fields[2 * i]) &&
               memcmp(field->name, fields[2 * i], field->namelen) == 0);
    const bool is_method = i == 0 && field->valuelen == 4 && memcmp(field->value, "HEAD", 4) == 0;
    FUZZ_HOLDS(is_method || (field->valuelen == strlen(fields[2 * i + 1]) &&
                             memcmp(field->value, fields[2 * i + 1], field->valuelen) == 0));
}

static inline void reader_headers(struct reader *r, uint32_t id, const uint8_t *at, size_t n,
                                  const char *const *fields)
{
    FUZZ_HOLDS(id % 2 == 1 && id > r->last_id);
    r->last_id = id;
    for (size_t i = 0;;) {
        nghttp2_nv field;
        int flags = 0;
        const ssize_t used = nghttp2_hd_inflate_hd2(r->inflater, &field, &flags, at, n, 1);
        FUZZ_HOLDS(used >= 0);
        at += used;
        n -= (size_t)used;
        if (flags & NGHTTP2_HD_INFLATE_EMIT)
            reader_check_field(&field, i++, fields);
        if (flags & NGHTTP2_HD_INFLATE_FINAL) {
            FUZZ_HOLDS(fields[2 * i] == NULL);
            break;
        }
    }
    nghttp2_hd_inflate_end_headers(r->inflater);
}

static inline void reader_data(struct reader *r, uint32_t id, size_t n)
{
    FUZZ_HOLDS(id % 2 == 1 && id <= r->last_id && id < 256 && !r->has_ended[id]);
    r->sent_bytes += n;
    r->sent_of[id] += n;
    FUZZ_HOLDS(r->sent_bytes <= r->granted->window_bytes);
    FUZZ_HOLDS(r->sent_of[id] <= r->granted->first_window_most_bytes + r->granted->window_of[id]);
}

static inline void reader_frame(struct reader *r, const uint8_t *head, size_t n, const char *const *fields)
{
    const uint32_t id = (uint32_t)head[5] << 24 | (uint32_t)head[6] << 16 | (uint32_t)head[7] << 8 | head[8];
    if (head[3] == SETTINGS && head[4] & 1)
        reader_ack(r);
    else if (head[3] == HEADERS)
        reader_headers(r, id, head + 9, n, fields);
    else if (head[3] == DATA)
        reader_data(r, id, n);
    else if (head[3] == RST_STREAM)
        FUZZ_HOLDS(id % 2 == 1 && id <= r->last_id);
    if (id < 256 && (head[3] == RST_STREAM || (head[3] <= HEADERS && head[4] & 1)))
        r->has_ended[id] = true;
}

/* Takes bytes that the connection wrote. `fields` are those of its requests: name, value, ..., NULL. */
static inline void reader_take(struct reader *r, const char *bytes, size_t n, const char *const *fields)
{
    FUZZ_HOLDS(r->n + n <= sizeof r->bytes);
    memcpy(r->bytes + r->n, bytes, n);
    r->n += n;
    while (r->n >= r->at + 9) {
        const uint8_t *head = r->bytes + r->at;
        const size_t length = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
        FUZZ_HOLDS(length <= 16384);
        if (r->n < r->at + 9 + length)
            return;
        reader_frame(r, head, length, fields);
        r->at += 9 + length;
    }
}

#endif
