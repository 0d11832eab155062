/* The addresses behind the target's name: resolved before the run, again at least every `resolve_every_ns`
 * and when connections fail, every answer logged. Workers take the addresses in turn, so that all are used
 * evenly; a connection whose address is no longer in the set is retired after its requests. Sets are
 * immutable and live until the end. */
#ifndef ENGINE_ADDRESSES_H
#define ENGINE_ADDRESSES_H

#include "lookup.h"

#include <stdatomic.h>
#include <stdint.h>

struct dns_log;
struct err;
struct plan_target;
struct resolver;

/* Told on the resolver's thread that a new set is there. */
typedef void addresses_changed_fn(void *payload);

struct addresses {
    const struct plan_target *target;
    struct dns_log *log;
    char name[256];                  /* that is looked up */
    struct lookup_question question; /* owned until the resolver has it; its family may be narrowed */
    _Atomic(struct address_set *) current;
    addresses_changed_fn *on_changed;
    void *payload;
    uint64_t usable_ns;        /* how long the first answer may be used */
    struct resolver *resolver; /* NULL: there is no name to resolve, or it has ended */
};

/* Resolves for the first time, on the calling thread. A name with addresses of both kinds, of which one kind
 * cannot be reached (a server that listens on 127.0.0.1 only, named `localhost`), is used with the other kind
 * alone. `*stop` turning non-zero ends it at once; NULL: nothing does. -1 and a sentence when the name has no
 * address. */
int addresses_init(struct addresses *a, const struct plan_target *target, struct dns_log *log,
                   const atomic_int *stop, struct err *e);
/* Starts resolving again and again, where there is a name to resolve. */
int addresses_start(struct addresses *a, addresses_changed_fn *on_changed, void *payload, struct err *e);
/* Asks for a fresh answer soon (at most one look-up a second); from any thread. */
void addresses_refresh(struct addresses *a);
/* No set and no row of the log comes from now on. Waits for no look-up. */
void addresses_stop(struct addresses *a);
/* Stops and frees all sets; accepts a zeroed struct. */
void addresses_fini(struct addresses *a);

static inline const struct address_set *addresses_now(const struct addresses *a)
{
    return atomic_load_explicit(&((struct addresses *)(uintptr_t)a)->current, memory_order_acquire);
}

#endif
