/* A plan for people: its streams and phases as a table, the requests as they will be sent, what is expected
 * back, and the totals. */
#ifndef COMMAND_PLAN_VIEW_H
#define COMMAND_PLAN_VIEW_H

#include "plan.h"

#include <stdio.h>

/* Prints everything; values that may be secret as (given). */
void plan_view_print(const struct plan *plan, FILE *out);
/* The part about streams and phases. */
void plan_view_table(const struct plan *plan, FILE *out);
/* The parts about requests, sessions and feeds, and about shares and threads where there are several. */
void plan_view_requests(const struct plan *plan, FILE *out);
void plan_view_sessions(const struct plan *plan, FILE *out);
void plan_view_feeds(const struct plan *plan, FILE *out);
void plan_view_shares(const struct plan *plan, FILE *out);
void plan_view_threads(const struct plan *plan, FILE *out);

#endif
