/* run.json: what ran, where, with which settings, and how it ended. */
#ifndef RECORD_RUN_JSON_H
#define RECORD_RUN_JSON_H

#include "recorder.h"

/* Writes the file into the run folder, whole or not at all. */
int run_json_write(const struct recorder *r, enum recorder_end end, uint64_t end_ns, struct err *e);

#endif
