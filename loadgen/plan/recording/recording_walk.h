/* The walk of one thread over the recorded requests of a phase: it makes those that belong to the thread and
 * skips the others, by number. */
#ifndef PLAN_RECORDING_WALK_H
#define PLAN_RECORDING_WALK_H

#include "recording.h"
#include "recording_lines.h"
#include "recording_rows.h"

#include <stdbool.h>
#include <stdint.h>

struct recording_walk {
    const struct recording *recording;
    const struct recording_part *part;
    struct recording_lines lines;
    uint64_t index;    /* of the next line within the part */
    const char *wrong; /* constant sentence: the file has changed or cannot be read */
};

/* Opens the part's file. -1 and a sentence; recording_walk_end is due even then. */
int recording_walk_begin(struct recording_walk *w, const struct recording *recording,
                         const struct recording_part *part, struct err *e);
void recording_walk_end(struct recording_walk *w);

/* The request of line `index` of the part, which is not before the walk; `*due_ns` is when it is due after
 * the phase's start. NULL when the file is not what it was when the plan was made (`wrong`). */
struct recording_row *recording_walk_to(struct recording_walk *w, struct recording_rows *rows, uint64_t index,
                                        uint64_t *due_ns);

#endif
