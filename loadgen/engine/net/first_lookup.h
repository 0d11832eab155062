/* The look-up before the run, which a stop ends at once: the system's resolver may hang for many seconds and
 * cannot be cancelled, so it is asked on a thread of its own, which goes away by itself when nobody waits for
 * it any more. */
#ifndef ENGINE_FIRST_LOOKUP_H
#define ENGINE_FIRST_LOOKUP_H

#include "lookup.h"

#include <stdatomic.h>

struct err;
struct plan_target;

/* As lookup_ask() of the target's question. `*stop` turning non-zero, whose number is a signal's, ends it
 * with a sentence; NULL: nothing does. */
int first_lookup_ask(const struct plan_target *target, const atomic_int *stop, struct lookup_answer *answer,
                     struct err *e);

#endif
