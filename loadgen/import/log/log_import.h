/* Access logs as a scenario that replays them: the requests go to a file of recorded requests beside it. */
#ifndef IMPORT_LOG_IMPORT_H
#define IMPORT_LOG_IMPORT_H

#include "import_job.h"

/* For the kinds alb, apache and nginx. */
int log_import(const struct import_job *job, FILE *out, struct err *e);

#endif
