/* The options of `loadgen campaign`. */
#ifndef COMMAND_CAMPAIGN_OPTIONS_H
#define COMMAND_CAMPAIGN_OPTIONS_H

#include "run_options.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

struct campaign_options {
    struct run_options run;
    char *const *argv; /* what was parsed, `argc` words; borrowed */
    int argc;
    uint64_t n_pairs, n_aa, n_most;
    uint64_t gap_ns;
    uint64_t budget_ns;
    const char *arms;
    const char *resume;
    const char *until_width;
    double width; /* relative; 0: not asked for */
    int primary;  /* of campaign_primaries */
    double margin_pct;
    bool is_side_by_side, is_dry_run;
};

/* The metrics that may decide, ending with NULL. */
extern const char *const campaign_primaries[];

/* The table of the campaign's own options. */
extern const struct option_row campaign_rows[];

/* Takes the scenario or the two URLs, checks what options_parse cannot, and derives what follows from several
 * options. */
int campaign_options_check(struct campaign_options *o, const struct options_result *given, struct err *e);

/* Splits --arms. */
int campaign_options_split_arms(const struct campaign_options *o, char names[2][PLAN_NAME_BYTES],
                                struct err *e);

/* Refuses options given with --resume that the campaign has settled when it began. */
int campaign_options_check_resume(const struct command *command, const struct options_result *given,
                                  struct err *e);

#endif
