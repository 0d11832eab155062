/* Counts the attempts of each arm of a dataset. */
#ifndef DATASET_ATTEMPTS_H
#define DATASET_ATTEMPTS_H

struct dataset;
struct err;

/* Fills data->ages and data->attempts. -1 when memory is short; freed by dataset_fini. */
int dataset_attempts_count(struct dataset *data, struct err *e);

#endif
