/* Text for LaTeX: everything that comes from a file is escaped here. */
#ifndef REPORT_TEX_TEXT_H
#define REPORT_TEX_TEXT_H

#include <stdio.h>

/* LaTeX's special characters lose their meaning; characters beyond Latin-1, which a plain pdflatex may not
 * know, become "?". */
void report_tex_text(FILE *out, const char *text);
/* The same of a formatted text. */
void report_tex_say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
