/* The parts that LaTeX fragments share: opening, tables, figures, setup. Texts are escaped here; `columns`
 * and `heads` of a table are LaTeX. */
#ifndef REPORT_TEX_H
#define REPORT_TEX_H

#include <stdio.h>

struct err;
struct report;

/* Opens report.tex and writes the section's title ("KIND NAME"), the answer and the doubts; NULL on
 * failure. Close with files_close. */
FILE *report_tex_begin(const struct report *report, const char *kind, const char *answer, const char *doubts,
                       struct err *e);

/* Begins and ends a table, around its rows. */
void report_tex_table(FILE *out, const char *label, const char *columns, const char *heads,
                      const char *caption);
void report_tex_table_end(FILE *out);
/* A cell after the first, with three significant digits; "--" when not finite. */
void report_tex_value(FILE *out, double value);

/* figures/NAME.pdf with title and caption, or why it could not be drawn. */
void report_tex_figure(FILE *out, const struct report *report, const char *name);
/* A paragraph with the facts of the machine that made the load. */
void report_tex_machine(FILE *out, const struct report *report);
/* The table of clusters and the diagram of listener, rules, target groups and instances. */
void report_tex_setup(FILE *out, const struct report *report);
void report_tex_diagram(FILE *out, const struct report *report);

#endif
