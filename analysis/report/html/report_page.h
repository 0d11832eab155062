/* The frame of report.html: head, header and footer, sections, links to files. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdio.h>

struct err;
struct report;

/* Opens report.html and writes everything before the first section; NULL on failure. `kicker` names the kind
 * of report. report_page_end closes the file. */
FILE *report_page_begin(const struct report *report, const char *kicker, struct err *e);
int report_page_end(const struct report *report, FILE *out, struct err *e);

/* Opens a section; `id` is its anchor. */
void report_section_begin(FILE *out, const char *id, const char *title);
/* Opens the first section, with the answer in large type and the doubts below. */
void report_answer_begin(FILE *out, const char *answer, const char *doubts);
/* Closes a section opened by either. */
void report_section_end(FILE *out);

/* "WHAT: a.csv, b.csv": links to those of the files that exist; `names` are separated by spaces. */
void report_sources(FILE *out, const struct report *report, const char *what, const char *names);
/* A table cell that names one of many runs, linked to its percentiles and its report if they exist. */
void report_run_cell(FILE *out, const struct report *report, const char *run);

#endif
