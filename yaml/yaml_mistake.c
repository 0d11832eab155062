/* A mistake in a YAML file, shown where it stands, as compilers do. */
#include "err.h"
#include "utf8.h"
#include "yaml_tree.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SHOWN_MOST = 100 };

/* Bytes of the first `n` characters of a UTF-8 text, at most `length`. */
static size_t bytes_of(const char *text, size_t length, size_t n)
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
static void append_source(const struct yaml_file *f, const struct yaml_node *node, char *out,
                          size_t out_bytes)
{
    const char *line = find_line(f->text, node->line);
    if (!line)
        return;
    size_t length = line_length(line);
    size_t characters_before = node->column - 1;
    if (characters_before > LINE_SHOWN_MOST / 2 && bytes_of(line, length, LINE_SHOWN_MOST) < length) {
        const size_t cut = bytes_of(line, length, characters_before - LINE_SHOWN_MOST / 2);
        line += cut;
        length -= cut;
        characters_before = LINE_SHOWN_MOST / 2;
    }
    const size_t before = bytes_of(line, length, characters_before);
    const size_t shown = bytes_of(line, length, LINE_SHOWN_MOST);
    size_t used = (size_t)snprintf(out, out_bytes, "\n%.*s\n", (int)shown, line);
    for (size_t i = 0; i < before && used + 1 < out_bytes; i++)
        if (((unsigned char)line[i] & 0xC0) != 0x80)
            out[used++] = line[i] == '\t' ? '\t' : ' ';
    for (size_t i = 0; i < node->width && i + before < shown + 1 && used + 1 < out_bytes; i++)
        out[used++] = i ? '~' : '^';
    if (used < out_bytes)
        out[used] = '\0';
}

int yaml_place(const struct yaml_file *f, const struct yaml_node *node, struct err *e)
{
    char sentence[ERR_TEXT_BYTES];
    if (e->kind == ERR_FAILED)
        return -1;
    snprintf(sentence, sizeof sentence, "%s", e->text);
    for (char *c = sentence; *c; c++) /* what is quoted may hold anything */
        if (strchr("\t\n\r", *c))
            *c = '?';
    utf8_line(sentence);
    if (node->line == 0)
        return err_set(e, ERR_INPUT, "%.1024s: error: %s", f->path, sentence);
    err_set(e, ERR_INPUT, "%.1024s:%u:%u: error: %s", f->path, node->line, node->column, sentence);
    const size_t length = strlen(e->text);
    append_source(f, node, e->text + length, sizeof e->text - length);
    return -1;
}

int yaml_mistake(const struct yaml_file *f, const struct yaml_node *node, struct err *e, const char *format,
                 ...)
{
    va_list args;
    e->kind = ERR_INPUT;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    return yaml_place(f, node, e);
}

const char *yaml_shown(const struct yaml_node *node, char *out)
{
    if (node->kind != YAML_SCALAR)
        snprintf(out, YAML_SHOWN_BYTES, "%s", node->kind == YAML_LIST ? "a list" : "a map");
    else if (node->is_null)
        snprintf(out, YAML_SHOWN_BYTES, "nothing");
    else if (node->text_bytes > 0 && strspn(node->text, "+-.0123456789") == node->text_bytes)
        snprintf(out, YAML_SHOWN_BYTES, "%.40s", node->text);
    else {
        const size_t line = strcspn(node->text, "\n");
        const size_t shown = bytes_of(node->text, line, 40);
        snprintf(out, YAML_SHOWN_BYTES, "'%.*s%s'", (int)(shown < 48 ? shown : 48), node->text,
                 shown < node->text_bytes ? "..." : "");
    }
    return out;
}
