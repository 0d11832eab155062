/* The summary of a run for people: what was measured, the table, then how sure, then where to look. One
 * screen of 80 columns; what does not apply is left out. Colour only adds, so pipes and terminals get the
 * same text. `loadgen run` fills the description from memory, `loadgen analysis` from the files of the run
 * folder; the bytes are the same. */
#ifndef BASE_SUMMARY_H
#define BASE_SUMMARY_H

#include "claims.h"
#include "derived.h"
#include "outcome.h"
#include "term.h"
#include "threshold.h"

#include <stdio.h>

struct within_side;

enum {
    SUMMARY_COLUMNS = 80,
    SUMMARY_COLUMNS_LEAST = 40,
    SUMMARY_INDENT = 14,
    SUMMARY_END_BYTES = 128,
    SUMMARY_WORDS_BYTES = 256,
    SUMMARY_HTTP2_MOST = 2,
    SUMMARY_AGAIN_MOST = 5,
};

/* Why requests failed; in class `ok`, an event that failed none. */
struct summary_cause {
    size_t stream;    /* its place in the description */
    const char *step; /* NULL or "": its stream has no steps */
    enum outcome outcome;
    unsigned status; /* 0: none */
    const char *cause;
    uint64_t count;
};

#define SUMMARY_GENERATOR_MISSING "missing"

/* A generator whose part of the run was merged, or should have been. Numbers that are not known are NAN. */
struct summary_generator {
    const char *host;  /* NULL: unknown */
    uint64_t share;    /* from 1; 0: it is no share */
    const char *end;   /* as in run.json, or SUMMARY_GENERATOR_MISSING */
    const char *level; /* of its worst check: "OK", "WARN", "INVALID" */
    uint64_t n_sent;
    double lag_p99_us, cpu_pct, clock_offset_us, clock_error_us, start_late_us;
};

/* Everything the summary prints; all pointers are borrowed. */
struct summary {
    struct term term;          /* where it is printed; a width of 0 means 80 columns */
    const char *scenario;      /* its name; NULL in quick mode */
    const char *scenario_file; /* NULL in quick mode */
    bool is_emulated;
    uint64_t n_threads;
    const struct derived_run *run;
    const struct claims *claims;
    const struct within_side *sides;    /* the two clusters that are compared; NULL: there are not two */
    const struct summary_cause *causes; /* in the order of their first appearance */
    size_t n_causes;
    const struct threshold_result *thresholds;
    size_t n_thresholds;
    const char *end; /* as in run.json: "done", ... */
    uint64_t duration_ns;
    bool lacks_times; /* the histograms are incomplete, so counts per instance would be wrong */
    uint64_t n_log_rows, n_log_dropped, n_log_unwritten; /* of requests.csv; 0 without one */
    const char *folder;                                  /* NULL: nothing was kept */
    uint64_t share, n_shares;                   /* which share of how many it is, from 1; 0: the whole plan */
    const struct summary_generator *generators; /* of a merged run */
    size_t n_generators;
};

/* -1 when memory is short. */
int summary_print(const struct summary *s, FILE *out);

/* The parts; -1 when memory is short. Those below the table have a heading in the left column. */
/* What was measured, and how: target, connections, threads, load model, duration. */
void summary_title(const struct summary *s, FILE *out);
/* The same as a paragraph of Markdown. */
void summary_title_markdown(const struct summary *s, FILE *out);
/* How a run ended that did not end as planned: returns a heading, with the rest of the sentence in `words`.
 * NULL: it did. */
const char *summary_end(const struct summary *s, char words[SUMMARY_END_BYTES]);
/* Returns which claims the terminal has columns for, bit by bit: narrow ones lose p90, then p99.9. */
unsigned summary_table(const struct summary *s, FILE *out, int *status);
/* HTTP/2: the streams of a connection asked for, allowed and reached, and connections that ended. Returns how
 * many lines of words it has written. */
size_t summary_http2(const struct summary *s, char words[static SUMMARY_HTTP2_MOST][SUMMARY_WORDS_BYTES]);
/* Requests that were sent again, a line for each reason, of which it returns the number. */
size_t summary_again(const struct summary *s, char words[static SUMMARY_AGAIN_MOST][SUMMARY_WORDS_BYTES]);
/* The slowest and the mean good answer, bytes, connects and HTTP statuses of each row. */
int summary_details(const struct summary *s, FILE *out);
/* The generators of a merged run, or those that stand out if there are many; and which share this is. */
int summary_generators(const struct summary *s, FILE *out);
/* "missing", "killed", "interrupted", "INVALID", ...; "" if nothing is to be noted. Constant, or the
 * generator's own. */
const char *summary_generator_state(const struct summary_generator *g);
/* Whether its share was not among those merged: only its number is known. */
bool summary_generator_is_missing(const struct summary_generator *g);
/* Whether it is listed even where there are too many for all to be. */
bool summary_generator_stands_out(const struct summary_generator *g);
/* Why no threshold is judged; NULL: they are. Constant. */
const char *summary_unjudged(const struct summary *s);
/* Which of two clusters was faster, as far as one run tells. */
int summary_verdict(const struct summary *s, FILE *out);
/* What the marks mean that stand in the table, whose columns are `shown`. */
void summary_claims(const struct summary *s, unsigned shown, FILE *out);
int summary_instances(const struct summary *s, FILE *out);
int summary_errors(const struct summary *s, FILE *out);
int summary_rules(const struct summary *s, FILE *out);

/* Cells of the table; both return `out`, which has UNITS_TEXT_BYTES. */
const char *summary_failed_text(const struct claim_row *row, char *out);
const char *summary_time_text(struct attempt_time time, char *out);

/* The same for a pull request's comment: title, table, HTTP/2 and thresholds in Markdown. Returns 0, as the
 * other forms do where they succeed. */
int summary_markdown(const struct summary *s, FILE *out);
/* The run and each threshold as a JUnit test case: missed is a failure, undecided skipped, and what rests on
 * loadgen's own doing an error. -1 when memory is short. */
int summary_junit(const struct summary *s, FILE *out);

enum { SUMMARY_NAME_BYTES = TAGS_STREAM_BYTES };

/* The row of claims at `i` that the table shows: clusters, if there are several and their streams' times may
 * be put together, else streams; behind each the rows of its session streams. NULL behind the last. */
const struct claim_row *summary_row(const struct summary *s, size_t i);
/* Whether all clusters and streams are of one load model, so that their times are of one kind. */
bool summary_is_one_model(const struct summary *s);
/* Its short name: the label of its cluster, or its own; for a step, its name below its stream. */
const char *summary_row_name(const struct summary *s, const struct claim_row *row);
/* The name behind a label; "" where they are one. */
const char *summary_full_name(const struct summary *s, const struct claim_row *row);
/* Whether any row has a label. */
bool summary_has_full_names(const struct summary *s);
/* The short name where it stands alone: "stream/step" for a step, if there are several streams. Returns
 * `out`. */
const char *summary_row_title(const struct summary *s, const struct claim_row *row,
                              char out[static SUMMARY_NAME_BYTES]);
/* The columns that lines may fill. */
int summary_columns(const struct summary *s);

/* Prints a line, or as many as it takes, in the column behind its heading. */
void summary_line(const struct summary *s, FILE *out, const char *heading, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Prints prose behind `indent` columns; `used` of the first line's are taken, or 0. A word longer than a line
 * stays whole. */
void summary_prose(const struct summary *s, FILE *out, const char *text, size_t indent, size_t used);
/* Parts of a line, `gap` blanks apart; a part that does not fit begins the next line. `indent` is that of all
 * lines but the first, which continues behind `used` columns. */
void summary_parts(const struct summary *s, FILE *out, const char *const *parts, size_t n, size_t gap,
                   size_t indent, size_t used);

#endif
