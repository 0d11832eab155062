#include "http2_hpack.h"

#include <string.h>

struct entry {
    const char *name, *value;
    uint8_t index;
};

/* Of the static table (RFC 7541 appendix A) what requests have, by the length of the name. A value is given
 * where the table has one; the first entry of a name serves for others. */
static const struct entry entries[] = {
    { "age", "", 21 },
    { "via", "", 60 },
    { "date", "", 33 },
    { "etag", "", 34 },
    { "from", "", 37 },
    { "host", "", 38 },
    { "link", "", 45 },
    { "vary", "", 59 },
    { ":path", "/", 4 },
    { ":path", "/index.html", 5 },
    { "allow", "", 22 },
    { "range", "", 50 },
    { "accept", "", 19 },
    { "cookie", "", 32 },
    { "expect", "", 35 },
    { "server", "", 54 },
    { ":method", "GET", 2 },
    { ":method", "POST", 3 },
    { ":scheme", "http", 6 },
    { ":scheme", "https", 7 },
    { "expires", "", 36 },
    { "referer", "", 51 },
    { "refresh", "", 52 },
    { "if-match", "", 39 },
    { "if-range", "", 42 },
    { "location", "", 46 },
    { ":authority", "", 1 },
    { "set-cookie", "", 55 },
    { "user-agent", "", 58 },
    { "content-type", "", 31 },
    { "max-forwards", "", 47 },
    { "accept-ranges", "", 18 },
    { "authorization", "", 23 },
    { "cache-control", "", 24 },
    { "content-range", "", 30 },
    { "if-none-match", "", 41 },
    { "last-modified", "", 44 },
    { "accept-charset", "", 15 },
    { "content-length", "", 28 },
    { "accept-encoding", "gzip, deflate", 16 },
    { "accept-language", "", 17 },
    { "content-encoding", "", 26 },
    { "content-language", "", 27 },
    { "content-location", "", 29 },
    { "if-modified-since", "", 40 },
    { "transfer-encoding", "", 57 },
    { "proxy-authenticate", "", 48 },
    { "content-disposition", "", 25 },
    { "if-unmodified-since", "", 43 },
    { "proxy-authorization", "", 49 },
    { "access-control-allow-origin", "", 20 },
};
/* The first entry whose name has at least so many bytes. */
enum { NAME_MOST_BYTES = 27 };
static const uint8_t first_of[NAME_MOST_BYTES + 2] = { 0,  0,  0,  0,  2,  8,  12, 16, 23, 26,
                                                       26, 29, 29, 31, 37, 39, 41, 44, 46, 47,
                                                       50, 50, 50, 50, 50, 50, 50, 50, 51 };

static bool is_text(const char *bytes, size_t n_bytes, const char *text)
{
    return strlen(text) == n_bytes && memcmp(bytes, text, n_bytes) == 0;
}

struct hpack_static hpack_find(const struct http2_field *field)
{
    struct hpack_static found = { 0 };
    const uint32_t n = field->name_bytes;
    if (n > NAME_MOST_BYTES)
        return found;
    for (size_t i = first_of[n]; i < first_of[n + 1]; i++) {
        const struct entry *e = &entries[i];
        if (memcmp(e->name, field->name, n) != 0)
            continue;
        if (e->value[0] && is_text(field->value, field->value_bytes, e->value))
            return (struct hpack_static){ .index = e->index, .is_whole = true };
        if (found.index == 0)
            found.index = e->index;
    }
    return found;
}

static unsigned char *put_integer(unsigned char *at, unsigned char pattern, unsigned bits, uint32_t value)
{
    const uint32_t most = (1u << bits) - 1;
    if (value < most) {
        *at++ = (unsigned char)(pattern | value);
        return at;
    }
    *at++ = (unsigned char)(pattern | most);
    for (value -= most; value >= 0x80; value >>= 7)
        *at++ = (unsigned char)(0x80 | (value & 0x7f));
    *at++ = (unsigned char)value;
    return at;
}

static unsigned char *put_string(unsigned char *at, const char *bytes, uint32_t n_bytes)
{
    at = put_integer(at, 0, 7, n_bytes);
    if (n_bytes > 0)
        memcpy(at, bytes, n_bytes);
    return at + n_bytes;
}

unsigned char *hpack_put_index(unsigned char *at, uint32_t index)
{
    return put_integer(at, 0x80, 7, index);
}

unsigned char *hpack_put_literal(unsigned char *at, const struct http2_field *field, uint8_t name_index,
                                 bool is_added)
{
    at = is_added ? put_integer(at, 0x40, 6, name_index) : put_integer(at, 0, 4, name_index);
    if (name_index == 0)
        at = put_string(at, field->name, field->name_bytes);
    return put_string(at, field->value, field->value_bytes);
}

unsigned char *hpack_put_field(unsigned char *at, const struct http2_field *field)
{
    const struct hpack_static known = hpack_find(field);
    return known.is_whole ? hpack_put_index(at, known.index)
                          : hpack_put_literal(at, field, known.index, false);
}

unsigned char *hpack_put_size(unsigned char *at, uint32_t table_bytes)
{
    return put_integer(at, 0x20, 5, table_bytes);
}

size_t hpack_most_bytes(const struct http2_request *request)
{
    size_t n_bytes = HPACK_INTEGER_MOST_BYTES; /* a size update */
    for (size_t i = 0; i < request->n_fields; i++)
        n_bytes += HPACK_FIELD_EXTRA_BYTES + request->fields[i].name_bytes + request->fields[i].value_bytes;
    return n_bytes;
}
