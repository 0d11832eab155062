/* Signed numbers in few bytes, as HdrHistogram writes counters: zigzag (0, -1, 1, -2, ... become 0, 1, 2, 3,
 * ...) in LEB128-64b9B: seven bits a byte, lowest first, the top bit says that more follow, and a ninth byte
 * carries eight bits. Not compatible with protobuf, whose tenth byte carries one. Source: HdrHistogram's
 * ZigZagEncoding. */
#ifndef BASE_ZIGZAG_H
#define BASE_ZIGZAG_H

#include <stddef.h>
#include <stdint.h>

enum { ZIGZAG_BYTES_MOST = 9 };

/* Writes `value` to `out`, which has room for ZIGZAG_BYTES_MOST; returns how many bytes it took. */
static inline size_t zigzag_put(uint8_t *out, int64_t value)
{
    uint64_t rest = ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
    size_t n = 0;
    while (n < ZIGZAG_BYTES_MOST - 1 && rest > 0x7f) {
        out[n++] = (uint8_t)(rest | 0x80);
        rest >>= 7;
    }
    out[n++] = (uint8_t)rest;
    return n;
}

/* Reads a number from `in`, which ends at `end`; returns how many bytes it took, 0 when it is cut short. */
static inline size_t zigzag_get(const uint8_t *in, const uint8_t *end, int64_t *value)
{
    uint64_t bits = 0;
    size_t n = 0;
    unsigned more;
    if (in < end && *in < 0x80) { /* nearly all of them */
        *value = (*in >> 1) ^ -(*in & 1);
        return 1;
    }
    do {
        if (in + n == end)
            return 0;
        const uint8_t byte = in[n];
        more = n < ZIGZAG_BYTES_MOST - 1 ? byte & 0x80u : 0;
        bits |= (uint64_t)(byte ^ more) << (7 * n);
        n++;
    } while (more);
    *value = (int64_t)((bits >> 1) ^ (0 - (bits & 1)));
    return n;
}

#endif
