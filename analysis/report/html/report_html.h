/* Writes HTML. Everything from files or people is escaped here and nowhere else; our own markup goes
 * straight to the stream. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdio.h>

/* Text as content or as the value of a quoted attribute. Control characters become U+FFFD. */
void report_html_text(FILE *out, const char *text);
/* The same for a formatted text of any length. */
void report_html_printf(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A text with code in backticks. */
void report_html_prose(FILE *out, const char *text);
/* A link to a file beside the page. `path` is relative and gets percent-encoded. */
void report_html_link(FILE *out, const char *path, const char *text);

/* A table that scrolls where the page is narrow. `columns` are separated by '|'; those that begin with '#'
 * hold numbers. */
void report_html_table(FILE *out, const char *columns);
void report_html_row(FILE *out);
void report_html_cell(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_html_number(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A cell with three significant digits; empty when the value is not finite. */
void report_html_value(FILE *out, double value);
void report_html_row_end(FILE *out);
void report_html_table_end(FILE *out);

/* Copies an SVG document into the page, without prologue and tooltips, and with "PREFIX-" before every id,
 * so that several drawings of one program can share a page. */
void report_html_svg(FILE *out, const char *svg, const char *prefix);

#endif
