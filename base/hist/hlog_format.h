/* The numbers of HdrHistogram's V2 compressed encoding, all big-endian, that encoder and decoder share:
 *   outer header: u32 cookie, i32 length of the zlib stream, the stream
 *   in the stream: u32 cookie, i32 payload length, i32 normalising offset, i32 digits, i64 lowest,
 *                  i64 highest, f64 ratio, payload
 *   payload: counters from bin 0 to the highest used, zigzag; -z stands for z empty bins. */
#ifndef BASE_HLOG_FORMAT_H
#define BASE_HLOG_FORMAT_H

#include <stdint.h>

enum {
    HLOG_OUTER_BYTES = 8,
    HLOG_HEADER_BYTES = 40,
    HLOG_AT_PAYLOAD_LENGTH = 4,
    HLOG_AT_DIGITS = 12,
    HLOG_AT_LOWEST = 16,
    HLOG_AT_HIGHEST = 24,
    HLOG_AT_RATIO = 32,
};
#define HLOG_OUTER_COOKIE UINT32_C(0x1c849314)
#define HLOG_INNER_COOKIE UINT32_C(0x1c849313)
#define HLOG_WORD_SIZE    UINT32_C(0xf0) /* bits of a cookie: the size of a counter, in older versions */
#define HLOG_RATIO_ONE    UINT64_C(0x3ff0000000000000) /* 1.0 as IEEE 754 double */

static inline void hlog_put_u32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline void hlog_put_u64(uint8_t *out, uint64_t value)
{
    hlog_put_u32(out, (uint32_t)(value >> 32));
    hlog_put_u32(out + 4, (uint32_t)value);
}

static inline uint32_t hlog_get_u32(const uint8_t *in)
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

static inline uint64_t hlog_get_u64(const uint8_t *in)
{
    return (uint64_t)hlog_get_u32(in) << 32 | hlog_get_u32(in + 4);
}

#endif
