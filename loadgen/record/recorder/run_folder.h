/* The run folder: made before anything is sent, filled once a second, whole at the end even if the run was
 * interrupted. The first write that fails is kept: the recorder says it at once. What a full disk did not
 * take is tried again each second, and room for the last files is set aside from the start. */
#ifndef RECORD_RUN_FOLDER_H
#define RECORD_RUN_FOLDER_H

#include "csv.h"
#include "err.h"
#include "hlog.h"
#include "room.h"

#include <limits.h>
#include <sys/types.h>

struct plan;

struct run_folder {
    char path[PATH_MAX];
    struct csv_writer intervals, errors, health, samples;
    struct hlog_writer hist;
    struct room json_room, rest_room; /* for run.json, and for what else comes at the end */
    dev_t device;                     /* with `inode`: which folder it is */
    ino_t inode;
    struct err failure; /* the first write that failed; ERR_NONE: all went well */
};

/* Makes the folder unless the caller has, copies the deployment file into it and opens what is written during
 * the run but hist.hlog, which needs t0. On failure nothing is left open. */
int run_folder_make(struct run_folder *f, const char *path, const struct plan *plan, struct err *e);
/* Creates hist.hlog. */
void run_folder_start(struct run_folder *f, uint64_t t0_realtime_ns);
/* Pushes what is written to the files, and looks whether they are still there. */
void run_folder_flush(struct run_folder *f);
/* Gives back the room for everything but run.json, and pushes. */
void run_folder_end(struct run_folder *f);
/* Closes the files. */
void run_folder_close(struct run_folder *f);
/* Closes them, and gives back the room. */
void run_folder_fini(struct run_folder *f);

/* Path of a file in the folder, in `out` of PATH_MAX bytes. */
const char *run_folder_file(const struct run_folder *f, const char *name, char *out);
/* Keeps the failure in `e` if it is the first. */
void run_folder_note(struct run_folder *f, const struct err *e);

/* Points `results/latest` at a folder in `results`; a reader finds the old link or the new one. A folder
 * elsewhere, which the user or a campaign chose, is left alone. */
void run_folder_point_latest(struct run_folder *f);

#endif
