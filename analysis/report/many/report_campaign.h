/* What the three forms of a campaign's report share. */
#ifndef REPORT_CAMPAIGN_H
#define REPORT_CAMPAIGN_H

#include <stdio.h>

struct comparison;
struct note_list;
struct err;
struct report;

struct report_campaign {
    const struct comparison *comparison; /* borrowed */
    char *sentence;                      /* owned by the caller */
    char *screen;                        /* as `compare` prints it: sentence, table, notes */
    const struct note_list *notes;       /* borrowed */
    const struct note_list *evidence;    /* borrowed; of report_evidence.h */
};

/* How the campaign was made, in sentences: design, order, what was declared in advance, when it ended, when
 * it ran, under which load, and what failed. */
void report_campaign_design(FILE *out, const struct comparison *c);
/* The section with the table of all runs, in their order. */
void report_campaign_runs(FILE *out, const struct report *report, const struct comparison *c);
/* The limit of times that the scenario declared, in seconds, for the goodput; NAN: none. */
double report_campaign_limit_s(const struct comparison *c);

/* Writes report.tex into the campaign's folder. */
int report_campaign_write_tex(const struct report *report, const struct report_campaign *words,
                              struct err *e);

#endif
