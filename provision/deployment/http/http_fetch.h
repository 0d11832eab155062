/* A request for a small page: the caller's own address, the deployed app seen through its load balancer, the
 * credentials of a container or an instance. */
#ifndef PROVISION_HTTP_FETCH_H
#define PROVISION_HTTP_FETCH_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* The User-Agent, by which logs leave these requests out. */
#define HTTP_FETCH_USER_AGENT "loadgen-provision"

/* A member of 0 or NULL asks for nothing special. */
struct http_request {
    const char *url;
    const char *what;           /* names the request in errors, instead of its method and URL */
    const char *method;         /* instead of GET; without a body */
    const char *const *headers; /* lines such as "Accept: text/plain", ended by NULL */
    const char *connect_to;     /* HOST:PORT to connect to instead of the URL's */
    const char *ca_bundle;      /* certificates to trust instead of the system's: a file or a folder */
    bool any_certificate;       /* trusts any issuer and any name */
    unsigned timeout_ms;        /* instead of 10 s in all and 5 s for the connection */
    bool without_proxy;         /* even if the environment names one */
    bool follows_redirects;     /* to https:// only */
    size_t *length_bytes;       /* receives the body's length, as cut */
};

/* Fetches the body, cut to fit, and the status. -1 without a complete response, or after a stop (stop.h). */
int http_fetch(const struct http_request *request, char *body, size_t body_bytes, long *status,
               struct err *e);

#endif
