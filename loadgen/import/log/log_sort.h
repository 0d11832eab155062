/* Sorts more entries than memory holds, by the time at which they are due: what fits is sorted and written to
 * a temporary file, and the files are merged. Load balancers write a file per node and every few minutes, so
 * the order of lines is not that of time. */
#ifndef IMPORT_LOG_SORT_H
#define IMPORT_LOG_SORT_H

#include "log_record.h"

struct err;

enum { LOG_SORT_RUNS_MOST = 32 };

struct log_sort {
    const char *beside; /* temporary files lie in the folder of this file; borrowed */
    char *buffer;       /* owned: records, one after the other */
    size_t used_bytes, n_bytes;
    uint32_t *records; /* owned: where those in the buffer begin */
    size_t n_records, capacity;
    uint64_t n_added;
    int runs[LOG_SORT_RUNS_MOST]; /* sorted temporary files without names */
    unsigned n_runs;
};

void log_sort_init(struct log_sort *s, const char *beside);
void log_sort_fini(struct log_sort *s);

/* The entry must fit (log_record_fits). */
int log_sort_add(struct log_sort *s, const struct log_entry *entry, struct err *e);
/* Visits all in order. -1 ends the walk. */
typedef int log_visit_fn(void *payload, const struct log_entry *entry, struct err *e);
int log_sort_each(struct log_sort *s, log_visit_fn *visit, void *payload, struct err *e);

#endif
