/* Reads hist.hlog of a run folder into a dataset. dataset_open calls it. */
#ifndef DATASET_LOG_H
#define DATASET_LOG_H

struct dataset;
struct err;

/* Adds all times to `tags`, `roles`, `by_step` and `less_g_by_step` of `data`, which are allocated, and cuts
 * idle stretches out of the axis. -1 when the log is broken or does not match run.json. */
int dataset_log_read(struct dataset *data, struct err *e);

#endif
