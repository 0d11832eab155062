/* Frames as bytes (RFC 9113 section 4.1): heads, types, flags, numbers. */
#ifndef ENGINE_HTTP2_WIRE_H
#define ENGINE_HTTP2_WIRE_H

#include <stdint.h>

enum {
    WIRE_HEAD_BYTES = 9,
    WIRE_FRAME_MOST_BYTES = 16384,   /* of payload, both ways: what every peer takes */
    WIRE_WINDOW_FIRST_BYTES = 65535, /* before anything else is agreed */
    WIRE_WINDOW_MOST_BYTES = 0x7fffffff,
    WIRE_TABLE_FIRST_BYTES = 4096,
};

enum wire_type {
    WIRE_DATA,
    WIRE_HEADERS,
    WIRE_PRIORITY,
    WIRE_RST_STREAM,
    WIRE_SETTINGS,
    WIRE_PUSH_PROMISE,
    WIRE_PING,
    WIRE_GOAWAY,
    WIRE_WINDOW_UPDATE,
    WIRE_CONTINUATION,
};

enum wire_flag {
    WIRE_END_STREAM = 0x1,
    WIRE_ACK = 0x1,
    WIRE_END_HEADERS = 0x4,
    WIRE_PADDED = 0x8,
    WIRE_WITH_PRIORITY = 0x20,
};

enum wire_setting {
    WIRE_HEADER_TABLE_SIZE = 1,
    WIRE_ENABLE_PUSH,
    WIRE_MAX_CONCURRENT_STREAMS,
    WIRE_INITIAL_WINDOW_SIZE,
    WIRE_MAX_FRAME_SIZE,
    WIRE_MAX_HEADER_LIST_SIZE,
};

struct wire_head {
    uint32_t length_bytes; /* of the payload */
    uint32_t id;
    uint8_t type;
    uint8_t flags;
};

static inline uint32_t wire_get32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void wire_put32(unsigned char *at, uint32_t value)
{
    at[0] = (unsigned char)(value >> 24);
    at[1] = (unsigned char)(value >> 16);
    at[2] = (unsigned char)(value >> 8);
    at[3] = (unsigned char)value;
}

/* A stream's id or a window: the first bit is reserved. */
static inline uint32_t wire_get31(const unsigned char *at)
{
    return wire_get32(at) & 0x7fffffff;
}

static inline struct wire_head wire_get_head(const unsigned char *at)
{
    return (struct wire_head){
        .length_bytes = wire_get32(at) >> 8, .type = at[3], .flags = at[4], .id = wire_get31(at + 5)
    };
}

/* Returns the byte behind it. */
static inline unsigned char *wire_put_head(unsigned char *at, uint32_t length_bytes, uint8_t type,
                                           uint8_t flags, uint32_t id)
{
    wire_put32(at, length_bytes << 8 | type);
    at[4] = flags;
    wire_put32(at + 5, id);
    return at + WIRE_HEAD_BYTES;
}

#endif
