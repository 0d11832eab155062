#include "report_tex_text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PROSE_BYTES = 4096 };

/* The replacement of an ASCII character, or NULL for itself. */
static const char *stand_in(unsigned char c)
{
    switch (c) {
    case '\\':
        return "\\textbackslash{}";
    case '~':
        return "\\textasciitilde{}";
    case '^':
        return "\\textasciicircum{}";
    case '<':
        return "\\textless{}";
    case '>':
        return "\\textgreater{}";
    case '|':
        return "\\textbar{}";
    case '"':
        return "\\textquotedblright{}";
    case '`':
        return "\\textasciigrave{}";
    case '-':
        return "-{}"; /* or "--pairs" would become a dash */
    case '&':
        return "\\&";
    case '%':
        return "\\%";
    case '$':
        return "\\$";
    case '#':
        return "\\#";
    case '_':
        return "\\_";
    case '{':
        return "\\{";
    case '}':
        return "\\}";
    default:
        return c < ' ' || c == 0x7F ? " " : NULL;
    }
}

/* Length of the UTF-8 sequence that begins here, at least 1. */
static size_t sequence_bytes(const char *text)
{
    const unsigned char first = (unsigned char)*text;
    const size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    size_t i = 1;
    while (i < n && ((unsigned char)text[i] & 0xC0) == 0x80)
        i++;
    return i;
}

/* U+00A0 to U+00FF, which LaTeX's own utf8 encoding knows. */
static int is_latin1(const char *text, size_t n)
{
    const unsigned char first = (unsigned char)*text, second = (unsigned char)text[n - 1];
    return n == 2 && ((first == 0xC2 && second >= 0xA0) || first == 0xC3);
}

void report_tex_text(FILE *out, const char *text)
{
    while (*text) {
        if (strncmp(text, " - ", 3) == 0) { /* "1.02 - 1.06" */
            fputs(" -- ", out);
            text += 3;
            continue;
        }
        const size_t n = sequence_bytes(text);
        const unsigned char c = (unsigned char)*text;
        const char *instead = c < 0x80 ? stand_in(c) : is_latin1(text, n) ? NULL : "?";
        if (instead)
            fputs(instead, out);
        else
            fwrite(text, 1, n, out);
        text += n;
    }
}

void report_tex_printf(FILE *out, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    const int n = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (n < 0)
        return;
    report_tex_text(out, text);
    free(text);
}

void report_tex_prose(FILE *out, const char *text)
{
    char part[PROSE_BYTES];
    bool is_code = false;
    for (; *text; is_code = !is_code) {
        const size_t n = strcspn(text, "`");
        snprintf(part, sizeof part, "%.*s", (int)n, text);
        fputs(is_code ? "\\texttt{" : "", out);
        report_tex_text(out, part);
        fputs(is_code ? "}" : "", out);
        text += n + (text[n] == '`');
    }
}
