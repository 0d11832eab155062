/* Secrets inside of longer texts: the parameters of a query or a form, the members of a JSON body. */
#ifndef IMPORT_SECRET_PARTS_H
#define IMPORT_SECRET_PARTS_H

#include "draft.h"

int secret_parts_query(struct draft *d, struct draft_step *s, struct err *e);
/* By the step's content type. */
int secret_parts_body(struct draft *d, struct draft_step *s, struct err *e);
/* The members of a JSON body and of what is in it. */
int secret_parts_members(struct draft *d, const struct draft_step *s, json_t *value, struct err *e);

#endif
