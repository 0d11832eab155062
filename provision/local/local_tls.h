/* The certificates of a lab with HTTPS: an authority of its own, and the load balancer's certificate by it.
 * The authority's key is never written, so that it signs this certificate and no other. */
#ifndef PROVISION_LOCAL_TLS_H
#define PROVISION_LOCAL_TLS_H

#include <stdint.h>

struct err;

/* Writes `ca_path`, the authority's certificate, and `balancer_path`, the load balancer's certificate for
 * 127.0.0.1 and localhost with its key, as HAProxy reads them. Both with mode 0600 and valid for a year from
 * `realtime_ns`. */
int local_tls_write(const char *ca_path, const char *balancer_path, uint64_t realtime_ns, struct err *e);

#endif
