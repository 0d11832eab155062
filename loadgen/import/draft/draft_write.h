/* The draft as a scenario file. */
#ifndef IMPORT_DRAFT_WRITE_H
#define IMPORT_DRAFT_WRITE_H

#include "draft.h"

#include <stdio.h>

/* Writes the scenario to `out`, and the draft's files beside `output`, the path of the scenario. NULL: it
 * goes to standard output, and a draft with files is refused. */
int draft_write(struct draft *d, const char *output, FILE *out, struct err *e);

#endif
