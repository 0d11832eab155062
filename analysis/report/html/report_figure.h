/* Figures and the diagram within the page, with caption and links, or the reason why they are missing. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include <stdbool.h>
#include <stdio.h>

struct report;

/* figures/NAME.svg with title, caption and links, or why it is missing. */
void report_figure(FILE *out, const struct report *report, const char *name);
/* figures/diagram.svg, or why it is missing. */
void report_figure_diagram(FILE *out, const struct report *report);
/* Whether figures/NAME was drawn. */
bool report_figure_is_there(const struct report *report, const char *name);
/* Why the figure is missing, as an owned text; NULL when no reason was given. */
char *report_figure_absence(const struct report *report, const char *name);
/* Reads title (first line) and caption (the lines up to a blank one; the report says the rest elsewhere) of
 * figures/NAME.txt into owned texts; -1 when it is missing. */
int report_figure_text(const struct report *report, const char *name, char **title, char **caption);
/* Paragraph for report.txt about figures that could not be drawn; nothing when all were. */
void report_text_lacks(FILE *out, const struct report *report);

#endif
