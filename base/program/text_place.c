#include "text_place.h"

#include "err.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SHOWN_MOST = 100 };

size_t text_place_bytes(const char *text, size_t length, size_t n)
{
    size_t i = 0;
    while (i < length && n > 0) {
        i++;
        while (i < length && ((unsigned char)text[i] & 0xC0) == 0x80)
            i++;
        n--;
    }
    return i;
}

static size_t line_length(const char *line)
{
    return strcspn(line, "\r\n");
}

/* Lines end as YAML has it: \n, \r\n or a lone \r. */
static const char *find_line(const char *text, uint32_t number)
{
    const char *line = text;
    for (uint32_t i = 1; line && i < number; i++) {
        const char *end = line + line_length(line);
        end += end[0] == '\r' && end[1] == '\n';
        line = *end ? end + 1 : NULL;
    }
    return line;
}

/* Appends the line and a caret below its column; of a long line, the stretch around the column. */
static void append_source(const struct text_place *p, char *out, size_t out_bytes)
{
    const char *line = find_line(p->text, p->line);
    if (!line)
        return;
    size_t length = line_length(line);
    size_t characters_before = p->column - 1;
    if (characters_before > LINE_SHOWN_MOST / 2 && text_place_bytes(line, length, LINE_SHOWN_MOST) < length) {
        const size_t cut = text_place_bytes(line, length, characters_before - LINE_SHOWN_MOST / 2);
        line += cut;
        length -= cut;
        characters_before = LINE_SHOWN_MOST / 2;
    }
    const size_t before = text_place_bytes(line, length, characters_before);
    const size_t shown = text_place_bytes(line, length, LINE_SHOWN_MOST);
    size_t used = (size_t)snprintf(out, out_bytes, "\n%.*s\n", (int)shown, line);
    for (size_t i = 0; i < before && used + 1 < out_bytes; i++)
        if (((unsigned char)line[i] & 0xC0) != 0x80)
            out[used++] = line[i] == '\t' ? '\t' : ' ';
    for (size_t i = 0; i < p->width && i + before < shown + 1 && used + 1 < out_bytes; i++)
        out[used++] = i ? '~' : '^';
    if (used < out_bytes)
        out[used] = '\0';
}

int text_place_show(const struct text_place *p, struct err *e)
{
    char sentence[ERR_TEXT_BYTES];
    if (e->kind == ERR_FAILED)
        return -1;
    snprintf(sentence, sizeof sentence, "%s", e->text);
    for (char *c = sentence; *c; c++) /* what is quoted may hold anything */
        if (strchr("\t\n\r", *c))
            *c = '?';
    utf8_line(sentence);
    if (p->line == 0)
        return err_set(e, ERR_INPUT, "%.1024s: error: %s", p->path, sentence);
    err_set(e, ERR_INPUT, "%.1024s:%u:%u: error: %s", p->path, p->line, p->column, sentence);
    const size_t length = strlen(e->text);
    append_source(p, e->text + length, sizeof e->text - length);
    return -1;
}
