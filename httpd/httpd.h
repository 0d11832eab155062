/* A small HTTP/1.1 server in a thread of its own, for a person's browser or a scraper that looks at what the
 * program does. It answers GET and HEAD, never waits for a client, and accepts little: few connections, small
 * requests, bounded buffers; a client that does not read is dropped. */
#ifndef HTTPD_HTTPD_H
#define HTTPD_HTTPD_H

#include "httpd_address.h"

#include <stdbool.h>
#include <stddef.h>

struct err;
struct httpd;
struct httpd_request;

/* Set by the handler; zeroed before. */
struct httpd_answer {
    unsigned status;          /* 0: 200 */
    const char *content_type; /* constant */
    char headers[512];        /* further header lines, each ended by CR LF */
    char *body;               /* freed by the server */
    size_t body_bytes;
    bool is_stream; /* stays open; more comes by httpd_broadcast */
};

struct httpd_handlers {
    /* In the server's thread: answers a GET or HEAD that a listener with this tag took. */
    void (*answer)(void *payload, unsigned tag, const struct httpd_request *request,
                   struct httpd_answer *answer);
    /* In the server's thread, some time after httpd_wake. */
    void (*woken)(void *payload);
    void *payload;
};

/* NULL and a sentence when memory is short. */
struct httpd *httpd_new(const struct httpd_handlers *handlers, struct err *e);
/* Stops the thread, gives clients a second to read the last bytes, closes everything. Accepts NULL. */
void httpd_free(struct httpd *server);

/* Before httpd_start. Listens; `option` is named in errors. Sets `bound` to the address with the port in use.
 */
int httpd_listen(struct httpd *server, const struct httpd_address *address, const char *option, unsigned tag,
                 struct sockaddr_storage *bound, struct err *e);
int httpd_start(struct httpd *server, struct err *e);

/* From any thread. */
void httpd_wake(struct httpd *server);

/* In the server's thread. Sends to every open stream; one whose client is too slow is closed. */
void httpd_broadcast(struct httpd *server, const char *data, size_t length);
/* In the server's thread: how many streams are open. */
unsigned httpd_n_streams(const struct httpd *server);

#endif
