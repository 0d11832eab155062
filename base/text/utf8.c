#include "utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The Unicode Standard, table 3-7: no overlong form, no surrogate, nothing above U+10FFFF. */
size_t utf8_decode(const char *text, uint32_t *code)
{
    const unsigned char *s = (const unsigned char *)text;
    const size_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC0 ? 2 : 1;
    static const uint32_t least[] = { 0, 1, 0x80, 0x800, 0x10000 };
    uint32_t c = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
    if (s[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3Fu);
    }
    *code = c;
    const bool is_valid = (n > 1 || c < 0x80) && c >= least[n] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    return is_valid ? n : 0;
}

static size_t bytes_of(const char *text)
{
    uint32_t code;
    return utf8_decode(text, &code);
}

bool utf8_is_valid(const char *text)
{
    size_t n;
    while (*text && (n = bytes_of(text)) > 0)
        text += n;
    return !*text;
}

bool utf8_is_harmful(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Bytes of the next character, and whether it may be shown. */
static size_t next(const char *text, bool *is_shown)
{
    uint32_t code = 0;
    const size_t n = utf8_decode(text, &code);
    *is_shown = n > 0 && !utf8_is_harmful(code);
    return n > 0 ? n : 1;
}

/* Almost every text is plain: nothing in it needs a second look. */
static bool is_plain(char c)
{
    return c >= ' ' && c < 0x7F;
}

static void replace(char *text, const char *kept)
{
    bool is_shown;
    for (size_t n; *text; text += n) {
        n = 1;
        if (is_plain(*text))
            continue;
        n = next(text, &is_shown);
        if (!is_shown && !strchr(kept, *text))
            memset(text, strchr("\t\n\r", *text) ? ' ' : '?', n);
    }
}

void utf8_line(char *text)
{
    replace(text, "");
}

void utf8_text(char *text)
{
    replace(text, "\n\t");
}

void utf8_print(FILE *out, const char *text)
{
    bool is_shown;
    for (size_t n; *text; text += n) {
        n = next(text, &is_shown);
        if (is_shown || *text == '\n' || *text == '\t')
            fwrite(text, 1, n, out);
        else
            putc('?', out);
    }
}

void utf8_trim(char *text)
{
    size_t at = strlen(text), back = 0;
    while (back < 3 && at > 0 && ((unsigned char)text[at - 1] & 0xC0) == 0x80) {
        at--;
        back++;
    }
    if (at > 0 && (unsigned char)text[at - 1] >= 0xC0 && bytes_of(text + at - 1) == 0)
        text[at - 1] = '\0';
}

char *utf8_valid(const char *text, size_t length_bytes)
{
    static const char instead[] = "\xEF\xBF\xBD";
    char *copy = malloc(3 * length_bytes + 1);
    size_t used = 0;
    if (!copy)
        return NULL;
    for (size_t i = 0, n; i < length_bytes; i += n) {
        n = bytes_of(text + i);
        const bool is_whole = n > 0 && i + n <= length_bytes;
        memcpy(copy + used, is_whole ? text + i : instead, is_whole ? n : 3);
        used += is_whole ? n : 3;
        n = is_whole ? n : 1;
    }
    copy[used] = '\0';
    return copy;
}
