/* run.json: what ran, where, with which settings, and how it ended. */
#ifndef RECORD_RUN_JSON_WRITE_H
#define RECORD_RUN_JSON_WRITE_H

#include "recorder.h"

#include <jansson.h>

struct err;
struct verdict;
struct recorder;
struct recorder_ending;

/* What the file holds, owned; NULL when memory is short. */
json_t *run_json_tree(const struct recorder *r, const struct recorder_ending *ending,
                      const struct verdict *verdict);

/* Writes the file into the run folder, whole or not at all; nothing if none is kept. */
int run_json_write(const struct recorder *r, const struct recorder_ending *ending,
                   const struct verdict *verdict, struct err *e);

/* How the file names the end of a run: "done", "interrupted", ... */
const char *run_json_end(enum recorder_end end);

#endif
