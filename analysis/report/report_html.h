/* Writing HTML: everything that comes from a file or a person is escaped here and nowhere else. Markup that
 * is ours goes straight to the stream. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Text as content or as the value of a quoted attribute. Control characters become U+FFFD. */
void report_html_text(FILE *out, const char *text);
/* The same of a formatted text, which may be of any length. */
void report_html_say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A text whose words in backticks are to be typed. */
void report_html_prose(FILE *out, const char *text);
/* A link to a file beside the page: `path` is relative and is percent-encoded. */
void report_html_link(FILE *out, const char *path, const char *text);

/* A table that scrolls within itself where the page is narrow. `columns` are separated by '|'; one that
 * begins with '#' holds numbers. */
void report_html_table(FILE *out, const char *columns);
void report_html_row(FILE *out);
void report_html_cell(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_html_number(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A cell with three significant digits; empty when the value is not finite. */
void report_html_value(FILE *out, double value);
void report_html_row_end(FILE *out);
void report_html_table_end(FILE *out);

/* Copies an SVG document into the page: without prologue and tooltips, and with "PREFIX-" in front of every
 * id, so that several drawings of the same program can stand in one page. */
void report_html_svg(FILE *out, const char *svg, const char *prefix);

#endif
