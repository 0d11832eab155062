#include "markdown.h"

#include "utf8.h"

#include <stdint.h>
#include <string.h>

/* What cannot be shown on a line becomes a blank or a question mark, as in utf8_line. Returns the bytes. */
static size_t write_character(FILE *out, const char *at)
{
    uint32_t code;
    const size_t n = utf8_decode(at, &code);
    if (n > 0 && !utf8_is_harmful(code))
        fwrite(at, 1, n, out);
    else
        putc(strchr("\t\n\r", *at) ? ' ' : '?', out);
    return n > 0 ? n : 1;
}

void markdown_text(FILE *out, const char *text)
{
    while (*text) {
        if (*text == '<' || *text == '>' ||
            *text == '&') { /* a backslash would not hold back a tag everywhere */
            fprintf(out, "&%s;", *text == '<' ? "lt" : *text == '>' ? "gt" : "amp");
            text++;
            continue;
        }
        if (strchr("\\`*_[]#|~$", *text))
            putc('\\', out);
        text += write_character(out, text);
    }
}

/* The fence is longer than any row of backticks in the text. */
static size_t fence_of(const char *text)
{
    size_t most = 0;
    while (*text) {
        const size_t n = strspn(text, "`");
        most = n > most ? n : most;
        text += n > 0 ? n : 1;
    }
    return most + 1;
}

static void write_fence(FILE *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        putc('`', out);
}

void markdown_code(FILE *out, const char *text)
{
    const size_t fence = fence_of(text), length = strlen(text);
    const bool is_padded = length == 0 || *text == '`' || text[length - 1] == '`';
    write_fence(out, fence);
    fputs(is_padded ? " " : "", out);
    while (*text) {
        if (*text == '|')
            putc('\\', out);
        text += write_character(out, text);
    }
    fputs(is_padded ? " " : "", out);
    write_fence(out, fence);
}

void markdown_row(FILE *out, const char *const *cells, size_t n)
{
    putc('|', out);
    for (size_t i = 0; i < n; i++) {
        putc(' ', out);
        markdown_text(out, cells[i]);
        fputs(" |", out);
    }
    putc('\n', out);
}

void markdown_head(FILE *out, const struct markdown_column *columns, size_t n)
{
    putc('|', out);
    for (size_t i = 0; i < n; i++) {
        putc(' ', out);
        markdown_text(out, columns[i].title);
        fputs(" |", out);
    }
    fputs("\n|", out);
    for (size_t i = 0; i < n; i++)
        fputs(columns[i].is_number ? " ---: |" : " --- |", out);
    putc('\n', out);
}
