/* One request of a collection as a step. */
#ifndef IMPORT_POSTMAN_REQUEST_H
#define IMPORT_POSTMAN_REQUEST_H

#include "postman_words.h"

/* The URL as a template; `request` may be the URL alone. NULL and a sentence when memory is short. */
const char *postman_request_url(struct postman_words *w, const json_t *request, struct err *e);
/* Fills method, headers, credentials and body of the step, whose path and name are there. `auth` is that of
 * the request, or of the folders around it; NULL: none. */
int postman_request_fill(struct postman_words *w, struct draft_step *s, const json_t *request,
                         const json_t *auth, struct err *e);

#endif
