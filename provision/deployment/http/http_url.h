/* A URL as a message may quote it: without user name and password, and without the query, which may hold a
 * signature. */
#ifndef PROVISION_HTTP_URL_H
#define PROVISION_HTTP_URL_H

enum { HTTP_URL_SHOWN_BYTES = 200 };

/* Writes scheme, host and path, cut to fit; "..." stands for what is left out. Returns `out`. */
const char *http_url_shown(const char *url, char out[static HTTP_URL_SHOWN_BYTES]);

#endif
