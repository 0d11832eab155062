/* What every importer is given. An importer reads files that others wrote and writes a scenario that
 * `loadgen plan` accepts, with comments on what it could not map. */
#ifndef IMPORT_IMPORT_JOB_H
#define IMPORT_IMPORT_JOB_H

#include "plan.h"

#include <stddef.h>
#include <stdio.h>

struct draft;
struct err;

struct import_job {
    const char *kind;         /* "curl" */
    const char *const *files; /* "-": standard input */
    size_t n_files;
    char *const *words; /* curl: the words of one command, in place of files */
    size_t n_words;
    const char *output;         /* path of the scenario; NULL: it goes to standard output */
    const char *target;         /* logs: URL to send to; NULL: where the log's requests went */
    const char *methods;        /* logs: "GET,HEAD", of which requests are taken; NULL: these */
    char name[PLAN_NAME_BYTES]; /* of the scenario */
};

/* Writes the scenario to `out`, and whatever stands beside it in files of its own. -1 and a sentence: nothing
 * is kept of `out`. */
typedef int import_fn(const struct import_job *job, FILE *out, struct err *e);

/* Reads a whole file, or standard input; owned, NUL-terminated. */
int import_job_read(const char *file, size_t most_bytes, char **text, size_t *length_bytes, struct err *e);
/* What people call the file: its path, or "standard input". */
const char *import_job_file_name(const char *file);
/* Gives an empty draft the job's name, kind and sources. */
int import_job_begin(const struct import_job *job, struct draft *d, struct err *e);

#endif
