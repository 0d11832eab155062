/* The summary of a run for people: the table first, then how sure, then where to look. One screen; what does
 * not apply is left out. Plain text, so that pipes and terminals get the same. `loadgen run` fills the
 * description from memory, `loadgen analysis` from the files of the run folder; the lines are the same. */
#ifndef BASE_SUMMARY_H
#define BASE_SUMMARY_H

#include "derived.h"
#include "outcome.h"
#include "threshold.h"

#include <stdio.h>

/* The requests of one stream. */
struct summary_counts {
    uint64_t n_done, n_ok;           /* outside of warm-up */
    uint64_t n_warmup;               /* done in warm-up */
    uint64_t n_outcomes[N_OUTCOMES]; /* by class, warm-up included; OUTCOME_OK is not looked at */
};

/* Why requests failed; in class `ok`, an event that failed none. */
struct summary_cause {
    size_t stream; /* its place in the description */
    enum outcome outcome;
    unsigned status; /* 0: none */
    const char *cause;
    uint64_t count;
};

/* Everything the summary prints; all pointers are borrowed. */
struct summary {
    const struct derived_run *run;
    const struct summary_counts *counts; /* [run->n_streams] */
    const struct summary_cause *causes;  /* in the order of their first appearance */
    size_t n_causes;
    const struct threshold_result *thresholds;
    size_t n_thresholds;
    const char *verdict; /* "OK", "WARN", "INVALID" */
    const char *end;     /* as in run.json: "done", ... */
    uint64_t duration_ns;
    bool lacks_times; /* the histograms are incomplete, so counts per instance would be wrong */
    uint64_t n_log_rows, n_log_dropped, n_log_unwritten; /* of requests.csv; 0 without one */
    const char *folder;
};

/* -1 when memory is short. */
int summary_print(const struct summary *s, FILE *out);

/* The parts, each with its heading in the left column; -1 when memory is short. */
int summary_table(const struct summary *s, FILE *out);
int summary_instances(const struct summary *s, FILE *out);
int summary_errors(const struct summary *s, FILE *out);
void summary_verdict(const struct summary *s, FILE *out);
int summary_rules(const struct summary *s, FILE *out);

#endif
