/* The addresses of the target's name: resolved before the run, again at least every `resolve_every_ns` and
 * when connections fail; every answer is logged. Connections take the addresses in turn, so that all are used
 * evenly; one whose address has left the set is retired after its requests. Sets are immutable and live until
 * the end. */
#ifndef ENGINE_ADDRESSES_H
#define ENGINE_ADDRESSES_H

#include "lookup.h"

#include <stdatomic.h>
#include <stdint.h>

struct dns_log;
struct err;
struct plan_target;
struct resolver;

/* A new set is in use. Called on the resolver's thread. */
typedef void addresses_changed_fn(void *payload);

struct addresses {
    const struct plan_target *target;
    struct dns_log *log;
    char name[256];                  /* the name to look up */
    struct lookup_question question; /* owned until passed to the resolver; its family may be narrowed */
    _Atomic(struct address_set *) current;
    addresses_changed_fn *on_changed;
    void *payload;
    uint64_t usable_ns;        /* validity of the first answer */
    struct resolver *resolver; /* NULL: no name to resolve, or stopped */
};

/* Resolves for the first time, on the calling thread. If a name has addresses of both families and one cannot
 * be reached (a server on 127.0.0.1 only, named `localhost`), only the other is used. `*stop` turning
 * non-zero ends the lookup at once; `stop` may be NULL. -1 with an error when the name has no address. */
int addresses_init(struct addresses *a, const struct plan_target *target, struct dns_log *log,
                   const atomic_int *stop, struct err *e);
/* Starts resolving periodically, unless there is no name to resolve. -1 with an error. */
int addresses_start(struct addresses *a, addresses_changed_fn *on_changed, void *payload, struct err *e);
/* Requests a fresh answer soon (at most one lookup a second). From any thread. */
void addresses_refresh(struct addresses *a);
/* After this returns neither the set nor the log changes; does not wait for a lookup in flight. */
void addresses_stop(struct addresses *a);
/* Stops and frees all sets; accepts a zeroed struct. */
void addresses_fini(struct addresses *a);

static inline const struct address_set *addresses_now(const struct addresses *a)
{
    return atomic_load_explicit(&((struct addresses *)(uintptr_t)a)->current, memory_order_acquire);
}

#endif
