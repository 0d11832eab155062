#include "report_html.h"

#include "markup.h"
#include "units.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void report_html_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const char *reference = markup_reference(c);
        if (reference)
            fputs(reference, out);
        else if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7F)
            fputs("\xEF\xBF\xBD", out);
        else
            putc(c, out);
    }
}

/* Formats and escapes. Out of memory, the text is left out. */
__attribute__((format(printf, 2, 0))) static void write_escaped(FILE *out, const char *format,
                                                                va_list arguments)
{
    char *text;
    if (vasprintf(&text, format, arguments) < 0)
        return;
    report_html_text(out, text);
    free(text);
}

void report_html_printf(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_escaped(out, format, arguments);
    va_end(arguments);
}

void report_html_prose(FILE *out, const char *text)
{
    bool is_code = false;
    for (;;) {
        const size_t n = strcspn(text, "`");
        report_html_printf(out, "%.*s", (int)n, text);
        if (!text[n])
            break;
        fputs(is_code ? "</code>" : "<code>", out);
        is_code = !is_code;
        text += n + 1;
    }
    fputs(is_code ? "</code>" : "", out);
}

void report_html_link(FILE *out, const char *path, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    fputs("<a href=\"", out);
    for (; *path; path++)
        fprintf(out, strchr(plain, *path) ? "%c" : "%%%02X", (unsigned char)*path);
    fputs("\">", out);
    report_html_text(out, text);
    fputs("</a>", out);
}

void report_html_table(FILE *out, const char *columns)
{
    fputs("<div class=\"wide\"><table>\n<thead><tr>", out);
    while (*columns) {
        const bool is_number = *columns == '#';
        columns += is_number;
        const size_t n = strcspn(columns, "|");
        fputs(is_number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">", out);
        report_html_printf(out, "%.*s", (int)n, columns);
        fputs("</th>", out);
        columns += n + (columns[n] == '|');
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

void report_html_row(FILE *out)
{
    fputs("<tr>", out);
}

void report_html_row_end(FILE *out)
{
    fputs("</tr>\n", out);
}

void report_html_cell(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("<td>", out);
    write_escaped(out, format, arguments);
    fputs("</td>", out);
    va_end(arguments);
}

void report_html_number(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("<td class=\"n\">", out);
    write_escaped(out, format, arguments);
    fputs("</td>", out);
    va_end(arguments);
}

void report_html_value(FILE *out, double value)
{
    char text[UNITS_TEXT_BYTES];
    report_html_number(out, "%s", isfinite(value) ? units_number_text(value, text) : "");
}

void report_html_table_end(FILE *out)
{
    fputs("</tbody>\n</table></div>\n", out);
}

/* What precedes the definition of an id, or a reference to one. */
static const char *const before_id[] = { " id=\"",   " id='",   "\tid=\"", "\nid=\"",
                                         "href=\"#", "href='#", "url(#",   NULL };
/* Parts of no use to a reader: gnuplot makes its own name the tooltip of every drawing. */
static const char *const dropped[][2] = { { "<title>", "</title>" },
                                          { "<desc>", "</desc>" },
                                          { "<!--", "-->" } };

/* Length of the part to drop that begins at `at`, or 0. */
static size_t dropped_bytes(const char *at)
{
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        if (strncmp(at, dropped[i][0], strlen(dropped[i][0])) != 0)
            continue;
        const char *end = strstr(at, dropped[i][1]);
        return end ? (size_t)(end - at) + strlen(dropped[i][1]) : 0;
    }
    return 0;
}

static size_t id_prefix_bytes(const char *at)
{
    for (const char *const *before = before_id; *before; before++)
        if (strncmp(at, *before, strlen(*before)) == 0)
            return strlen(*before);
    return 0;
}

void report_html_svg(FILE *out, const char *svg, const char *prefix)
{
    const char *at = strstr(svg, "<svg");
    while (at && *at) {
        const size_t skip = dropped_bytes(at), id = id_prefix_bytes(at);
        if (id > 0) {
            fwrite(at, 1, id, out);
            fprintf(out, "%s-", prefix);
        } else if (skip == 0) {
            putc(*at, out);
        }
        at += skip ? skip : id ? id : 1;
    }
}
