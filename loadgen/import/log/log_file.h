/* The lines of a log, plain or gz, as entries. The times of Apache and nginx are whole seconds: the requests
 * that a file has for a second are spread evenly over it, in their order. */
#ifndef IMPORT_LOG_FILE_H
#define IMPORT_LOG_FILE_H

#include "log_sort.h"

struct err;

struct log_form {
    log_parse_fn *parse;
    bool spreads;         /* times are whole seconds */
    bool is_when_written; /* the time is when the request was over */
};

struct log_reading {
    const struct log_form *form;
    const char *methods; /* "GET,HEAD": the others are left out; "all" */
    log_visit_fn *visit;
    void *payload;
    uint64_t n_lines, n_skipped[N_LOG_SKIPS];
};

/* Reads the file, or standard input for "-", and visits its entries. Nothing of an entry outlives the visit.
 */
int log_file_read(struct log_reading *r, const char *path, struct err *e);

#endif
