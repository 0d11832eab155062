/* A comparison of two arms by pairs of runs, or by the two clusters of one run, with a result per number
 * compared. */
#ifndef COMPARISON_H
#define COMPARISON_H

#include "decide.h"
#include "ks.h"
#include "note_list.h"
#include "run_interval.h"
#include "sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct dataset;
struct err;

struct comparison_pair {
    unsigned number;
    bool is_control; /* arm A twice */
    char order[8];   /* AB, BA, AA, side */
    struct sample a, b;
};

enum {
    COMPARISON_REASON_BYTES = 400,
    COMPARISON_WHY_MORE = 7,
    COMPARISON_WORDS_BYTES = 96,
    COMPARISON_ABOUT_BYTES = 300,
    COMPARISON_URL_BYTES = 512,
    COMPARISON_CELLS = 6, /* name, A, B, ratio, interval, decision */
    COMPARISON_ROWS = SAMPLE_RATE + 3,
};

/* A number of both arms as text. */
struct comparison_row {
    char cells[COMPARISON_CELLS][COMPARISON_WORDS_BYTES];
};

struct comparison {
    struct comparison_pair *pairs; /* owned; in the order of running */
    size_t n_pairs, n_controls, capacity;
    size_t n_missing;                         /* pairs of the campaign still to be run */
    size_t n_unpaired_a, n_unpaired_b;        /* runs of the one arm for which the other has none, left out */
    size_t n_others;                          /* further clusters of the one run, not compared */
    size_t n_broken;                          /* pairs with a run that cannot be read, */
    char why_broken[COMPARISON_REASON_BYTES]; /* why, for the first of them, */
    char why_more[COMPARISON_WHY_MORE][COMPARISON_REASON_BYTES]; /* and for some others */
    uint64_t seed;                                               /* of the campaign; 0: unknown */
    enum sample_value primary;                                   /* declared in advance */
    double margin;
    double confidence; /* of the intervals' quantiles; more than what they cover if their width ended the
                          campaign, */
    unsigned n_looks;  /* which was looked at so often; 0: the number of pairs was fixed */
    double width;      /* it was to be that narrow, relative to the ratio */
    struct decide_result results[N_SAMPLE_VALUES];
    size_t n_runs, n_invalid; /* runs, and those whose primary number may be the generator's doing */
    struct decide_result
        without_invalid; /* the primary of the pairs without them; of no pairs if there are none */
    bool is_campaign;
    char urls[2][COMPARISON_URL_BYTES]; /* of a campaign's arms; "": they are a scenario's clusters */
    /* Within one run: ratios with intervals from its seconds. They describe that run only. */
    bool within_run;
    char *answer; /* owned; the sentences that the run's summary and report have; NULL: none */
    struct run_interval within[N_SAMPLE_VALUES];
    struct ks ks; /* of one run: where its two distributions differ most; else its distance is NAN */
};

/* Whether a value has an interval within one run; single instances answer too little per second. */
bool comparison_has_within(enum sample_value value);

/* Compares the first two arms of one run; one with a single arm is refused. Call comparison_fini even on
 * failure. */
int comparison_of_run(struct comparison *c, const struct dataset *data, struct err *e);
/* The same with arms of the caller's choice. */
int comparison_of_arms(struct comparison *c, const struct dataset *data, size_t a, size_t b, struct err *e);
/* Compares the pairs of a campaign folder. */
int comparison_of_campaign(struct comparison *c, const char *folder, struct err *e);
/* Compares run folders, paired in order. The arms are the runs' only clusters, or those named. A pair with
 * a run whose log lacks times is left out; -1 when none is left. */
int comparison_of_runs(struct comparison *c, const char *const *a, const char *const *b, size_t n,
                       const char *cluster_a, const char *cluster_b, struct err *e);
void comparison_fini(struct comparison *c);

/* The first pair that is no control, for names and counts; NULL without one. */
const struct comparison_pair *comparison_first(const struct comparison *c);
/* Whether the pair is two clusters of one run. */
bool comparison_is_one_run(const struct comparison_pair *pair);
/* The best ratio available with its interval, of the pairs or within the run; unknown where too few attempts
 * lie beyond a percentile. Fewer than six pairs have no interval: with two it would span decades. */
struct decide_interval comparison_ratio(const struct comparison *c, enum sample_value value);

/* Writes compare.csv and pairs.csv into a folder. */
int comparison_write(const struct comparison *c, const char *folder, struct err *e);
/* The notes under the numbers, in order; check `is_short`. Free with note_list_fini. */
struct note_list comparison_notes(const struct comparison *c);
/* Adds the caveats; `pair` is the first one. comparison_notes calls it. */
void comparison_caveats(struct note_list *notes, const struct comparison *c,
                        const struct comparison_pair *pair);
/* Failed and all attempts of either arm over the pairs that are no controls. */
struct comparison_errors {
    uint64_t a_err, a_n, b_err, b_n;
};
struct comparison_errors comparison_errors(const struct comparison *c);
/* Whether half of an arm's runs or more have an invalid primary number, so that nothing rests on it. */
bool comparison_rests_on_invalid(const struct comparison *c);
/* Computes the ratios of two arms within one run; comparison_of_arms calls it. */
void comparison_within(struct comparison *c, const struct dataset *data, size_t a, size_t b);
/* Makes another percentile the one declared in advance, and decides anew. */
int comparison_set_primary(struct comparison *c, enum sample_value primary, struct err *e);
/* Names the arms after folders, as comparison_name_runs does, also when their clusters have different names.
 */
void comparison_name_folders(struct comparison *c, const char *a, const char *b);
/* The decision on a number in a few words: "slower", "undecided: interval (about 14 more pairs)". */
const char *comparison_decision(const struct comparison *c, enum sample_value value,
                                char out[COMPARISON_WORDS_BYTES]);
/* Percentiles, rate, failed shares, and goodput where it was declared. Returns how many rows there are. */
size_t comparison_rows(const struct comparison *c, struct comparison_row rows[COMPARISON_ROWS]);
/* What the rows count: "service times of all attempts, geometric means over the runs". */
const char *comparison_about(const struct comparison *c, char out[COMPARISON_ABOUT_BYTES]);
/* The result as a sentence or two, and the view for terminals and logs that begins with it, with prose in
 * lines of 80 columns if `is_wrapped`; -1 when out of memory. */
void comparison_sentence(FILE *out, const struct comparison *c);
int comparison_print(FILE *out, const struct comparison *c, bool is_wrapped);
/* A further row of its notes. */
void comparison_print_note(FILE *out, const char *heading, const char *text, bool is_wrapped);

#endif
