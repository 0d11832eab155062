#include "figure_input.h"

#include "csv.h"
#include "err.h"
#include "files.h"
#include "utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096, TEXT_MOST_BYTES = 1 << 20 };

static void put(FILE *out, char *text)
{
    utf8_line(text);
    if (strcasecmp(text, "nan") == 0)
        putc('\3', out);
    for (; *text; text++)
        putc(*text == '"' ? '\1' : *text == '\\' ? '\2' : *text, out);
}

static void put_row(FILE *out, char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            putc('\t', out);
        put(out, cells[i]);
    }
    putc('\n', out);
}

static FILE *create(const char *folder, const char *name, char path[PATH_BYTES], struct err *e)
{
    snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    return files_create(path, e);
}

static int copy_rows(struct csv_reader *csv, const char *to, struct err *e)
{
    char path[PATH_BYTES];
    FILE *out = create(to, "data", path, e);
    if (!out)
        return -1;
    int more;
    put_row(out, csv->columns, csv->n_columns);
    while ((more = csv_next(csv, e)) > 0)
        put_row(out, csv->fields, csv->n_fields);
    struct err ignored;
    return files_close(out, path, more < 0 ? &ignored : e) || more < 0 ? -1 : 0;
}

static int copy_text(const char *from, const char *to, struct err *e)
{
    char path[PATH_BYTES], *text;
    size_t length;
    if (files_read(from, TEXT_MOST_BYTES, &text, &length, e))
        return -1;
    FILE *out = create(to, "text", path, e);
    for (char *line = text, *end; out && *line; line = end) {
        const size_t n = strcspn(line, "\n");
        end = line + n + (line[n] == '\n');
        line[n] = '\0';
        putc('|', out);
        put(out, line);
        putc('\n', out);
    }
    free(text);
    return out ? files_close(out, path, e) : -1;
}

int figure_input_write(const char *figures, const char *name, const char *to, struct err *e)
{
    char path[PATH_BYTES];
    struct csv_reader csv;
    snprintf(path, sizeof path, "%s/%s.csv", figures, name);
    if (csv_open_results(&csv, path, e))
        return -1;
    const int status = copy_rows(&csv, to, e);
    csv_reader_fini(&csv);
    snprintf(path, sizeof path, "%s/%s.txt", figures, name);
    return status ? -1 : copy_text(path, to, e);
}
