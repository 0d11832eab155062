/* The lookup before the run, which a stop ends at once: the system's resolver may hang for many seconds and
 * cannot be cancelled, so it runs on a thread of its own, which outlives its caller if need be. */
#ifndef ENGINE_FIRST_LOOKUP_H
#define ENGINE_FIRST_LOOKUP_H

#include "lookup.h"

#include <stdatomic.h>

struct err;
struct plan_target;

/* As lookup_ask() for the target. `*stop` turning non-zero (a signal's number) ends it with an error; `stop`
 * may be NULL. */
int first_lookup_ask(const struct plan_target *target, const atomic_int *stop, struct lookup_answer *answer,
                     struct err *e);

#endif
