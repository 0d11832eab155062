/* Takes the secrets out of a draft. */
#ifndef IMPORT_SECRET_HIDE_H
#define IMPORT_SECRET_HIDE_H

#include "draft.h"

/* Replaces the secrets of all steps: in headers, cookies, query, form and JSON by name, then the same values
 * wherever else they stand. Called once all steps have their names. */
int secret_hide(struct draft *d, struct err *e);

#endif
