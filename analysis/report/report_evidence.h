/* What a reviewer of a campaign asks for beyond its decision: how much the pairs spread and hang together,
 * what tests without a distribution say, equivalence, order, drift, and what so many pairs could have found.
 */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "note_list.h"

#include <stdio.h>

struct comparison;

/* Of the declared number, as notes for all forms of the report. Check `is_short`; free with note_list_fini.
 */
struct note_list report_evidence_notes(const struct comparison *c);
/* The table of all numbers, as HTML. */
void report_evidence_table(FILE *out, const struct comparison *c);

#endif
