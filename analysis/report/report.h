/* The report of a run, campaign or sweep: one HTML page that needs no other file, a LaTeX fragment, and plain
 * text. All three begin with the answer and agree; every number is also in a CSV beside them. */
#ifndef REPORT_H
#define REPORT_H

#include "report_model.h"

/* Write report.html, report.tex and report.txt of a run into its folder. */
int report_write_page(const struct report *report, struct err *e);
int report_write_tex(const struct report *report, struct err *e);
int report_write_text(const struct report *report, struct err *e);

/* Write all three files of a campaign or sweep: the answer, the figures, the numbers of each run, and links
 * to the runs' own files. */
int report_write_campaign(const char *folder, const struct report_drawn *drawn, struct err *e);
int report_write_sweep(const char *folder, const struct report_drawn *drawn, struct err *e);

#endif
