/* Where a run's streams connect to: each host and port once, with its addresses, and twice where streams
 * speak different versions of HTTP to it, which a transport is made for. Targets that differ in their base
 * path alone share an endpoint. */
#ifndef ENGINE_ENDPOINTS_H
#define ENGINE_ENDPOINTS_H

#include "addresses.h"
#include "plan.h"

#include <stdatomic.h>
#include <stdint.h>

struct dns_log;
struct err;

struct endpoint {
    const struct plan_target *target; /* borrowed: the first stream's that connects to it */
    struct addresses addresses;
};

struct endpoints {
    struct endpoint *list; /* owned */
    uint32_t n;
    uint32_t of_stream[PLAN_STREAMS_MOST]; /* index into list */
};

/* Resolves every name for the first time (addresses.h). Requires endpoints_fini even on failure. */
int endpoints_init(struct endpoints *x, const struct plan *plan, struct dns_log *log, const atomic_int *stop,
                   struct err *e);
/* Starts resolving periodically. -1 with an error. */
int endpoints_start(struct endpoints *x, addresses_changed_fn *on_changed, void *payload, struct err *e);
/* After this returns neither the addresses nor the log change. */
void endpoints_stop(struct endpoints *x);
/* Stops and frees; accepts a zeroed struct. */
void endpoints_fini(struct endpoints *x);

#endif
