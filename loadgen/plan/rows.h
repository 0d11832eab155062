/* The rows of a session stream's results, in this order: its steps, a redirect row for each step that follows
 * redirects, and `session`. Those of recorded requests are named in their file. */
#ifndef PLAN_ROWS_H
#define PLAN_ROWS_H

struct err;
struct plan_stream;

#define ROWS_SESSION         "session"
#define ROWS_REDIRECT_SUFFIX "_redirect"

/* Makes the rows of a stream whose session or recording is complete, and sets the row numbers of its steps. A
 * plain stream keeps its one row. The caller ensures that the names are unique. -1 when memory is short. */
int rows_make(struct plan_stream *stream, struct err *e);

#endif
