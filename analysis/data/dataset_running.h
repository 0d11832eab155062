/* A run that goes on or was killed: its run.json is some seconds older than its log. */
#ifndef DATASET_RUNNING_H
#define DATASET_RUNNING_H

struct err;
struct run_json;

/* Makes the run, and the phases that were in force when run.json was written, as long as the log in `folder`.
 * -1 and a sentence when that cannot be read. */
int dataset_running_extend(struct run_json *run, const char *folder, struct err *e);

#endif
