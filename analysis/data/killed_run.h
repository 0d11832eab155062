/* The run.json of a run that goes on, or was killed, is up to ten seconds older than its other files. Brings
 * it up to the last second that all of them hold, so that it reads as if the run had been stopped there. */
#ifndef KILLED_RUN_H
#define KILLED_RUN_H

#include <jansson.h>
#include <stdint.h>

struct err;

/* Changes duration, phases, totals and `exact` of `root`, the folder's run.json, by intervals.csv, hist.hlog
 * and errors.csv. HTTP statuses, which no other file has, are left out if there were more answers since. Sets
 * `whole_s`: the files' rows from this second on are not part of the run. -1 when a file is missing or broken
 * before its end. */
int killed_run_bring_up(json_t *root, const char *folder, uint64_t *whole_s, struct err *e);

#endif
