/* The parts that LaTeX fragments share: the opening, the tables, the figures, the setup. Texts are escaped
 * here; `columns` and `heads` of a table are LaTeX. */
#ifndef REPORT_TEX_H
#define REPORT_TEX_H

#include <stdio.h>

struct err;
struct report;

/* Opens report.tex and writes the section's title ("KIND NAME"), the answer and the doubts; NULL with a
 * sentence. To be closed by files_close. */
FILE *report_tex_begin(const struct report *report, const char *kind, const char *answer, const char *doubts,
                       struct err *e);

/* A table up to its first row, and from after its last. */
void report_tex_table(FILE *out, const char *label, const char *columns, const char *heads,
                      const char *caption);
void report_tex_table_end(FILE *out);
/* A cell after the first, with three significant digits; "--" when the value is not finite. */
void report_tex_value(FILE *out, double value);

/* figures/NAME.pdf with its title and caption; why there is none where it could not be drawn. */
void report_tex_figure(FILE *out, const struct report *report, const char *name);
/* The table of clusters and the diagram of listener, rules, target groups and instances. */
void report_tex_setup(FILE *out, const struct report *report);
void report_tex_diagram(FILE *out, const struct report *report);

#endif
