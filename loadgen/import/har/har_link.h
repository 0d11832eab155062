/* Requests that send what an earlier answer gave: the value becomes a capture of that answer's step. */
#ifndef IMPORT_HAR_LINK_H
#define IMPORT_HAR_LINK_H

#include "draft.h"
#include "har_values.h"

/* Of the stream's steps, in order. `step_of[n]` is the step of the file's entry n, SIZE_MAX for one that is
 * not sent. */
int har_link(struct draft *d, struct draft_stream *s, const struct har_values *answers, const size_t *step_of,
             struct err *e);

#endif
