/* The summary of a run for people: the table first, then how sure, then where to look. One screen; what does
 * not apply is not there. Plain text, so that pipes and terminals get the same. */
#ifndef RECORD_SUMMARY_H
#define RECORD_SUMMARY_H

#include "recorder.h"

#include <stdio.h>

struct stats;
struct hist;
struct judgement;
struct names;
struct phase_clock;
struct plan;

/* What is told; all borrowed. */
struct summary {
    const struct plan *plan;
    const struct phase_clock *phases;
    const struct stats *run;       /* with the run's numbers */
    const struct names *instances; /* the run's */
    const struct judgement *judgement;
    const char *folder;
    enum recorder_end end;
    uint64_t start_ns, end_ns; /* monotonic */
    struct request_log_counts log_counts;
    struct hist *scratch;
    FILE *out;
};

/* Prints all of it. */
void summary_print(const struct summary *s);

/* The parts, each with its heading in the left column: summary_table.c ... */
void summary_table(const struct summary *s);
/* ... summary_instances.c ... */
void summary_instances(const struct summary *s);
/* ... summary_errors.c ... */
void summary_errors(const struct summary *s);
/* ... summary_verdict.c. */
void summary_verdict(const struct summary *s);
void summary_rules(const struct summary *s);
void summary_thresholds(const struct summary *s);

#endif
