/* A request from bytes, as far as a small server needs it. Parsing stops behind each request, so that one is
 * answered before the next is read. Touches no socket. */
#ifndef HTTPD_REQUEST_H
#define HTTPD_REQUEST_H

#include <llhttp.h>

#include <stdbool.h>
#include <stddef.h>

enum { HTTPD_TARGET_BYTES = 4096, HTTPD_VALUE_BYTES = 1024 };

enum httpd_header { HTTPD_HOST, HTTPD_ACCEPT, HTTPD_LAST_EVENT_ID, N_HTTPD_HEADERS };

/* The headers that a server asked for; "" where absent. */
struct httpd_headers {
    char values[N_HTTPD_HEADERS][HTTPD_VALUE_BYTES];
    bool is_given[N_HTTPD_HEADERS];
    /* private to the parser */
    char name[16];
    size_t name_bytes, value_bytes;
    int current; /* the header whose value is being read; N_HTTPD_HEADERS: one that is skipped */
    bool is_in_value;
};

struct httpd_request {
    llhttp_t parser;
    struct httpd_headers *headers; /* borrowed; NULL: none are kept */
    size_t head_bytes, head_bytes_most;
    bool takes_body; /* bodies are read and ignored; else refused */
    bool is_complete;
    bool keeps_alive; /* by the rules of HTTP, after this request; set when it is complete */
    unsigned refusal; /* the status to refuse it with, 0: none; set by HTTPD_REFUSED */
    size_t target_bytes;
    char target[HTTPD_TARGET_BYTES]; /* not terminated */
};

enum httpd_parsed {
    HTTPD_MORE, /* all bytes were used, and more are needed */
    HTTPD_COMPLETE,
    HTTPD_REFUSED, /* nothing more may be parsed; `refusal` has the status */
};

/* `headers` may be NULL. `head_bytes_most` limits request line and headers, unless bodies are taken. */
void httpd_request_init(struct httpd_request *r, struct httpd_headers *headers, size_t head_bytes_most,
                        bool takes_body);
/* Parses bytes of one request; the first call after HTTPD_COMPLETE begins the next. Sets how many were used.
 */
enum httpd_parsed httpd_request_parse(struct httpd_request *r, const char *data, size_t length, size_t *used);

/* Whether the target's path, without the query, is this one. */
bool httpd_request_is_for(const struct httpd_request *r, const char *path);

#endif
