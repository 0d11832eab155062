/* remotes.csv of shares: the counts of each cluster and address are added. Percentiles that several
 * generators measured cannot be merged without their histograms, so they are left out. */
#ifndef MERGE_REMOTES_H
#define MERGE_REMOTES_H

struct err;
struct merge;

/* Writes the file. A killed share has none, and so counts nothing. */
int merge_remotes(const struct merge *m, struct err *e);

#endif
