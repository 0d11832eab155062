/* What the three forms of a campaign's report share. */
#ifndef REPORT_CAMPAIGN_H
#define REPORT_CAMPAIGN_H

struct comparison;
struct note_list;
struct err;
struct report;

struct report_campaign {
    const struct comparison *comparison; /* borrowed */
    char *sentence;                      /* owned by the caller */
    char *screen;                        /* as `compare` prints it: sentence, table, notes */
    const struct note_list *notes;       /* borrowed */
};

/* Writes report.tex into the campaign's folder. */
int report_campaign_write_tex(const struct report *report, const struct report_campaign *words,
                              struct err *e);

#endif
