/* The derived files of a run folder from its primary ones: percentiles.csv, instances.csv, phases.csv and
 * checks.csv out of run.json and hist.hlog alone, byte for byte what the run itself wrote. */
#ifndef RECOMPUTE_H
#define RECOMPUTE_H

struct dataset;
struct err;

/* Writes the four files into `folder`, which may be another than the dataset's own. */
int recompute(const struct dataset *data, const char *folder, struct err *e);

#endif
