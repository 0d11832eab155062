#include "request.h"

#include "base64.h"
#include "err.h"
#include "random.h"
#include "render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { METHOD_BYTES_MOST = 32, CREDENTIALS_BYTES_MOST = 1024, NUMBER_BYTES = 20, HTTP2_HEADERS_MOST = 100 };

/* Separates the random draws of requests from those of arrivals. */
#define REQUEST_STREAM (UINT64_C(1) << 63)

bool request_is_token(const char *text)
{
    static const char allowed[] =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && strspn(text, allowed) == strlen(text);
}

static bool fits(const char *text, enum template_use use)
{
    while (*text && template_fits(*text, use))
        text++;
    return *text == '\0';
}

int request_check_method(const char *method, struct err *e)
{
    if (!request_is_token(method) || strlen(method) > METHOD_BYTES_MOST)
        return err_set(e, ERR_INPUT, "'method' must be a word such as GET or POST, not '%.40s'", method);
    if (strcmp(method, "CONNECT") == 0)
        return err_set(e, ERR_INPUT, "'method' CONNECT asks for a tunnel, which no response ends");
    return 0;
}

static int check_path(const char *method, const char *path, struct err *e)
{
    const bool is_asterisk = strcmp(path, "*") == 0 && strcmp(method, "OPTIONS") == 0;
    if (path[0] != '/' && !is_asterisk && !template_begins_with_value(path))
        return err_set(e, ERR_INPUT, "'path' must begin with /, not '%.64s'", path);
    if (!fits(path, TEMPLATE_PATH))
        return err_set(e, ERR_INPUT,
                       "'path' must be visible ASCII; write blanks and other bytes as %%20, %%C3%%A4");
    if (strchr(path, '#'))
        return err_set(e, ERR_INPUT, "'path' must not hold a fragment (#), which is never sent");
    return 0;
}

int request_begin(struct request_builder *b, const struct plan_target *target,
                  const struct template_scope *scope, const char *method, const char *path, struct err *e)
{
    *b = (struct request_builder){ .target = target, .scope = scope };
    if (check_path(method, path, e))
        return -1;
    b->method = strdup(method);
    b->path = strdup(path);
    if (!b->method || !b->path)
        return plan_out_of_memory(e);
    if (template_add_literal(&b->start, method, strlen(method), e) ||
        template_add_literal(&b->start, " ", 1, e))
        return -1;
    if (strcmp(path, "*") != 0 &&
        template_add_literal(&b->start, target->base_path, strlen(target->base_path), e))
        return -1;
    return template_add_text(&b->start, path, TEMPLATE_PATH, scope, e) ||
                   template_add_literal(&b->start, " HTTP/1.1\r\n", 11, e)
               ? -1
               : 0;
}

int request_check_header(const char *name, const char *value, struct err *e)
{
    static const struct {
        const char *name, *instead;
    } own[] = {
        { "content-length", "it is computed from the body" },
        { "transfer-encoding", "bodies are sent with a Content-Length" },
        { "connection", "use keep_alive or requests_per_connection" },
        { "upgrade", "a connection stays with the protocol that it begins with" },
    };
    if (!request_is_token(name))
        return err_set(e, ERR_INPUT, "a header's name must be letters, digits and -, not '%.64s'", name);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcasecmp(name, own[i].name) == 0)
            return err_set(e, ERR_INPUT, "the header %s cannot be set: %s", name, own[i].instead);
    if (!fits(value, TEMPLATE_HEADER))
        return err_set(e, ERR_INPUT,
                       "the value of header %s must not hold line ends or other control characters", name);
    return 0;
}

int request_check_http2_header(const char *name, const char *value, struct err *e)
{
    static const char *const refused[] = { "keep-alive", "proxy-connection", "http2-settings" };
    bool is_refused = strcasecmp(name, "te") == 0 && strcasecmp(value, "trailers") != 0;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        is_refused = is_refused || strcasecmp(name, refused[i]) == 0;
    return is_refused
               ? err_set(e, ERR_INPUT,
                         "the header %s cannot be sent over HTTP/2: it is for HTTP/1.1 connections", name)
               : 0;
}

static int check_target(struct request_builder *b, const char *name, const char *value, struct err *e)
{
    if (b->target->http == PLAN_HTTP_1)
        return 0;
    if (++b->n_headers > HTTP2_HEADERS_MOST)
        return err_set(e, ERR_INPUT, "a request has at most %d headers over HTTP/2", HTTP2_HEADERS_MOST);
    return request_check_http2_header(name, value, e);
}

static int add_line(struct template *t, const char *name, const char *value, struct err *e)
{
    return template_add_literal(t, name, strlen(name), e) || template_add_literal(t, ": ", 2, e) ||
                   template_add_literal(t, value, strlen(value), e) || template_add_literal(t, "\r\n", 2, e)
               ? -1
               : 0;
}

/* Headers that occur at most once in a message (RFC 9110 section 5.3, RFC 6265 section 5.4). */
enum { HOST, USER_AGENT, AUTHORIZATION, CONTENT_TYPE = 4, N_SINGLES };
static const char *const singles[N_SINGLES] = { "host", "user-agent", "authorization", "cookie",
                                                "content-type" };

static bool has_single(const struct request_builder *b, unsigned single)
{
    return b->singles >> single & 1;
}

static int note_single(struct request_builder *b, const char *name, struct err *e)
{
    for (unsigned i = 0; i < N_SINGLES; i++) {
        if (strcasecmp(name, singles[i]) != 0)
            continue;
        if (has_single(b, i))
            return err_set(e, ERR_INPUT, "the header %s is given twice", name);
        b->singles |= UINT32_C(1) << i;
    }
    return 0;
}

int request_add_header(struct request_builder *b, const char *name, const char *value, struct err *e)
{
    if (request_check_header(name, value, e) || check_target(b, name, value, e) || note_single(b, name, e))
        return -1;
    struct template *t = &b->headers;
    return template_add_literal(t, name, strlen(name), e) || template_add_literal(t, ": ", 2, e) ||
                   template_add_text(t, value, TEMPLATE_HEADER, b->scope, e) ||
                   template_add_literal(t, "\r\n", 2, e)
               ? -1
               : 0;
}

int request_add_basic_auth(struct request_builder *b, const char *text, bool has_words, struct err *e)
{
    static const char name[] = "Authorization: Basic ";
    struct template t = { 0 };
    if (!strchr(text, ':') || !fits(text, TEMPLATE_HEADER) || strlen(text) > CREDENTIALS_BYTES_MOST)
        return err_set(e, ERR_INPUT,
                       "'basic_auth' must be USER:PASSWORD without control characters, at most %d bytes",
                       CREDENTIALS_BYTES_MOST);
    if (has_single(b, AUTHORIZATION))
        return 0;
    const int status = (has_words ? template_add_text(&t, text, TEMPLATE_BODY, b->scope, e)
                                  : template_add_literal(&t, text, strlen(text), e)) ||
                       template_add_literal(&b->headers, name, sizeof name - 1, e) ||
                       template_add_base64(&b->headers, &t, e) ||
                       template_add_literal(&b->headers, "\r\n", 2, e);
    template_fini(&t);
    return status ? -1 : 0;
}

int request_add_content_type(struct request_builder *b, const char *type, struct err *e)
{
    return has_single(b, CONTENT_TYPE) ? 0 : add_line(&b->headers, "Content-Type", type, e);
}

/* With a generated body the length is a piece of its own, filled in per request. */
static int add_length(struct request_builder *b, const struct template *body, bool is_made, size_t *length_at,
                      struct err *e)
{
    static const char name[] = "Content-Length: ";
    char line[64];
    const bool expected =
        strcmp(b->method, "POST") == 0 || strcmp(b->method, "PUT") == 0 || strcmp(b->method, "PATCH") == 0;
    *length_at = SIZE_MAX;
    if (!body && !expected)
        return 0;
    if (!is_made) {
        size_t n_bytes = 0;
        for (size_t i = 0; body && i < body->n; i++)
            n_bytes += body->pieces[i].length_bytes;
        const int n = snprintf(line, sizeof line, "%s%zu\r\n", name, n_bytes);
        return template_add_literal(&b->start, line, (size_t)n, e);
    }
    if (template_add_literal(&b->start, name, sizeof name - 1, e) || template_add_break(&b->start, e))
        return -1;
    *length_at = b->start.n - 1;
    return template_add_break(&b->start, e) || template_add_literal(&b->start, "\r\n", 2, e) ? -1 : 0;
}

static int add_own_headers(struct request_builder *b, bool close, struct err *e)
{
    if (!has_single(b, HOST) && add_line(&b->start, "Host", b->target->host_header, e))
        return -1;
    if (!has_single(b, USER_AGENT) && add_line(&b->start, "User-Agent", "loadgen/" LOADGEN_VERSION, e))
        return -1;
    if (template_move(&b->start, &b->headers, e))
        return -1;
    return close ? add_line(&b->start, "Connection", "close", e) : 0;
}

static int add_body(struct request_builder *b, struct template *body, bool is_made, size_t *body_at,
                    struct err *e)
{
    if (template_add_literal(&b->start, "\r\n", 2, e))
        return -1;
    *body_at = b->start.n;
    if (is_made && template_add_break(&b->start, e))
        return -1;
    return template_move(&b->start, body, e);
}

static size_t bytes_most(const struct request_builder *b)
{
    size_t sum = NUMBER_BYTES;
    for (size_t i = 0; i < b->start.n; i++)
        sum += render_bytes_most(&b->start.pieces[i], b->scope ? b->scope->stream : NULL);
    return sum;
}

/* What never varies is one literal; `shown` keeps its secrets from people. */
static int join(struct template *t, char **shown, struct err *e)
{
    struct template whole = { 0 };
    struct template masked = { 0 };
    static const char given[] = "(given)";
    if (template_is_made(t, 0) || t->n == 1)
        return 0;
    int status = 0;
    for (size_t i = 0; i < t->n && status == 0; i++) {
        const struct plan_piece *p = &t->pieces[i];
        const bool is_secret = p->kind == PLAN_PIECE_SECRET;
        status = template_add_literal(&whole, p->text, p->length_bytes, e) ||
                 template_add_literal(&masked, is_secret ? given : p->text,
                                      is_secret ? sizeof given - 1 : p->length_bytes, e);
    }
    if (status == 0) {
        template_fini(t);
        *t = whole;
        whole = (struct template){ 0 };
        status = template_add_literal(&masked, "", 1, e);
    }
    if (status == 0) {
        *shown = masked.pieces[0].text;
        masked.pieces[0].text = NULL;
    }
    template_fini(&whole);
    template_fini(&masked);
    return status ? -1 : 0;
}

static int add_pieces(const struct request_builder *b, const struct request_body *body, struct template *made,
                      struct err *e)
{
    return body->is_template ? template_add_text(made, body->bytes, body->use, b->scope, e)
                             : template_add_literal(made, body->bytes, body->length_bytes, e);
}

static int compose(struct request_builder *b, struct template *body, bool close, struct plan_request *out,
                   struct err *e)
{
    size_t length_at, body_at;
    char *shown = NULL;
    const bool is_made = body && template_is_made(body, 0);
    struct template none = { 0 };
    if (add_own_headers(b, close, e) || add_length(b, body, is_made, &length_at, e) ||
        add_body(b, body ? body : &none, is_made, &body_at, e) || join(&b->start, &shown, e))
        return -1;
    *out = (struct plan_request){ .method = b->method,
                                  .path = b->path,
                                  .shown = shown,
                                  .pieces = b->start.pieces,
                                  .n_pieces = b->start.n,
                                  .bytes_most = bytes_most(b),
                                  .length_at_piece = length_at,
                                  .body_at_piece = is_made ? body_at : b->start.n,
                                  .weight = out->weight,
                                  .is_head = strcmp(b->method, "HEAD") == 0 };
    b->method = b->path = NULL;
    b->start = (struct template){ 0 };
    return 0;
}

int request_finish(struct request_builder *b, const struct request_body *body, bool close,
                   struct plan_request *out, struct err *e)
{
    struct template made = { 0 };
    const bool has_body = body && body->bytes;
    const int status =
        has_body && add_pieces(b, body, &made, e) ? -1 : compose(b, has_body ? &made : NULL, close, out, e);
    template_fini(&made);
    request_abandon(b);
    return status;
}

void request_abandon(struct request_builder *b)
{
    template_fini(&b->start);
    template_fini(&b->headers);
    free(b->method);
    free(b->path);
    *b = (struct request_builder){ 0 };
}

bool request_names_instances(const struct plan_request *r)
{
    for (size_t i = 0; i < r->n_pieces; i++)
        if (r->pieces[i].kind == PLAN_PIECE_INSTANCE)
            return true;
    return false;
}

/* The random numbers of one request: the same in every thread and in any order. */
static uint64_t draw_number(uint64_t stream, uint64_t seq)
{
    return REQUEST_STREAM | stream << 48 | (seq & UINT64_C(0xFFFFFFFFFFFF));
}

const struct plan_request *request_pick(const struct plan *plan, const struct plan_stream *stream,
                                        uint64_t seq)
{
    if (stream->n_requests == 1)
        return &stream->requests[0];
    if (stream->mix == PLAN_MIX_SEQUENCE)
        return &stream->requests[seq % stream->n_requests];
    struct random r;
    uint64_t sum = 0;
    for (size_t i = 0; i < stream->n_requests; i++)
        sum += stream->requests[i].weight;
    random_init(&r, plan->seed, draw_number((uint64_t)(stream - plan->streams), ~seq));
    uint64_t drawn = random_below(&r, sum);
    size_t i = 0;
    while (drawn >= stream->requests[i].weight)
        drawn -= stream->requests[i++].weight;
    return &stream->requests[i];
}

/* The number of the walk through `requests` that it belongs to. */
static uint64_t walk_of(const struct plan_stream *stream, uint64_t seq)
{
    return stream->mix == PLAN_MIX_SEQUENCE && stream->n_requests > 1 ? seq / stream->n_requests : seq;
}

size_t request_render(const struct plan *plan, const struct plan_stream *stream,
                      const struct plan_request *request, uint64_t seq, char *out, size_t out_bytes)
{
    const uint64_t number = (uint64_t)(stream - plan->streams);
    struct render_source source = { .plan = plan,
                                    .stream = stream,
                                    .counter = seq,
                                    .walk = walk_of(stream, seq),
                                    .draw_seed = plan->seed,
                                    .draw_number = draw_number(number, seq) };
    struct render_room room = { .bytes = out, .n_bytes = out_bytes, .is_fixed = true };
    size_t length;
    if (out_bytes < request->bytes_most)
        return 0;
    return render_message(&source, request, &room, &length) ? 0 : length;
}
