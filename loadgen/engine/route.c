#include "route.h"

#include "endpoints.h"

int route_init(struct route *route, struct endpoint *to, uint64_t n_connections, struct err *e)
{
    *route = (struct route){ .target = to->target,
                             .addresses = &to->addresses,
                             .records_remotes = addresses_now(&to->addresses)->n > 1 };
    if (to->target->tls)
        return transport_tls(&route->transport, to->target, n_connections, e);
    transport_plain(&route->transport);
    return 0;
}

void route_fini(struct route *route)
{
    transport_fini(&route->transport);
}
