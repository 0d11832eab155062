/* The plan of a campaign: its runs, their arms and their order, and the file that holds it. The order is
 * drawn once from the seed and written before the first run, with the options that were given, so that an
 * interrupted campaign continues as planned. */
#ifndef COMMAND_CAMPAIGN_H
#define COMMAND_CAMPAIGN_H

#include "plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum {
    CAMPAIGN_PAIRS_MOST = 1000,
    CAMPAIGN_PAIRS_LEAST = 6,       /* fewer only describe (analysis/statistics/decide) */
    CAMPAIGN_CONTROLS_LEAST = 2,    /* fewer have no spread */
    CAMPAIGN_WIDTH_PAIRS_LEAST = 8, /* before the width of the interval may end it */
    CAMPAIGN_WIDTH_STEP = 2,        /* pairs added between two looks at it */
    CAMPAIGN_NAME_BYTES = 32,
};

enum campaign_kind {
    CAMPAIGN_AB, /* one run of each arm */
    CAMPAIGN_AA, /* a control: arm A twice, in the way that the pairs are made */
};

/* The quantiles of the interval when its width ends the campaign: looking repeatedly stops too often at an
 * interval that is narrow by chance, and 97 % quantiles make up for it (simulated: it covers 95.6 % or more,
 * where 95 % quantiles cover 93.2 %). */
#define CAMPAIGN_WIDTH_QUANTILE 0.97

struct campaign_pair {
    enum campaign_kind kind;
    uint32_t number; /* from 1, counted apart for AB and AA */
    bool b_is_first; /* AB: the run of arm B comes before that of arm A */
};

struct campaign {
    char *subjects[2];             /* owned: the scenario, or two URLs, as given on the command line */
    size_t n_subjects;             /* 1: a scenario */
    uint32_t scenario_fnv;         /* of the scenario's text, which must not change; 0 with URLs */
    char **kept_words;             /* owned; the options that the file holds; ends with NULL */
    char *const *words;            /* borrowed: the command line, whose options campaign_save keeps */
    char arms[2][PLAN_NAME_BYTES]; /* clusters A and B */
    char primary[16];              /* the metric declared in advance: "p99" */
    double margin;                 /* ratio within which arms count as equivalent: 0.05 */
    uint64_t seed;
    uint32_t n_generators; /* that make each run; 1: this process alone */
    bool is_side_by_side;  /* a pair is one run of both arms at once */
    double width;          /* relative width of the interval that ends it; 0: the number of pairs does */
    uint32_t n_looks;      /* at the width so far */
    struct campaign_pair *pairs; /* owned, in the order of running */
    size_t n_pairs;
};

/* Draws `n_ab` pairs, half of them with arm B first, in random order, with `n_aa` control pairs at random
 * places among them, and appends them. Pure: the draw depends on the seed and on how many pairs there are
 * already. -1 when memory is short. */
int campaign_draw(struct campaign *c, uint32_t n_ab, uint32_t n_aa);
size_t campaign_count(const struct campaign *c, enum campaign_kind kind);
/* The seed that both runs of a pair share, so that both arms get the same schedule. */
uint64_t campaign_pair_seed(const struct campaign *c, const struct campaign_pair *pair);
/* Runs of a pair: 1 side by side, else 2. */
int campaign_runs_per_pair(const struct campaign *c);
/* Folder of a run within the campaign's: "pair-03-a", "aa-01-b", or "pair-03" side by side. `is_b` false:
 * role a. */
void campaign_run_name(const struct campaign *c, const struct campaign_pair *pair, bool is_b, char *out);
/* The cluster of that role as run.json names it. Arm A runs twice in a control; side by side, when both are
 * in one run, the second has another name ("cluster1-again"). `out` has PLAN_NAME_BYTES. */
void campaign_arm_name(const struct campaign *c, const struct campaign_pair *pair, bool is_b, char *out);

/* FOLDER/campaign.json (results/README.md). */
int campaign_save(const struct campaign *c, const char *folder, struct err *e);
int campaign_load(struct campaign *c, const char *folder, struct err *e);
void campaign_fini(struct campaign *c);

#endif
