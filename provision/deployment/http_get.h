/* A plain GET of a small page: the caller's own address, and the deployed app seen through its load balancer.
 */
#ifndef PROVISION_HTTP_GET_H
#define PROVISION_HTTP_GET_H

#include <stddef.h>

struct err;

/* What it calls itself, so that a log can leave it out. */
#define HTTP_GET_USER_AGENT "loadgen-provision"

/* Writes the body, cut to fit, and the status. `connect_to` is HOST:PORT to connect to instead of the URL's,
 * or NULL. -1 when there was no complete reply, or a stop (stop.h) came. */
int http_get(const char *url, const char *connect_to, char *body, size_t body_bytes, long *status,
             struct err *e);

#endif
