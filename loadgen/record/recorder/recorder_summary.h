/* The summary at the end of a run, from memory. */
#ifndef RECORD_RECORDER_SUMMARY_H
#define RECORD_RECORDER_SUMMARY_H

#include <stdio.h>

struct derived_run;
struct verdict;
struct recorder;
struct recorder_ending;

/* Prints base/summary/summary.h's lines. -1 when memory is short. */
int recorder_summary(const struct recorder *r, const struct recorder_ending *ending,
                     const struct verdict *verdict, const struct derived_run *run, FILE *out);

#endif
