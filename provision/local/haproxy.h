/* HAProxy in the load balancer's place: its configuration from a deployment, and its own view of the targets'
 * health. It differs from an Application Load Balancer where it cannot do otherwise: it does not fail open
 * when no target is healthy, and a refused connection is a 503, not a 502. Pages that it makes itself carry
 * `Server: haproxy`. */
#ifndef PROVISION_HAPROXY_H
#define PROVISION_HAPROXY_H

#include "deployment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct err;

/* The header Server of pages that it makes itself. It begins as that of an Application Load Balancer's own
 * pages does, by which a client tells them from answers by an instance. */
#define HAPROXY_SERVER "awselb/2.0 (HAProxy in its place)"

/* A file of states that says nothing. */
#define HAPROXY_NO_STATES "1\n"

/* The access log is a CSV: one row per request, when it is over. `end` is HAProxy's termination state, `--`
 * for an answer by the instance; `response_ms` is from the request being sent on to the head of the answer,
 * -1 if none came; `delay_us` is what the emulator says of itself. */
#define HAPROXY_LOG_HEADER                                                                                   \
    "done_unix_ms,cluster,instance,status,end,response_ms,delay_us,bytes_out,bytes_in,method,path"

struct haproxy_plan {
    const struct deployment *deployment; /* with instances and their ports */
    int listen_fd;                       /* a bound socket that HAProxy inherits */
    unsigned most_connections;
    const char *socket_path; /* for haproxy_look */
    const char *states_path; /* of a file with what it knew of its targets before a reload */
};

void haproxy_write_config(const struct haproxy_plan *plan, FILE *out);

struct haproxy_target {
    bool healthy;
    char reason[128]; /* of its state, in words */
};

/* Fills one target per instance of the deployment, in the same order; one that HAProxy does not know is not
 * healthy. */
int haproxy_look(const struct deployment *d, const char *socket_path, struct haproxy_target *targets,
                 struct err *e);

/* The process id of the worker that answers at the socket; 0 when none does. */
long haproxy_worker(const char *socket_path);
/* Writes what HAProxy knows of its targets to the file, for the worker that a reload starts. */
int haproxy_save_states(const char *socket_path, const char *states_path, struct err *e);

#endif
