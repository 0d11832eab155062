/* Secrets stay out of scenarios: a value with the name of a secret becomes {env:NAME}, and the scenario
 * begins with a list of the variables to set. */
#ifndef IMPORT_SECRETS_H
#define IMPORT_SECRETS_H

#include "draft.h"

/* The variable NAME, for {env:NAME}, of a value that stood at `about` ("header x-api-key of login"); the same
 * value gets the same variable. `wanted` is what NAME is made of. `value` NULL: none is known, and the same
 * `wanted` gets the same variable. NULL and a sentence when memory is short. */
const char *secrets_variable(struct draft *d, const char *wanted, const char *about, const char *value,
                             struct err *e);
/* The variable of that value; NULL: there is none. */
const struct draft_variable *secrets_find(const struct draft *d, const char *value);
/* Puts a variable that a text names already into the list, once. */
int secrets_list(struct draft *d, const char *name, const char *about, struct err *e);

#endif
