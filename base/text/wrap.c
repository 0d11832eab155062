#include "wrap.h"

#include <stdbool.h>
#include <string.h>

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
                n = strcspn(text + at, " \n");
                put_word(&w, text + at, n);
            }
        text += length + (text[length] == '\n');
    }
    if (!w.at_begin)
        end_line(&w);
}
