#include "yaml_text.h"

#include "err.h"
#include "utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* YAML 1.2.2, 5.1, less the line ends NEL, LS and PS of YAML 1.1. */
static bool is_text(uint32_t c)
{
    if (c == '\n' || c == '\r' || c == '\t')
        return true;
    const bool is_control = c < ' ' || (c >= 0x7F && c < 0xA0);
    const bool is_line_end = c == 0x2028 || c == 0x2029;
    return !is_control && !is_line_end && c != 0xFEFF && c != 0xFFFE && c != 0xFFFF;
}

static int refuse(const char *path, unsigned line, size_t n, unsigned char byte, uint32_t character,
                  struct err *e)
{
    if (n > 1)
        return err_set(e, ERR_INPUT,
                       "%s is not plain text: line %u holds the character U+%04X, which no editor shows",
                       path, line, character);
    return err_set(e, ERR_INPUT, "%s is not a UTF-8 text file: line %u holds the byte 0x%02X", path, line,
                   byte);
}

int yaml_text_check(const char *path, const char *text, size_t text_bytes, struct err *e)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned line = 1;
    uint32_t character = 0;
    for (size_t at = 0, n; at < text_bytes; at += n) { /* no character reaches beyond the NUL at the end */
        const bool begins_line = at == 0 || bytes[at - 1] == '\n' || bytes[at - 1] == '\r';
        n = utf8_decode(text + at, &character);
        if (n == 0 || !is_text(character))
            return refuse(path, line, n, bytes[at], character, e);
        if (character == '%' && begins_line)
            return err_set(
                e, ERR_INPUT,
                "%s:%u:1: error: a line that begins with '%%' is a YAML directive, which is not used here",
                path, line);
        line += character == '\n' || (character == '\r' && (at + 1 == text_bytes || bytes[at + 1] != '\n'));
    }
    return 0;
}
