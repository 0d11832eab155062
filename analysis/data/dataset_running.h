/* Brings the counts of a run that did not end up to its other files: its run.json is older than they are. */
#ifndef DATASET_RUNNING_H
#define DATASET_RUNNING_H

struct dataset;
struct err;

/* Counts good answers by hist.hlog and other outcomes by errors.csv, as far as they were written, phase by
 * phase. The histograms must have been read. -1 when memory is short. */
int dataset_running_count(struct dataset *data, struct err *e);

#endif
