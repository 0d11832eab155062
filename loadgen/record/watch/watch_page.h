/* The page that shows the run: one document that asks for nothing but /events. */
#ifndef RECORD_WATCH_PAGE_H
#define RECORD_WATCH_PAGE_H

#include <stddef.h>

/* Makes the document and the headers for it, each line ended by CR LF: a policy that runs no script and
 * applies no style but the document's own. The caller frees `body`. -1 when memory is short. */
int watch_page_make(char **body, size_t *body_bytes, char *headers, size_t headers_bytes);

#endif
