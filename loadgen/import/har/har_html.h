/* Hidden fields of forms, and what `meta` holds: many sites put a token there that the next request must
 * send. */
#ifndef IMPORT_HAR_HTML_H
#define IMPORT_HAR_HTML_H

#include "har_values.h"

int har_html_add(struct har_values *v, size_t entry, const char *text, struct err *e);

#endif
