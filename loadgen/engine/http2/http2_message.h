/* Makes an HTTP/2 request of the HTTP/1.1 message that the plan or a session renders: its request line
 * becomes the pseudo-header fields, Host becomes :authority, names are in lower case, fields that only
 * concern an HTTP/1.1 connection go (RFC 9113 sections 8.2.2 and 8.3.1). So templates, feeds, sessions and
 * recordings need not know the version. */
#ifndef ENGINE_HTTP2_MESSAGE_H
#define ENGINE_HTTP2_MESSAGE_H

#include "http2.h"

/* Room for the fields of one request. */
struct http2_message {
    struct http2_field fields[HTTP2_FIELDS_MOST];
};

/* Reads a complete message that loadgen has rendered; names are turned to lower case in place. `request`
 * points into `message` and `bytes`. -1 when it has more than HTTP2_FIELDS_MOST fields or is incomplete. */
int http2_message_read(struct http2_message *message, char *bytes, size_t length_bytes, bool is_tls,
                       struct http2_request *request);

#endif
