/* Which of two clusters of a run was faster, in sentences: what `run`, `summary`, `report` and `compare` say
 * of one run, in the same words. */
#ifndef BASE_WITHIN_SENTENCE_H
#define BASE_WITHIN_SENTENCE_H

#include <stdbool.h>
#include <stdio.h>

struct within_side;

/* "In this run t2 was slower than m4 at p99: ...". Where one fails more, only that: returns whether it
 * compared their times. Both have attempts. */
bool within_sentence(FILE *out, const struct within_side *a, const struct within_side *b);
/* That one run proves little, and what would tell: a campaign of the scenario in that file, a shipped one by
 * its name. NULL: there is none. */
void within_doubt(FILE *out, const char *scenario_file);

#endif
