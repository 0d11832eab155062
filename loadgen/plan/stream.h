/* What every stream needs, in a scenario or in quick mode: defaults, the numbers that follow from others, and
 * its cluster. */
#ifndef PLAN_STREAM_H
#define PLAN_STREAM_H

#include "plan.h"

struct err;

enum {
    STREAM_QUEUE_MOST = 10000000,
    STREAM_PIPELINE_MOST = 128,
    STREAM_H2_STREAMS_MOST = 65536, /* open at once on a connection over HTTP/2 */
    STREAM_CONNECTIONS_DEFAULT = 256,
    STREAM_ALB_H2_REQUESTS = 9900, /* per connection, unless given */
};

#define STREAM_TIMEOUT_DEFAULT_NS         UINT64_C(10000000000)
#define STREAM_CONNECT_TIMEOUT_DEFAULT_NS UINT64_C(5000000000)
#define STREAM_IDLE_LIMIT_DEFAULT_NS      UINT64_C(50000000000) /* an ALB closes idle connections after 60 s */
#define STREAM_QUEUE_UNSET                UINT64_MAX

/* Zeroes the stream and sets the defaults. */
void stream_init(struct plan_stream *s, uint64_t timeout_ns, uint64_t connect_timeout_ns);
/* Derives what follows from the rest, once target, model, phases and timeouts are known: connections, the
 * queue, requests per connection of HTTP/2 on AWS, connect timeout at most the timeout. Over HTTP/2 the users
 * must be a multiple of in_flight_most. */
void stream_settle(const struct plan *plan, struct plan_stream *s);

/* Adds a cluster of that name to the plan if it has none. */
int stream_add_cluster(struct plan *plan, const char *name, struct err *e);
/* Counts phases and cells over all streams, once these are complete with their rows. */
void stream_number_phases(struct plan *plan);

#endif
