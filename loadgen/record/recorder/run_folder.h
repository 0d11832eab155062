/* The run folder: created before anything is sent, filled once a second, complete at the end even if the run
 * was interrupted. The first failure to write is kept, and the recorder prints it at once. Writes that a full
 * disk refused are repeated each second, and space for the last files is reserved from the start. A run may
 * also keep nothing: then its rows go nowhere, and nothing is created. */
#ifndef RECORD_RUN_FOLDER_H
#define RECORD_RUN_FOLDER_H

#include "csv.h"
#include "err.h"
#include "hlog.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct plan;

/* Reserved disk space. */
struct run_folder_room {
    bool is_taken;
    int fd;
};

struct run_folder {
    char path[PATH_MAX]; /* "": nothing is kept */
    struct csv_writer intervals, errors, health, samples;
    struct hlog_writer hist;
    struct run_folder_room json_room, rest_room; /* for run.json and for the other last files */
    dev_t device;                                /* with `inode`: which folder it is */
    ino_t inode;
    struct err failure; /* the first failed write; ERR_NONE: there was none */
};

/* Creates the folder if missing, copies the deployment file into it and opens the files written during the
 * run, except hist.hlog, which needs t0. On failure nothing stays open. `path` NULL: nothing is kept. */
int run_folder_make(struct run_folder *f, const char *path, const struct plan *plan, struct err *e);
bool run_folder_is_kept(const struct run_folder *f);
/* Creates hist.hlog. */
void run_folder_start(struct run_folder *f, uint64_t t0_realtime_ns);
/* Flushes the files, intervals.csv last, and checks that they still exist. */
void run_folder_flush_but_intervals(struct run_folder *f);
void run_folder_flush(struct run_folder *f);
/* Releases the space reserved for files other than run.json, and flushes. */
void run_folder_end(struct run_folder *f);
/* Closes the files and releases all space. Harmless when repeated. */
void run_folder_close(struct run_folder *f);

/* Path of a file in the folder, in `out` of PATH_MAX bytes. */
const char *run_folder_file(const struct run_folder *f, const char *name, char *out);
/* Keeps the failure if it is the first. */
void run_folder_note(struct run_folder *f, const struct err *e);

/* Points `results/latest` at the folder, atomically, if it lies directly in a `results`; a folder elsewhere
 * was chosen by the user or a campaign. */
void run_folder_point_latest(struct run_folder *f);

#endif
