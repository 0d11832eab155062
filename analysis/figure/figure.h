/* The data of one figure: a tidy CSV, a title and a caption that stands alone. A figure is a function that
 * fills these from a dataset; its looks are in the gnuplot script of the same name, which holds style and no
 * numbers. Files are replaced only when their contents change, so that only stale pictures are redrawn. */
#ifndef FIGURE_H
#define FIGURE_H

#include "csv.h"

#include <stddef.h>
#include <stdio.h>

struct dataset;
struct err;

enum { FIGURE_TITLE_BYTES = 160, FIGURE_REASON_BYTES = 400, FIGURE_CAPTION_COLUMNS = 138 };

enum figure_result { FIGURE_FAILED = -1, FIGURE_DRAWN = 0, FIGURE_LEFT_OUT = 1 };

struct figure_file {
    const char *name;   /* file stem; borrowed */
    const char *folder; /* figures/ of the run folder; borrowed */
    struct csv_writer csv;
    FILE *caption; /* wrapped when it is written */
    char *caption_text;
    size_t caption_bytes;
    char title[FIGURE_TITLE_BYTES];
    char left_out[FIGURE_REASON_BYTES]; /* the reason of figure_leave_out */
};

/* Fills the file. FIGURE_LEFT_OUT (from figure_leave_out) when the run has no data for this figure. */
typedef enum figure_result figure_fn(const struct dataset *data, struct figure_file *out, struct err *e);

struct figure {
    const char *name;
    figure_fn *write;
};

/* Starts the CSV with its header row. */
int figure_begin(struct figure_file *out, const char *columns, struct err *e);
void figure_title(struct figure_file *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Records why there is nothing to draw; returns FIGURE_LEFT_OUT. */
enum figure_result figure_leave_out(struct figure_file *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes NAME.csv and NAME.txt (title in the first line, then the caption) into `folder`. For a figure that
 * is left out, removes older files and writes the reason to `left_out`. */
enum figure_result figure_make(const struct figure *figure, const struct dataset *data, const char *folder,
                               char *left_out, struct err *e);

#endif
