/* Credentials of a request, a folder or a collection: basic, bearer, apikey. */
#ifndef IMPORT_POSTMAN_AUTH_H
#define IMPORT_POSTMAN_AUTH_H

#include "postman_words.h"

/* `auth` NULL, or of type noauth: none. Kinds that need an exchange of their own are noted. */
int postman_auth_add(struct postman_words *w, struct draft_step *s, const json_t *auth, struct err *e);

#endif
