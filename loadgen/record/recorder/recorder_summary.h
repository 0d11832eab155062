/* The summary at the end of a run, from memory. */
#ifndef RECORD_RECORDER_SUMMARY_H
#define RECORD_RECORDER_SUMMARY_H

#include <stdio.h>

struct derived_run;
struct summary;
struct verdict;
struct recorder;
struct recorder_ending;

/* One of base/summary/summary.h's forms of a run: summary_print, summary_markdown, summary_junit. */
typedef int recorder_summary_fn(const struct summary *s, FILE *out);

/* Writes that form. -1 when memory is short. */
int recorder_summary(struct recorder *r, const struct recorder_ending *ending, const struct verdict *verdict,
                     const struct derived_run *run, recorder_summary_fn *print, FILE *out);

#endif
