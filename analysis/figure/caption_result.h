/* What one run says of its clusters, in a line: it names a direction only where the interval carries it. */
#ifndef CAPTION_RESULT_H
#define CAPTION_RESULT_H

#include <stdio.h>

struct dataset;

/* "In this run the p99 of t2 was 1.31 times that of m4 (1.12 to 1.55)", "This run does not tell the p99 of t2
 * and m4 apart (0.77 to 1.36)"; without an interval the times alone: "p99: m4 2.98 ms, t2 > 1.00 s". */
void caption_result(FILE *out, const struct dataset *data);

#endif
