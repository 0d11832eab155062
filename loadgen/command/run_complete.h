/* Whether a run folder is whole, so that a resumed campaign need not make the run again. */
#ifndef COMMAND_RUN_COMPLETE_H
#define COMMAND_RUN_COMPLETE_H

#include <stdbool.h>

/* True when FOLDER/run.json can be read and says that the run ended as planned. */
bool run_complete(const char *folder);

#endif
