/* Text for LaTeX: everything from files is escaped here. */
#ifndef REPORT_TEX_TEXT_H
#define REPORT_TEX_TEXT_H

#include <stdio.h>

/* Escapes LaTeX's special characters. Characters beyond Latin-1, which plain pdflatex may lack, become
 * "?". */
void report_tex_text(FILE *out, const char *text);
/* The same for a formatted text. */
void report_tex_printf(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A text with code in backticks. */
void report_tex_prose(FILE *out, const char *text);

#endif
