/* The shares of a run: each may be merged once, and those that are missing, ended early, or ran another
 * version are named by a rule of its own. */
#ifndef MERGE_SHARES_H
#define MERGE_SHARES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct err;
struct merge;

#define MERGE_SHARES_RULE "SHARES"

/* -1 unless all runs are shares of the same count, each given once, or none is a share. */
int merge_shares_check(const struct merge *m, struct err *e);

/* "shares" of the merged run.json: how many there are, and which are missing or incomplete. Owned. */
json_t *merge_shares_json(const struct merge *m);
/* The check. Owned; NULL when memory is short. */
json_t *merge_shares_rule(const struct merge *m);
/* Writes "shares 2 and 7 of 8 are missing: 75 % of the load was sent", or "" when none is lacking. */
void merge_shares_sentence(const struct merge *m, char *out, size_t out_bytes);
/* Whether more are lacking than were allowed, or one ran another version. */
bool merge_shares_are_invalid(const struct merge *m);

#endif
