/* The result of a run for other programs: a JSON object, JUnit XML, Markdown. */
#ifndef RECORD_RECORDER_OUTPUTS_H
#define RECORD_RECORDER_OUTPUTS_H

struct derived_run;
struct err;
struct recorder;
struct recorder_ending;
struct verdict;

/* Writes what recorder_params asks for. -1 and a sentence when a file could not be written, or memory was
 * short; main reports a failing stdout. */
int recorder_outputs_write(struct recorder *r, const struct recorder_ending *ending,
                           const struct verdict *verdict, const struct derived_run *run, struct err *e);

#endif
