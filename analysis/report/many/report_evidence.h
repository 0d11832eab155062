/* What a reviewer of a campaign asks for beyond its decision and the notes of comparison_notes: effect size,
 * equivalence, order and drift whatever they are, and the same of every number in a table. */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "note_list.h"

#include <stdio.h>

struct comparison;

/* Of the declared number, as notes for all forms of the report; none of fewer pairs than decide. Check
 * `is_short`; free with note_list_fini.
 */
struct note_list report_evidence_notes(const struct comparison *c);
/* The table of all numbers, as HTML. */
void report_evidence_table(FILE *out, const struct comparison *c);

#endif
