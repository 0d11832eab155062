/* A plain GET of a small page: the caller's own address, and the deployed app seen through its load balancer.
 */
#ifndef PROVISION_HTTP_GET_H
#define PROVISION_HTTP_GET_H

#include <stddef.h>

struct err;

/* The User-Agent, by which logs leave these requests out. */
#define HTTP_GET_USER_AGENT "loadgen-provision"

/* Fetches the body, cut to fit, and the status. `connect_to` is a HOST:PORT to connect to instead of the
 * URL's, or NULL; `ca_file` the certificates to trust instead of the system's, or NULL. -1 without a complete
 * response, or after a stop (stop.h). */
int http_get(const char *url, const char *connect_to, const char *ca_file, char *body, size_t body_bytes,
             long *status, struct err *e);

#endif
