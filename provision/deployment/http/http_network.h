/* What the network between this machine and the Internet asks of each libcurl request: the hosts that are
 * reached without the proxy, the certificates to trust, and the cause when it is the network that failed. */
#ifndef PROVISION_HTTP_NETWORK_H
#define PROVISION_HTTP_NETWORK_H

#include <stddef.h>

/* Why a request got no response. */
enum http_cause {
    HTTP_BROKEN,      /* it may have been received */
    HTTP_UNREACHABLE, /* no connection: nothing was sent */
    HTTP_PROXY,       /* the proxy is not found or refuses: nothing was sent */
    HTTP_UNTRUSTED,   /* the certificate is not trusted: nothing was sent */
};

/* Sets what the network asks of a CURL handle; returns a CURLcode. A name that is still being looked up when
 * the transfer ends is not waited for. The proxy is that of the environment, as libcurl finds it; this
 * machine and the hosts of no_proxy (NO_PROXY) are reached directly. `ca_bundle` is a file or a folder of
 * certificates to trust instead of the system's; NULL or "": the system's. */
int http_network_set(void *easy, const char *ca_bundle);

/* The cause of a transfer that ended with this CURLcode and this text of libcurl, before the handle is
 * cleaned up. */
enum http_cause http_network_cause(void *easy, int code, const char *error);

/* Copies libcurl's error text, or its general text for `code`, to `out`. The value of a proxy variable is
 * left out, since it may hold a password. */
void http_network_text(int code, const char *error, char *out, size_t out_bytes);

/* What the user can do about HTTP_PROXY and HTTP_UNTRUSTED: a sentence after a blank; "" for other causes. */
const char *http_network_advice(enum http_cause cause);

#endif
