/* Whether requests piled up all through a step of a sweep: due and not yet answered, in the target or in the
 * queue for a connection. A step may end with every request answered and still have been too much, if its
 * backlog was served only after its end. */
#ifndef COMMAND_BACKLOG_H
#define COMMAND_BACKLOG_H

#include <stdbool.h>

struct err;

/* Reads FOLDER/intervals.csv of a run, all of whose streams were measured from `from_s` to `to_s` at one
 * rate. In less than four whole seconds nothing counts as growth. */
int backlog_grew(const char *folder, double from_s, double to_s, bool *grew, struct err *e);

#endif
