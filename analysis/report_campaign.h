/* What the three forms of a campaign's report share: its words. */
#ifndef REPORT_CAMPAIGN_H
#define REPORT_CAMPAIGN_H

#include <stdbool.h>

struct comparison;
struct err;
struct report;

struct report_campaign {
    const struct comparison *comparison; /* borrowed */
    char *sentence;                      /* owned by who made them */
    char *screen;                        /* what `compare` prints: sentence, table, what speaks against it */
};

/* What speaks against the answer and for it: the lines that follow the table in `screen`, each with a
 * heading, which is "" when it is that of the line before. Called with NULL gives the first, with the last
 * one's `next` the one after it; false when there is none. Texts are borrowed and not ended by a 0. */
struct report_campaign_note {
    const char *heading, *text, *next;
    int heading_n, text_n;
};
bool report_campaign_note(const struct report_campaign *words, const char *from,
                          struct report_campaign_note *note);

/* Writes report.tex into the campaign's folder. */
int report_campaign_write_tex(const struct report *report, const struct report_campaign *words,
                              struct err *e);

#endif
