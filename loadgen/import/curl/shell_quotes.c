#include "shell_quotes.h"

#include "word_out.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A number of at most `most` digits. */
static uint32_t number(const char **at, unsigned base, unsigned most)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t value = 0;
    for (unsigned i = 0; i < most && **at; i++, ++*at) {
        const char *digit = strchr(digits, tolower((unsigned char)**at));
        if (!digit || digit >= digits + base)
            break;
        value = value * base + (uint32_t)(digit - digits);
    }
    return value;
}

static void put_byte(struct word_out *w, uint32_t byte)
{
    if ((byte & 0xFF) == 0)
        w->is_ended = true;
    if (!w->is_ended)
        word_out_byte(w, (char)(byte & 0xFF));
}

static void put_code(struct word_out *w, uint32_t code)
{
    if (code == 0)
        w->is_ended = true;
    if (!w->is_ended)
        word_out_code(w, code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0xFFFD : code);
}

/* Behind the backslash. Browsers write $'..' for UTF-16 surrogates as two \u, which are one character. */
static void escape(const char **at, struct word_out *w)
{
    static const char letters[] = "abefnrtv\\'\"?E";
    static const char bytes[] = "\a\b\033\f\n\r\t\v\\'\"?\033";
    const char c = *(*at)++;
    const char *letter = strchr(letters, c);
    if (letter)
        put_byte(w, (unsigned char)bytes[letter - letters]);
    else if (c == 'x' && isxdigit((unsigned char)**at))
        put_byte(w, number(at, 16, 2));
    else if (c >= '0' && c <= '7') {
        --*at;
        put_byte(w, number(at, 8, 3));
    } else if ((c == 'u' || c == 'U') && isxdigit((unsigned char)**at)) {
        uint32_t code = number(at, 16, c == 'u' ? 4 : 8);
        if (code >= 0xD800 && code < 0xDC00 && (*at)[0] == '\\' && (*at)[1] == 'u') {
            *at += 2;
            code = 0x10000 + ((code - 0xD800) << 10) + ((number(at, 16, 4) - 0xDC00) & 0x3FF);
        }
        put_code(w, code);
    } else if (c == 'c' && **at)
        put_byte(w, (unsigned char)*(*at)++ & 0x1F);
    else {
        put_byte(w, '\\');
        put_byte(w, (unsigned char)c);
    }
}

int shell_quotes_ansi(const char **at, struct word_out *w)
{
    w->is_ended = false;
    while (**at != '\'') {
        if (!**at || (**at == '\\' && !(*at)[1]))
            return -1;
        if (**at == '\\') {
            ++*at;
            escape(at, w);
        } else
            put_byte(w, (unsigned char)*(*at)++);
    }
    ++*at;
    return 0;
}
