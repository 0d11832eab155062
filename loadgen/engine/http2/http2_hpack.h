/* Writes request fields as HPACK (RFC 7541 section 6), without Huffman coding. What is written needs no state
 * but the static table. */
#ifndef ENGINE_HTTP2_HPACK_H
#define ENGINE_HTTP2_HPACK_H

#include "http2.h"

enum {
    HPACK_INTEGER_MOST_BYTES = 6,
    HPACK_FIELD_EXTRA_BYTES = 1 + 3 * HPACK_INTEGER_MOST_BYTES, /* beside name and value */
    HPACK_ENTRY_EXTRA_BYTES = 32, /* that count for an entry of the table, beside name and value */
    HPACK_STATIC_ENTRIES = 61,
};

/* What the static table has of a field. */
struct hpack_static {
    uint8_t index; /* of its name; 0: none */
    bool is_whole; /* the value as well */
};

struct hpack_static hpack_find(const struct http2_field *field);

/* Each returns the byte behind what it wrote. */
/* An entry of the static table, or of the dynamic one behind it. */
unsigned char *hpack_put_index(unsigned char *at, uint32_t index);
/* A field whose name may be in the static table; `is_added`: to the dynamic one. */
unsigned char *hpack_put_literal(unsigned char *at, const struct http2_field *field, uint8_t name_index,
                                 bool is_added);
/* The shortest form that adds nothing. */
unsigned char *hpack_put_field(unsigned char *at, const struct http2_field *field);
/* The table may hold so many bytes from now on; must begin a block. */
unsigned char *hpack_put_size(unsigned char *at, uint32_t table_bytes);

/* Room for a block of these fields, at most. */
size_t hpack_most_bytes(const struct http2_request *request);

#endif
