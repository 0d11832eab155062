/* HAProxy as the load balancer: its configuration from a deployment, and its view of the targets' health.
 * Unlike an Application Load Balancer it does not fail open when no target is healthy, and it answers a
 * refused connection with 503 instead of 502. */
#ifndef PROVISION_HAPROXY_H
#define PROVISION_HAPROXY_H

#include "deployment.h"

#include <stdbool.h>
#include <stdio.h>

struct err;

/* The header Server of HAProxy's own error pages. It begins like that of an Application Load Balancer, by
 * which the client distinguishes them from an instance's answers. */
#define HAPROXY_SERVER "awselb/2.0 (HAProxy in its place)"

/* A state file without servers. */
#define HAPROXY_NO_STATES "1\n"

/* The access log is a CSV with one row per finished request. `end` is HAProxy's termination state, `--` for
 * an answer by the instance; `response_ms` is from forwarding the request to the head of the answer, -1
 * without one; `delay_us` is reported by the emulator. */
#define HAPROXY_LOG_HEADER                                                                                   \
    "done_unix_ms,cluster,instance,status,end,response_ms,delay_us,bytes_out,bytes_in,method,path"

struct haproxy_plan {
    const struct deployment *deployment; /* with instances and their ports */
    int listen_fd;                       /* a bound socket that HAProxy inherits */
    unsigned most_connections;
    const char *socket_path;      /* for haproxy_look */
    const char *states_path;      /* of a file with the targets' states before a reload */
    const char *certificate_path; /* certificate and key for HTTPS; NULL: plain HTTP */
};

void haproxy_write_config(const struct haproxy_plan *plan, FILE *out);

struct haproxy_target {
    bool healthy;
    char reason[128]; /* of its state */
};

/* Fills one target per instance of the deployment, in its order; one unknown to HAProxy is not healthy. */
int haproxy_look(const struct deployment *d, const char *socket_path, struct haproxy_target *targets,
                 struct err *e);

/* The version of the HAProxy behind the socket, such as "2.6.12"; "" when unknown. */
void haproxy_version(const char *socket_path, char *out, size_t out_bytes);
/* The process id of the worker behind the socket; 0: none. */
long haproxy_worker(const char *socket_path);
/* Saves the targets' states for the worker that a reload starts. */
int haproxy_save_states(const char *socket_path, const char *states_path, struct err *e);

#endif
