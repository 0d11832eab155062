/* Where a server listens: `[HOST:]PORT`, loopback unless HOST says otherwise. A name that a stranger's page
 * resolves to 127.0.0.1 (DNS rebinding) still stands in the Host header, so a server on loopback answers
 * only to names of loopback. */
#ifndef HTTPD_ADDRESS_H
#define HTTPD_ADDRESS_H

#include <netinet/in.h>

#include <stdbool.h>

struct err;

enum { HTTPD_ADDRESS_TEXT_BYTES = 64 };

struct httpd_address {
    struct sockaddr_storage socket; /* IPv4 or IPv6 */
    bool is_loopback;
};

/* HOST is an IPv4 address, an IPv6 address in brackets, `localhost`, or `*` for all of IPv4. -1 and a
 * sentence that begins with the option's name. */
int httpd_address_parse(const char *text, const char *option, struct httpd_address *address, struct err *e);
/* "127.0.0.1:9090", "[::1]:9090". Returns `out`, which has HTTPD_ADDRESS_TEXT_BYTES. */
const char *httpd_address_text(const struct sockaddr_storage *socket, char *out);
/* Whether a Host header names loopback: `localhost`, `NAME.localhost`, 127.x.x.x, [::1]; with or without a
 * port. */
bool httpd_address_host_is_loopback(const char *host);

#endif
