#include "json_text.h"

#include <stdint.h>
#include <string.h>

static uint32_t hex4(const char *at)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const unsigned char c = (unsigned char)at[i];
        value = value * 16 + (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

static size_t utf8(uint32_t c, char out[4])
{
    static const uint8_t first[] = { 0, 0xc0, 0xe0, 0xf0 };
    const unsigned n_more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    out[0] = (char)(first[n_more] | c >> (6 * n_more));
    for (unsigned i = 1; i <= n_more; i++)
        out[i] = (char)(0x80 | (c >> (6 * (n_more - i)) & 0x3f));
    return n_more + 1;
}

/* The character of the escape at `*at`, which moves behind it. */
static size_t unescape(const char **at, char out[4])
{
    static const char letters[] = "bfnrt", means[] = "\b\f\n\r\t";
    const char c = (*at)[1];
    const char *letter = memchr(letters, c, 5);
    if (c != 'u') {
        *at += 2;
        out[0] = letter ? means[letter - letters] : c;
        return 1;
    }
    uint32_t code = hex4(*at + 2);
    *at += 6;
    if (code >= 0xd800 && code <= 0xdbff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (hex4(*at + 2) - 0xdc00);
        *at += 6;
    }
    return utf8(code, out);
}

size_t json_text_write(const char *raw, size_t n_bytes, char *out)
{
    const char *end = raw + n_bytes;
    char *begin = out;
    while (raw < end) {
        const char *slash = memchr(raw, '\\', (size_t)(end - raw));
        const size_t plain = (size_t)((slash ? slash : end) - raw);
        memcpy(out, raw, plain);
        out += plain;
        raw += plain;
        char character[4];
        if (slash) {
            const size_t n = unescape(&raw, character);
            memcpy(out, character, n);
            out += n;
        }
    }
    return (size_t)(out - begin);
}

bool json_text_is(const char *raw, size_t n_bytes, const char *text, size_t text_bytes)
{
    const char *end = raw + n_bytes;
    while (raw < end) {
        const char *slash = memchr(raw, '\\', (size_t)(end - raw));
        size_t n = (size_t)((slash ? slash : end) - raw);
        if (n > text_bytes || memcmp(raw, text, n) != 0)
            return false;
        raw += n;
        text += n;
        text_bytes -= n;
        char character[4];
        if (!slash)
            break;
        n = unescape(&raw, character);
        if (n > text_bytes || memcmp(character, text, n) != 0)
            return false;
        text += n;
        text_bytes -= n;
    }
    return text_bytes == 0;
}
