/* Headers of a request, as far as a scenario may set them. */
#ifndef IMPORT_DRAFT_HEADERS_H
#define IMPORT_DRAFT_HEADERS_H

#include "draft.h"

/* Adds a header; a second one of its name joins the first. One that loadgen sets itself is left out, and one
 * that no message can hold is noted. `place` begins the note: "shop.sh:3". */
int draft_headers_add(struct draft *d, struct draft_step *s, const char *place, const char *name,
                      const char *value, struct err *e);
/* The same unless the step has a header of that name. */
int draft_headers_add_default(struct draft *d, struct draft_step *s, const char *name, const char *value,
                              struct err *e);

#endif
