/* One request as bytes: built once from method, path, headers and body into a plan_request, then rendered per
 * request where it holds generated values. Everything that varies follows from the plan's seed, the stream
 * and the request's number, so that a run can be repeated. */
#ifndef PLAN_REQUEST_H
#define PLAN_REQUEST_H

#include "plan.h"
#include "template.h"

struct err;

/* A request under construction. The order is begin, any headers, finish; or abandon at any time. A sentence
 * says what is wrong; the caller adds where. */
struct request_builder {
    const struct plan_target *target;
    const struct template_scope *scope; /* NULL: no feed, no session */
    struct template start;              /* request line */
    struct template headers;            /* as given */
    char *method, *path;                /* owned until finish */
    size_t n_headers;
    uint32_t singles; /* single-valued headers that were given: bits of request.c */
};

/* Whether the text is a token of HTTP (RFC 9110 section 5.6.2), as names of headers and cookies are. */
bool request_is_token(const char *text);
/* Whether a method can be sent at all. */
int request_check_method(const char *method, struct err *e);
/* Whether a header can be sent over HTTP/2, too (RFC 9113 section 8.2.2). */
int request_check_http2_header(const char *name, const char *value, struct err *e);
/* Whether a header can be sent. Refuses what would break the message (line ends, names that are no token) and
 * what loadgen writes itself: Content-Length, Transfer-Encoding, Connection. */
int request_check_header(const char *name, const char *value, struct err *e);
/* The method must have passed request_check_method. The path begins with /, or with a value that does so in
 * every row of its feed, or when it is sent. `target` and `scope`, which may be NULL, are borrowed until
 * finish. */
int request_begin(struct request_builder *b, const struct plan_target *target,
                  const struct template_scope *scope, const char *method, const char *path, struct err *e);
/* A header that passes request_check_header, and over HTTP/2 request_check_http2_header. Host, Authorization
 * and the like may be given once. */
int request_add_header(struct request_builder *b, const char *name, const char *value, struct err *e);
/* "USER:PASSWORD" as an Authorization header, unless one was given, which takes precedence, as with curl. Its
 * {words} are values if it `has_words`. */
int request_add_basic_auth(struct request_builder *b, const char *text, bool has_words, struct err *e);
/* A Content-Type, unless one was given. */
int request_add_content_type(struct request_builder *b, const char *type, struct err *e);
/* A body: bytes that are sent as they are, or a text whose {words} are replaced per request. */
struct request_body {
    const char *bytes;
    size_t length_bytes;
    bool is_template; /* then NUL-terminated */
    enum template_use use;
};
/* NULL for no body. `close`: the connection is not kept. Fills `out`, whose weight it leaves, and empties the
 * builder. */
int request_finish(struct request_builder *b, const struct request_body *body, bool close,
                   struct plan_request *out, struct err *e);
void request_abandon(struct request_builder *b);

/* Whether it names instances, which only a deployment knows. */
bool request_names_instances(const struct plan_request *r);
/* The stream's request number `seq`. */
const struct plan_request *request_pick(const struct plan *plan, const struct plan_stream *stream,
                                        uint64_t seq);
/* Whether the bytes differ from request to request. If not, they are pieces[0].text. */
static inline bool request_is_rendered(const struct plan_request *r)
{
    return r->n_pieces != 1 || r->pieces[0].kind != PLAN_PIECE_LITERAL;
}
/* Writes the whole message of request `seq`; returns its length, or 0 when `out_bytes` is less than the
 * request's bytes_most. Allocates nothing. */
size_t request_render(const struct plan *plan, const struct plan_stream *stream,
                      const struct plan_request *request, uint64_t seq, char *out, size_t out_bytes);

#endif
