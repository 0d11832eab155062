/* CSV: whatever the reader accepts, written again and read again, has the same cells. */
#include "csv.h"
#include "err.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS_MOST = 64 };

struct cells {
    char **texts; /* of all rows */
    size_t n;
    size_t n_columns;
};

static void add_cells(struct cells *cells, char *const *texts, size_t n)
{
    cells->texts = realloc(cells->texts, (cells->n + n) * sizeof *cells->texts);
    FUZZ_HOLDS(cells->texts != NULL);
    for (size_t i = 0; i < n; i++)
        cells->texts[cells->n++] = strdup(texts[i]);
}

static void drop(struct cells *cells)
{
    for (size_t i = 0; i < cells->n; i++)
        free(cells->texts[i]);
    free(cells->texts);
}

/* All cells of a file, the header's first; false when the reader refuses it. */
static bool read_cells(const char *path, struct cells *cells)
{
    struct csv_reader r;
    struct err e = { ERR_NONE, "" };
    int more;
    *cells = (struct cells){ 0 };
    if (csv_open(&r, path, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
        return false;
    }
    cells->n_columns = r.n_columns;
    add_cells(cells, r.columns, r.n_columns);
    while ((more = csv_next(&r, &e)) > 0 && cells->n < ROWS_MOST * cells->n_columns) {
        FUZZ_HOLDS(r.n_fields == r.n_columns);
        add_cells(cells, r.fields, r.n_fields);
    }
    FUZZ_HOLDS(more >= 0 || *e.text != '\0');
    csv_reader_fini(&r);
    return more >= 0;
}

static void write_cells(const char *path, const struct cells *cells)
{
    struct csv_writer w;
    struct err e;
    char *header = calloc(cells->n_columns, 1); /* of empty names; the one that was read is a row here */
    FUZZ_HOLDS(header != NULL);
    memset(header, ',', cells->n_columns - 1);
    FUZZ_HOLDS(csv_create(&w, path, header, &e) == 0);
    free(header);
    for (size_t i = 0; i < cells->n; i++) {
        csv_text(&w, cells->texts[i]);
        if ((i + 1) % cells->n_columns == 0)
            csv_end_row(&w);
    }
    FUZZ_HOLDS(csv_close(&w, &e) == 0);
}

/* What a spreadsheet would run has an apostrophe in front. */
static void check_same(const char *was, const char *is)
{
    FUZZ_HOLDS(strcmp(was, is) == 0 || (*is == '\'' && strcmp(was, is + 1) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const char *const none[] = { NULL };
    char path[FUZZ_PATH_BYTES];
    struct cells first;
    const int fd = fuzz_file(data, length_bytes, path);
    if (read_cells(path, &first)) {
        struct cells second;
        snprintf(path, sizeof path, "%s/csv", fuzz_folder((const uint8_t *)"", 0, none));
        write_cells(path, &first);
        FUZZ_HOLDS(read_cells(path, &second));
        FUZZ_HOLDS(second.n_columns == first.n_columns);
        for (size_t i = first.n_columns; i < second.n; i++)
            check_same(first.texts[i - first.n_columns], second.texts[i]);
        drop(&second);
    }
    drop(&first);
    close(fd);
    return 0;
}
