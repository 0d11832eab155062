/* Resolves the target's name periodically, on a thread of its own. A lookup may hang for as long as the
 * system's resolver does (getaddrinfo cannot be cancelled), so stopping does not wait for it: the thread ends
 * by itself, and touches nothing but its own state from then on. */
#ifndef ENGINE_RESOLVER_H
#define ENGINE_RESOLVER_H

#include "lookup.h"

#include <stdint.h>

struct resolver; /* opaque, shared with its thread */

enum { RESOLVER_LEAST_S = 1 }; /* between two lookups */

/* An answer arrived; NULL: the lookup failed. Called on the resolver's thread, never after resolver_stop has
 * returned. Takes ownership of answer->set. Returns for how many ns the answer is valid. */
typedef uint64_t resolver_answered_fn(void *payload, const struct lookup_answer *answer);

struct resolver_params {
    uint64_t first_after_ns; /* delay of the first lookup */
    resolver_answered_fn *on_answer;
    void *payload;
};

/* Takes ownership of the question's strings, even on failure. NULL with an error on failure. */
struct resolver *resolver_start(struct lookup_question *question, const struct resolver_params *params,
                                struct err *e);
/* Requests a fresh answer soon (at most one lookup per RESOLVER_LEAST_S). From any thread; never blocks. */
void resolver_refresh(struct resolver *r);
/* Stops it; accepts NULL. Does not wait for a lookup in flight. */
void resolver_stop(struct resolver *r);

#endif
