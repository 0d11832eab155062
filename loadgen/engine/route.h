/* A thread's way to an endpoint: the addresses, which all threads share, and a transport of its own. */
#ifndef ENGINE_ROUTE_H
#define ENGINE_ROUTE_H

#include "transport.h"

#include <stdbool.h>
#include <stdint.h>

struct addresses;
struct endpoint;
struct err;
struct plan_target;

struct route {
    const struct plan_target *target; /* borrowed */
    struct addresses *addresses;      /* borrowed */
    struct transport transport;
    bool records_remotes; /* the endpoint has more than one address */
};

/* Plain or TLS, as the endpoint's target has it; `n_connections` as in transport_tls. On -1, with an error,
 * there is nothing to free. */
int route_init(struct route *route, struct endpoint *to, uint64_t n_connections, struct err *e);
void route_fini(struct route *route);

#endif
