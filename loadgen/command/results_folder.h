/* The folder of new results. mkdir decides who gets it, so that two programs that start together have folders
 * of their own, and results are never overwritten. */
#ifndef COMMAND_RESULTS_FOLDER_H
#define COMMAND_RESULTS_FOLDER_H

#include <stddef.h>
#include <stdint.h>

struct err;

/* Makes `folder` and its parents. One that exists already is refused (ERR_INPUT). */
int results_folder_make(const char *folder, struct err *e);

/* Makes "results/<UTC time>-<name>" of that moment, or the same with -2, -3, ... where others had that name
 * first, and puts its path into `out`. */
int results_folder_make_new(const char *name, uint64_t realtime_ns, char *out, size_t out_bytes,
                            struct err *e);

/* Makes `wanted`, or a new one now when it is NULL; its path in `out`. */
int results_folder_of(const char *wanted, const char *name, char *out, size_t out_bytes, struct err *e);

#endif
