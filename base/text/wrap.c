#include "wrap.h"

#include <ctype.h>
#include <string.h>

/* "601" behind the blank of "212 601" */
static bool is_group(const char *text)
{
    return isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]) &&
           isdigit((unsigned char)text[2]) && !isalnum((unsigned char)text[3]);
}

bool wrap_may_break(const char *text, size_t at)
{
    static const char *const units[] = { "%", "ns", "us", "ms", "s", "min", "h" };
    const char *next = text + at + 1;
    if (at > 0 && isdigit((unsigned char)text[at - 1]) && is_group(next))
        return false;
    for (size_t i = 0; at > 0 && isdigit((unsigned char)text[at - 1]) && i < sizeof units / sizeof *units;
         i++) {
        const size_t n = strlen(units[i]);
        if (strncmp(next, units[i], n) == 0 && !isalnum((unsigned char)next[n]))
            return false;
    }
    return true;
}

/* Characters of a word: numbers with their units are one. */
static size_t word_length(const char *text)
{
    size_t n = strcspn(text, " \n");
    while (text[n] == ' ' && !wrap_may_break(text, n))
        n += 1 + strcspn(text + n + 1, " \n");
    return n;
}

struct wrapping {
    FILE *out;
    size_t column, indent;
    bool at_begin; /* of a line: no blank before the next word */
};

static void end_line(struct wrapping *w)
{
    putc('\n', w->out);
    w->column = 0;
    w->at_begin = true;
}

static void put_word(struct wrapping *w, const char *word, size_t length)
{
    if (!w->at_begin && w->column + 1 + length > WRAP_COLUMNS)
        end_line(w);
    if (w->at_begin && w->column < w->indent) {
        fprintf(w->out, "%*s", (int)(w->indent - w->column), "");
        w->column = w->indent;
    } else if (!w->at_begin) {
        putc(' ', w->out);
        w->column++;
    }
    fwrite(word, 1, length, w->out);
    w->column += length;
    w->at_begin = false;
}

/* A line that begins with a blank. */
static void put_as_is(struct wrapping *w, const char *line, size_t length)
{
    if (!w->at_begin)
        end_line(w);
    fprintf(w->out, "%*s%.*s", (int)w->indent, "", (int)length, line);
    end_line(w);
}

void wrap_print(FILE *out, const char *text, size_t column, size_t indent)
{
    struct wrapping w = { .out = out, .column = column, .indent = indent, .at_begin = true };
    while (*text) {
        const size_t length = strcspn(text, "\n");
        if (length == 0) {
            if (!w.at_begin)
                end_line(&w);
            putc('\n', out);
        } else if (*text == ' ')
            put_as_is(&w, text, length);
        else
            for (size_t at = 0, n; at < length; at += n + strspn(text + at + n, " ")) {
                n = word_length(text + at);
                put_word(&w, text + at, n);
            }
        text += length + (text[length] == '\n');
    }
    if (!w.at_begin)
        end_line(&w);
}
