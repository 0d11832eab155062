#include "yaml_text.h"

#include "err.h"

/* Bytes of the character at `p`; 0 when it is none that a text file has. */
static size_t character_bytes(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return (p[0] >= ' ' && p[0] != 0x7F) || p[0] == '\n' || p[0] == '\r' || p[0] == '\t';
    const size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

int yaml_text_check(const char *path, const char *text, size_t text_bytes, struct err *e)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned line = 1;
    for (size_t at = 0, n; at < text_bytes; at += n) {
        n = character_bytes(bytes + at, text_bytes - at);
        if (n == 0)
            return err_set(e, ERR_INPUT, "%s is not a UTF-8 text file: line %u holds the byte 0x%02X", path,
                           line, bytes[at]);
        if (bytes[at] == '%' && (at == 0 || bytes[at - 1] == '\n' || bytes[at - 1] == '\r'))
            return err_set(
                e, ERR_INPUT,
                "%s:%u:1: error: a line that begins with '%%' is a YAML directive, which is not used here",
                path, line);
        line += bytes[at] == '\n';
    }
    return 0;
}
