/* A line of a file of recorded requests: the cells of a CSV row, cut where they stand, and what they mean.
 * The same functions read the file when the plan is made and again while it is sent. Allocates nothing. */
#ifndef PLAN_RECORDING_LINE_H
#define PLAN_RECORDING_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum {
    RECORDING_CELLS_MOST = 32,
    RECORDING_LINE_BYTES_MOST = 64 * 1024, /* without the line end */
    RECORDING_NAME_BYTES = 33,             /* longest name of a row, NUL included */
};

#define RECORDING_UNKNOWN UINT64_MAX

/* Bytes within the line; not NUL-terminated. */
struct recording_text {
    const char *text;
    size_t length_bytes;
};

struct recording_cells {
    struct recording_text list[RECORDING_CELLS_MOST];
    size_t n;
};

/* Where a line has what: indexes of cells. -1: the file has no such column. */
struct recording_columns {
    int due, method, path, row, took;
    size_t n; /* of all columns */
    struct recording_header_column {
        int cell;
        char *name;     /* of the header, owned */
        bool is_unused; /* the scenario gives this header itself */
    } headers[RECORDING_CELLS_MOST];
    size_t n_headers;
};

struct recording_line {
    uint64_t due_ns;  /* as it stands in the file */
    uint64_t took_ns; /* how long the request took when it was recorded; RECORDING_UNKNOWN */
    struct recording_text method, path, row;
    struct recording_cells cells;
};

/* Cuts a line, without its end, into cells; quotes are undone in place. NULL, or a sentence about what is
 * wrong: a constant. */
const char *recording_cells_cut(struct recording_cells *cells, char *line, size_t length_bytes);
/* Reads the heading line, which it cuts. -1 and a sentence without a place; recording_columns_fini is due
 * even then. */
int recording_columns_read(struct recording_columns *columns, char *line, size_t length_bytes, struct err *e);
void recording_columns_fini(struct recording_columns *columns);
/* Reads a line of the file, which it cuts, and checks that it can be sent. NULL, or what is wrong. */
const char *recording_line_read(struct recording_line *out, const struct recording_columns *columns,
                                char *line, size_t length_bytes);
/* "12.000125" in nanoseconds; false when it is no number of seconds, or more than a uint64_t holds. */
bool recording_seconds(const struct recording_text *text, uint64_t *ns);

#endif
