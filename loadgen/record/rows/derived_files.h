/* The derived files of the run folder, written from memory: percentiles.csv, instances.csv, phases.csv,
 * checks.csv. */
#ifndef RECORD_DERIVED_FILES_H
#define RECORD_DERIVED_FILES_H

struct err;
struct judgement;
struct recorder;
struct recorder_ending;

int derived_files_write(const struct recorder *r, const struct recorder_ending *ending,
                        const struct judgement *j, struct err *e);

#endif
