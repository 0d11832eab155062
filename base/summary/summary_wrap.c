#include "summary.h"
#include "wrap.h"

#include <stdarg.h>
#include <string.h>

enum { LINE_BYTES = 2048 };

int summary_columns(const struct summary *s)
{
    const int width = s->term.width;
    return width <= 0 || width > SUMMARY_COLUMNS ? SUMMARY_COLUMNS
           : width < SUMMARY_COLUMNS_LEAST       ? SUMMARY_COLUMNS_LEAST
                                                 : width;
}

void summary_prose(const struct summary *s, FILE *out, const char *text, size_t indent, size_t used)
{
    const size_t most = (size_t)summary_columns(s) - indent;
    for (; *text; text += strspn(text, " ")) {
        size_t n = strlen(text);
        if (n > most) {
            n = most;
            while (n > 0 && (text[n] != ' ' || !wrap_may_break(text, n)))
                n--;
            n = n > 0 ? n : strcspn(text, " ");
        }
        fprintf(out, "%*s%.*s\n", used > 0 ? 0 : (int)indent, "", (int)n, text);
        used = 0;
        text += n;
    }
}

void summary_line(const struct summary *s, FILE *out, const char *heading, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(out, "  %-*s", SUMMARY_INDENT - 2, heading);
    summary_prose(s, out, text, SUMMARY_INDENT, SUMMARY_INDENT);
}

void summary_parts(const struct summary *s, FILE *out, const char *const *parts, size_t n, size_t gap,
                   size_t indent, size_t used)
{
    const size_t columns = (size_t)summary_columns(s);
    bool is_first = true;
    for (size_t i = 0; i < n; i++) {
        const size_t width = strlen(parts[i]);
        if (!is_first && used + gap + width > columns) {
            putc('\n', out);
            used = 0;
            is_first = true;
        }
        const size_t blanks = !is_first ? gap : used == 0 && i > 0 ? indent : 0;
        if (is_first && blanks + width > columns) { /* a part that needs lines of its own */
            summary_prose(s, out, parts[i], used > 0 ? used : blanks, used);
            used = 0;
            continue;
        }
        fprintf(out, "%*s%s", (int)blanks, "", parts[i]);
        used += blanks + width;
        is_first = false;
    }
    if (!is_first)
        putc('\n', out);
}
