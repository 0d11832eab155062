/* Rows of a CSV file that requests take values from, read completely before the run. */
#ifndef PLAN_FEED_H
#define PLAN_FEED_H

#include "plan.h"

struct err;
struct input_files;

enum { FEED_BYTES_MOST = 256 * 1024 * 1024 };

/* Appends an empty feed, which the plan owns. NULL when memory is short. */
struct plan_feed *feed_add(struct plan *plan, struct err *e);
/* Reads the file, from `in` unless that is NULL. A file without rows is refused, and so are two columns of
 * one name. */
int feed_load(struct plan_feed *feed, struct input_files *in, const char *path, struct err *e);

#endif
