/* The generators of a merged run: `merged_from` of its run.json, and the shares that are missing, by share.
 */
#ifndef RUN_GENERATORS_H
#define RUN_GENERATORS_H

#include "summary.h"

#include <stddef.h>

struct run_json;

/* Owned, freed by free(); texts are those of `run`. Of a run that is not merged `*n` is 0. NULL when memory
 * is short. */
struct summary_generator *run_generators(const struct run_json *run, size_t *n);

#endif
