/* Writes the derived files of a run folder again: percentiles.csv, instances.csv, phases.csv and checks.csv,
 * from run.json and hist.hlog alone, byte for byte as the run wrote them. */
#ifndef RECOMPUTE_H
#define RECOMPUTE_H

struct dataset;
struct err;

/* `folder` need not be that of the dataset. */
int recompute(const struct dataset *data, const char *folder, struct err *e);

#endif
