/* CSV as RFC 4180 has it: a header row, commas, quotes only where needed, '.' as the decimal point, '\n' at
 * the end of a row, and an empty cell for what is unknown. The writer is a thin layer over a FILE; the reader
 * goes row by row, so files may be of any size, and skips a byte-order mark. A text that a spreadsheet would
 * run as a formula, because it begins with = + - or @, is written with an apostrophe in front, which the
 * reader of results removes. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct err;
struct kept_file;

struct csv_writer {
    FILE *file;             /* owned; NULL when closed */
    struct kept_file *kept; /* keeps what a full disk does not take; NULL: `file` is borrowed */
    char *path;             /* owned */
    bool in_row;
};

/* Creates `path` and writes the header row, a comma-separated list of plain column names, to the disk. */
int csv_create(struct csv_writer *w, const char *path, const char *header, struct err *e);
/* Each writes one cell. Write errors are reported by csv_flush and csv_close. */
void csv_text(struct csv_writer *w, const char *text);
/* Whether a spreadsheet would run the cell. A text with apostrophes in front of that counts too, so that
 * removing one restores the text. */
static inline bool csv_is_formula(const char *text)
{
    const char *first = text + strspn(text, "'");
    return *first && strchr("=+-@", *first);
}
void csv_u64(struct csv_writer *w, uint64_t value);
void csv_i64(struct csv_writer *w, int64_t value);
void csv_fixed(struct csv_writer *w, double value, int decimals); /* not finite: an empty cell */
/* Nine significant digits, as short as they allow; not finite: an empty cell. */
void csv_real(struct csv_writer *w, double value);
void csv_us(struct csv_writer *w, uint64_t ns); /* microseconds with three decimals, exact */
void csv_s(struct csv_writer *w, uint64_t ns);  /* seconds with six decimals, rounded down */
void csv_empty(struct csv_writer *w);
/* The cell if the value is known, else an empty one. */
void csv_u64_if(struct csv_writer *w, bool is_known, uint64_t value);
void csv_us_if(struct csv_writer *w, bool is_known, uint64_t ns);
void csv_end_row(struct csv_writer *w);
/* Flushes, so that a reader, or a crash, finds whole rows. -1 while some of it cannot be written: each flush
 * and the close try again. */
int csv_flush(struct csv_writer *w, struct err *e);
/* Closes; -1 when some of it is not in the file. Harmless on a zeroed or closed writer. */
int csv_close(struct csv_writer *w, struct err *e);

struct csv_reader {
    FILE *file;
    char *path;
    char *line; /* the current row's text, cut into fields */
    size_t line_bytes;
    char **fields; /* the current row; borrowed until the next csv_next */
    size_t n_fields;
    size_t fields_capacity;
    char **columns; /* the header row; owned */
    size_t n_columns;
    uint64_t line_number; /* where the current row begins */
    bool skips_remarks;   /* set by the caller: a line that is one cell is left out instead of refused */
    bool may_be_cut; /* set by the caller: a last line that was cut short is left out instead of refused */
    /* private */
    bool is_ours; /* opened by csv_open_results */
    bool has_end; /* by csv_end_before */
    int end_column;
    double end;
    uint64_t n_lines;   /* read so far */
    uint64_t n_bytes;   /* read so far */
    uint64_t row_bytes; /* where the current row begins in the file */
    bool is_cut;        /* the last line read has no end */
    char *more;         /* a further line of a row */
    size_t more_bytes;
};

/* Opens `path` and reads the header row. */
int csv_open(struct csv_reader *r, const char *path, struct err *e);
/* The same from an open stream, which it takes and closes, even on failure; `path` names it in sentences. */
int csv_open_stream(struct csv_reader *r, FILE *stream, const char *path, struct err *e);
/* The same for a file that csv_writer wrote: a formula's apostrophe is removed, and what cannot be shown on a
 * line is replaced (utf8_line), as the folder may come from elsewhere. A last line without a line end was cut
 * short, which is an error. */
int csv_open_results(struct csv_reader *r, const char *path, struct err *e);
/* The same from an open stream. */
int csv_open_results_stream(struct csv_reader *r, FILE *stream, const char *path, struct err *e);
/* Where a row begins. */
struct csv_place {
    uint64_t bytes, line_number;
};
/* The place of the current row. */
struct csv_place csv_place(const struct csv_reader *r);
/* Goes to a row of the file, which csv_next reads next. */
int csv_go(struct csv_reader *r, struct csv_place place, struct err *e);
/* Index of a column; -1 and a sentence that names file and column when it is missing. */
int csv_column(const struct csv_reader *r, const char *name, struct err *e);
/* Ends the rows before the first whose cell in the column is `end` or more. */
void csv_end_before(struct csv_reader *r, int column, uint64_t end);
/* Reads the next row: 1 there is one, 0 end of file, -1 broken or cut short (names file and line); a row must
 * have as many fields as the header, unless `skips_remarks`. */
int csv_next(struct csv_reader *r, struct err *e);
/* Numbers of the current row; an empty cell gives `if_empty`. -1 names file, line and column when the cell
 * holds something else. */
int csv_get_u64(const struct csv_reader *r, int column, uint64_t if_empty, uint64_t *value, struct err *e);
int csv_get_real(const struct csv_reader *r, int column, double if_empty, double *value, struct err *e);
void csv_reader_fini(struct csv_reader *r);

#endif
