/* Which names stand for a secret: their values are never written, but replaced by (given). */
#ifndef PLAN_SECRET_H
#define PLAN_SECRET_H

#include <stdbool.h>

/* authorization, proxy-authorization, cookie, x-api-key, and whatever holds token, secret or password. */
bool secret_header_is(const char *name);

#endif
