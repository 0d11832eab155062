/* The entries of a recording as the course of one user: which are sent, in what order, with what pauses. */
#ifndef IMPORT_HAR_COURSE_H
#define IMPORT_HAR_COURSE_H

#include "draft.h"
#include "har_entry.h"
#include "har_values.h"

/* Makes the draft's stream of the entries, which it sorts. */
int har_course(struct draft *d, struct har_entry *entries, size_t n, const struct har_values *answers,
               struct err *e);

#endif
