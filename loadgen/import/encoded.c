#include "encoded.h"

#include "arena.h"
#include "words.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static char *undo(struct arena *a, const char *text, size_t length, bool plus_is_blank, struct err *e)
{
    char *out = arena_take(a, length + 1, e);
    size_t n = 0;
    for (size_t i = 0; out && i < length; i++) {
        const bool is_code = text[i] == '%' && i + 2 < length && isxdigit((unsigned char)text[i + 1]) &&
                             isxdigit((unsigned char)text[i + 2]);
        const int code = is_code ? hex(text[i + 1]) * 16 + hex(text[i + 2]) : 0;
        if (code > 0) {
            out[n++] = (char)code;
            i += 2;
        } else
            out[n++] = plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
    return out;
}

char *encoded_undo(struct arena *a, const char *text, size_t length_bytes, struct err *e)
{
    return undo(a, text, length_bytes, false, e);
}

char *encoded_undo_form(struct arena *a, const char *text, size_t length_bytes, struct err *e)
{
    return undo(a, text, length_bytes, true, e);
}

static void put_code(FILE *out, char c)
{
    fprintf(out, "%%%02X", (unsigned char)c);
}

static void put(FILE *out, const char *template, bool is_form)
{
    while (*template) {
        const size_t word = words_length(template);
        const unsigned char c = (unsigned char)*template;
        if (word > 0)
            fprintf(out, "%.*s%s}", (int)word - 1, template, is_form ? "|form" : "");
        else if (c < 128 && (isalnum(c) || strchr("-._~", c)))
            fputc(c, out);
        else if (is_form && c == ' ')
            fputc('+', out);
        else
            put_code(out, *template);
        template += word > 0 ? word : template[0] == '{' && template[1] == '{' ? 2 : 1;
    }
}

void encoded_put(FILE *out, const char *template)
{
    put(out, template, false);
}

void encoded_put_form(FILE *out, const char *template)
{
    put(out, template, true);
}

void encoded_put_path(FILE *out, const char *text, size_t length_bytes)
{
    for (size_t i = 0; i < length_bytes; i++)
        if (text[i] > ' ' && text[i] < 127)
            fputc(text[i], out);
        else
            put_code(out, text[i]);
}
