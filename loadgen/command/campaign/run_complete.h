/* Whether a run folder is complete, so that a resumed campaign need not repeat the run. */
#ifndef COMMAND_RUN_COMPLETE_H
#define COMMAND_RUN_COMPLETE_H

#include <stdbool.h>

struct err;

/* True when FOLDER/run.json can be read and says that the run ended as planned, and hist.hlog and
 * intervals.csv hold all that it counted. Else `why` says what is wrong; its kind is ERR_NONE when there is
 * no run at all. */
bool run_complete(const char *folder, struct err *why);

#endif
