/* The table of rules by which a run is judged, and the judge. */
#ifndef RECORD_RULES_H
#define RECORD_RULES_H

#include "check.h"

struct err;
struct evidence;

/* Applies every rule; `j` is owned by the caller, who calls judgement_fini. The thresholds are not touched.
 * -1 when memory is short. */
int rules_judge(const struct evidence *ev, struct judgement *j, struct err *e);

#endif
