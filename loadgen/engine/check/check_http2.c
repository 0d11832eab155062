/* One request and its response over HTTP/2, on one stream at a time. A second connection without I/O is given
 * the same bytes and sends nothing: its stream has the response for people. */
#include "check_parts.h"

#include "clock.h"
#include "http2_code.h"
#include "http2_message.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRIES_MOST = 3, /* of a request that the server has not processed */
    READS_MOST = 64,
};

struct streams {
    struct http2_message message;
    struct http2_request request;
    struct http2_stream real, shown;
};

static struct http2 *make(const struct check *c)
{
    const struct http2_options options = { .streams_most = 1, .window_bytes = c->target->h2_window_bytes };
    struct http2 *h = calloc(1, CHECK_HTTP2_KIND.bytes);
    if (h && CHECK_HTTP2_KIND.init(h, &options)) {
        free(h);
        return NULL;
    }
    return h;
}

static void end(struct http2 *h)
{
    if (!h)
        return;
    h->kind->fini(h);
    free(h);
}

void check_http2_fini(struct check *c)
{
    end(c->real);
    end(c->shown_http2);
}

static struct check_result no_memory(void)
{
    return check_failed(OUTCOME_CONNECT, "out of memory");
}

static struct check_result open_connection(struct check *c)
{
    if ((!c->real && !(c->real = make(c))) || (!c->shown_http2 && !(c->shown_http2 = make(c))))
        return no_memory();
    const struct check_result r = check_open(c);
    if (r.outcome == OUTCOME_OK && (c->real->kind->begin(c->real) || c->real->kind->begin(c->shown_http2)))
        return no_memory();
    return r;
}

/* Writes what is queued. */
static struct check_result flush(struct check *c, uint64_t until_ns)
{
    const struct http2_kind *kind = c->real->kind;
    struct check_result r = check_failed(OUTCOME_OK, NULL);
    const char *bytes;
    size_t n;
    while (r.outcome == OUTCOME_OK && (n = kind->pending(c->real, &bytes)) > 0) {
        r = check_send(c, bytes, n, until_ns);
        kind->wrote(c->real, n);
    }
    while ((n = kind->pending(c->shown_http2, &bytes)) > 0)
        kind->wrote(c->shown_http2, n);
    return r;
}

/* Both are given the same bytes, so that they end alike. -1: the connection is broken. */
static int feed(struct check *c, size_t n)
{
    const uint64_t now_ns = clock_monotonic_ns();
    c->real->kind->feed(c->shown_http2, c->read, n, now_ns);
    const int status = c->real->kind->feed(c->real, c->read, n, now_ns);
    while (http2_take_ended(c->real))
        ;
    while (http2_take_ended(c->shown_http2))
        ;
    return status;
}

/* Takes what has come since the last response: settings, or the end of the connection. */
static void catch_up(struct check *c)
{
    ssize_t n;
    for (int i = 0; i < READS_MOST && c->is_open &&
                    (n = c->transport.read(&c->sock, c->read, sizeof c->read)) != TRANSPORT_WANT_READ;
         i++)
        if (n <= 0 || feed(c, (size_t)n))
            check_close(c);
    if (c->is_open && http2_room(c->real, 1) == 0)
        check_close(c);
}

static struct check_result result_of(const struct http2_stream *real)
{
    switch (real->end) {
    case HTTP2_DONE:
        return check_verdict(&real->exchange.response);
    case HTTP2_MALFORMED:
        return check_failed(OUTCOME_PROTOCOL, response_cause(&real->exchange.response));
    case HTTP2_UNPROCESSED:
        return check_failed(OUTCOME_RESET, "the server goes away without processing the request");
    case HTTP2_REFUSED:
        return check_failed(OUTCOME_RESET, "the server refuses the request: REFUSED_STREAM");
    default:
        return check_failed(http2_reset_outcome(real->code), http2_reset_cause(real->code));
    }
}

static struct check_result receive(struct check *c, struct streams *s, uint64_t until_ns)
{
    for (;;) {
        const struct check_result sent = flush(c, until_ns);
        if (sent.outcome != OUTCOME_OK)
            return sent;
        if (clock_monotonic_ns() >= until_ns) /* although bytes arrive all the time */
            return check_too_late(c);
        const ssize_t n = c->transport.read(&c->sock, c->read, sizeof c->read);
        if (n > 0) {
            const int status = feed(c, (size_t)n);
            if (s->real.end != HTTP2_OPEN)
                return result_of(&s->real);
            if (status)
                return check_failed(OUTCOME_PROTOCOL, c->real->cause);
        } else if (n != TRANSPORT_WANT_READ && n != TRANSPORT_WANT_WRITE) {
            return check_lost(c, n);
        } else if (!check_wait(c, c->sock.fd, n == TRANSPORT_WANT_WRITE ? POLLOUT : POLLIN, until_ns)) {
            return check_too_late(c);
        }
    }
}

static struct check_result try_once(struct check *c, struct streams *s)
{
    const uint64_t until_ns = clock_monotonic_ns() + c->stream->timeout_ns;
    s->real.end = s->shown.end = HTTP2_OPEN;
    c->answers.head.n_bytes = 0;
    if (c->is_open)
        catch_up(c);
    struct check_result r = c->is_open ? check_failed(OUTCOME_OK, NULL) : open_connection(c);
    if (r.outcome == OUTCOME_OK && (c->real->kind->submit(c->real, &s->real, &s->request) ||
                                    c->real->kind->submit(c->shown_http2, &s->shown, &s->request)))
        r = no_memory();
    if (r.outcome == OUTCOME_OK)
        r = receive(c, s, until_ns);
    if (!outcome_is_answer(r.outcome)) {
        if (c->real)
            c->real->kind->drop(c->real);
        if (c->shown_http2)
            c->shown_http2->kind->drop(c->shown_http2);
        check_close(c);
    }
    return r;
}

/* Appends to a text of CHECK_HEAD_BYTES_MOST; what does not fit is left out. */
static void append(char *text, size_t *n_bytes, const char *at, size_t n)
{
    const size_t room = CHECK_HEAD_BYTES_MOST - *n_bytes;
    const size_t n_fit = n < room ? n : room;
    if (n_fit > 0)
        memcpy(text + *n_bytes, at, n_fit);
    *n_bytes += n_fit;
}

static void append_field(struct check *c, const struct http2_field *f, const char *end)
{
    append(c->sent, &c->sent_bytes, f->value, f->value_bytes);
    append(c->sent, &c->sent_bytes, end, strlen(end));
}

/* The request's head as text: its method and path in a start line, the other fields as they are sent. */
static void show_sent(struct check *c, const struct http2_request *request)
{
    const struct http2_field *path = request->fields;
    for (size_t i = 0; i < request->n_fields; i++)
        if (strncmp(request->fields[i].name, ":path", 5) == 0)
            path = &request->fields[i];
    append_field(c, &request->fields[0], " ");
    append_field(c, path, " HTTP/2\r\n");
    for (size_t i = 0; i < request->n_fields; i++) {
        const struct http2_field *f = &request->fields[i];
        if (f->name[0] == ':' && strncmp(f->name, ":authority", 10) != 0)
            continue;
        append(c->sent, &c->sent_bytes, f->name, f->name_bytes);
        append(c->sent, &c->sent_bytes, ": ", 2);
        append_field(c, f, "\r\n");
    }
}

/* The same of the response. */
static void show_head(struct check *c, unsigned status)
{
    const struct buffer *fields = &c->answers.head;
    char start[32];
    const int n = snprintf(start, sizeof start, "HTTP/2 %u\r\n", status);
    append(c->head, &c->head_bytes, start, (size_t)n);
    append(c->head, &c->head_bytes, fields->bytes, fields->n_bytes);
}

static bool is_unprocessed(const struct streams *s)
{
    return s->real.end == HTTP2_UNPROCESSED || s->real.end == HTTP2_REFUSED;
}

static struct check_result exchange(struct check *c, struct streams *s)
{
    show_sent(c, &s->request);
    struct check_result r = try_once(c, s);
    for (unsigned n_tries = 1; n_tries < TRIES_MOST && is_unprocessed(s); n_tries++)
        r = try_once(c, s);
    if (s->shown.exchange.response.status > 0)
        show_head(c, s->shown.exchange.response.status);
    return r;
}

struct check_result check_http2(struct check *c, const char *message, size_t length)
{
    struct streams *s = calloc(1, sizeof *s);
    char *bytes = malloc(length);
    struct check_responses responses;
    struct check_result r = no_memory();
    if (s && bytes && check_responses_init(c, &responses) == 0) {
        memcpy(bytes, message, length);
        s->real.exchange = responses.real;
        s->shown.exchange = responses.shown;
        r = http2_message_read(&s->message, bytes, length, c->target->tls, &s->request)
                ? check_failed(OUTCOME_PROTOCOL, "the request has too many header fields for HTTP/2")
                : exchange(c, s);
        check_responses_fini(&responses);
    }
    free(bytes);
    free(s);
    return r;
}
