/* Asks for the target's addresses again and again, on a thread of its own. A look-up may hang for as long as
 * the system's resolver likes (getaddrinfo cannot be cancelled), so whoever stops a resolver does not wait
 * for it: its thread goes away by itself, and touches nothing of anybody else from then on. */
#ifndef ENGINE_RESOLVER_H
#define ENGINE_RESOLVER_H

#include "lookup.h"

#include <stdint.h>

struct resolver; /* opaque, shared with its thread */

enum { RESOLVER_LEAST_S = 1 }; /* between two look-ups */

/* Told of every answer on the resolver's thread, never after resolver_stop has returned; NULL: the look-up
 * failed. Takes answer->set. Returns for how many ns the answer may be used. */
typedef uint64_t resolver_answered_fn(void *payload, const struct lookup_answer *answer);

struct resolver_params {
    uint64_t first_after_ns; /* from now to the first look-up */
    resolver_answered_fn *on_answer;
    void *payload;
};

/* Takes the question's texts, also when it fails: NULL and a sentence. */
struct resolver *resolver_start(struct lookup_question *question, const struct resolver_params *params,
                                struct err *e);
/* Asks for a fresh answer soon (at most one look-up in RESOLVER_LEAST_S); from any thread. Never waits. */
void resolver_refresh(struct resolver *r);
/* Ends it; accepts NULL. Waits for no look-up. */
void resolver_stop(struct resolver *r);

#endif
