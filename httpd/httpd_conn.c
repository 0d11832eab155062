#include "httpd_conn.h"

#include "httpd_request.h"
#include "httpd_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct httpd_conn {
    uv_tcp_t tcp; /* first: the handle is the connection */
    struct httpd *server;
    const struct httpd_listener *listener;
    struct httpd_conn *next, **link;
    struct httpd_request request;
    struct httpd_headers headers;
    unsigned since; /* tick of the last request or answer */
    bool is_asking; /* part of a request has arrived */
    bool is_stream, is_ending;
    uv_shutdown_t shutdown;
};

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

static void end(struct httpd_conn *c)
{
    if (uv_is_closing((uv_handle_t *)&c->tcp))
        return;
    c->is_ending = true;
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    c->server->n_conns--;
    c->server->n_streams -= c->is_stream;
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
    (void)status;
    end((struct httpd_conn *)shutdown->handle);
}

/* Closes once everything is written. */
static void end_gently(struct httpd_conn *c)
{
    if (c->is_ending)
        return;
    c->is_ending = true;
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shut_down))
        end(c);
}

static void on_written(uv_stream_t *stream, int status)
{
    struct httpd_conn *c = (struct httpd_conn *)stream;
    c->since = c->server->ticks;
    if (status < 0)
        end(c);
}

static bool has_unsent(const struct httpd_conn *c)
{
    return uv_stream_get_write_queue_size((const uv_stream_t *)&c->tcp) > 0;
}

static const char *reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *words;
    } reasons[] = { { 200, "OK" },
                    { 400, "Bad Request" },
                    { 404, "Not Found" },
                    { 405, "Method Not Allowed" },
                    { 413, "Content Too Large" },
                    { 414, "URI Too Long" },
                    { 421, "Misdirected Request" },
                    { 431, "Request Header Fields Too Large" },
                    { 500, "Internal Server Error" },
                    { 503, "Service Unavailable" } };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].words;
    return "Unknown";
}

/* Takes the body. */
static void send_answer(struct httpd_conn *c, struct httpd_answer *a, bool is_head, bool keeps_alive)
{
    char head[1536];
    char length[48] = "";
    const unsigned status = a->status ? a->status : 200;
    if (!a->is_stream)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", a->body_bytes);
    const int n = snprintf(head, sizeof head,
                           "HTTP/1.1 %u %s\r\nContent-Type: %s\r\n%s%sCache-Control: no-store\r\n"
                           "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n"
                           "Referrer-Policy: no-referrer\r\n%s\r\n",
                           status, reason(status), a->content_type ? a->content_type : "text/plain", length,
                           keeps_alive ? "" : "Connection: close\r\n", a->headers);
    c->since = c->server->ticks;
    uv_stream_t *stream = (uv_stream_t *)&c->tcp;
    if (httpd_write(stream, head, (size_t)n, on_written) ||
        (!is_head && a->body_bytes > 0 && httpd_write(stream, a->body, a->body_bytes, on_written)))
        end(c);
    free(a->body);
    a->body = NULL;
}

static void refuse(struct httpd_conn *c, unsigned status)
{
    struct httpd_answer a = { .status = status, .content_type = "text/plain; charset=utf-8" };
    if (status == 405)
        snprintf(a.headers, sizeof a.headers, "Allow: GET, HEAD\r\n");
    a.body = malloc(64);
    if (a.body)
        a.body_bytes = (size_t)snprintf(a.body, 64, "%u %s\n", status, reason(status));
    send_answer(c, &a, false, false);
    if (!c->is_ending)
        end_gently(c);
}

/* 0: it may be answered. */
static unsigned refusal(const struct httpd_conn *c)
{
    const struct httpd_request *r = &c->request;
    const struct httpd_headers *h = &c->headers;
    if (r->parser.method != HTTP_GET && r->parser.method != HTTP_HEAD)
        return 405;
    if (!h->is_given[HTTPD_HOST])
        return r->parser.http_major == 1 && r->parser.http_minor == 0 ? 0 : 400;
    if (c->listener->is_loopback && !httpd_address_host_is_loopback(h->values[HTTPD_HOST]))
        return 421;
    return 0;
}

static void answer(struct httpd_conn *c)
{
    struct httpd *server = c->server;
    struct httpd_answer a = { .status = 0 };
    const bool is_head = c->request.parser.method == HTTP_HEAD;
    const unsigned refused = refusal(c);
    if (refused) {
        refuse(c, refused);
        return;
    }
    server->handlers.answer(server->handlers.payload, c->listener->tag, &c->request, &a);
    if (a.is_stream && !is_head && server->n_streams >= HTTPD_STREAMS_MOST) {
        free(a.body);
        refuse(c, 503);
        return;
    }
    c->is_stream = a.is_stream && !is_head;
    server->n_streams += c->is_stream;
    const bool keeps_alive = !a.is_stream && c->request.keeps_alive && !server->is_stopping;
    send_answer(c, &a, is_head, keeps_alive);
    if (!c->is_ending && !c->is_stream && !keeps_alive)
        end_gently(c);
}

/* Drops a client that sends more requests but does not read the answer to the last one. */
static void parse(struct httpd_conn *c, const char *data, size_t length)
{
    while (length > 0 && !c->is_ending && !c->is_stream) {
        size_t used;
        if (has_unsent(c)) {
            end_gently(c);
            return;
        }
        const enum httpd_parsed parsed = httpd_request_parse(&c->request, data, length, &used);
        data += used;
        length -= used;
        c->is_asking = parsed == HTTPD_MORE;
        if (parsed == HTTPD_REFUSED)
            refuse(c, c->request.refusal);
        else if (parsed == HTTPD_COMPLETE)
            answer(c);
    }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct httpd *server = ((struct httpd_conn *)handle)->server;
    (void)suggested;
    *buffer = uv_buf_init(server->receive, sizeof server->receive);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct httpd_conn *c = (struct httpd_conn *)stream;
    if (n == UV_EOF) {
        end_gently(c); /* a client that has asked for all it wants may still read */
        return;
    }
    if (n < 0) {
        end(c);
        return;
    }
    if (!c->is_asking && n > 0)
        c->since = c->server->ticks;
    parse(c, buffer->base, (size_t)n);
}

void httpd_conn_accept(struct httpd_listener *listener)
{
    struct httpd *server = listener->server;
    struct httpd_conn *c = calloc(1, sizeof *c);
    if (!c)
        return;
    *c = (struct httpd_conn){ .server = server, .listener = listener, .since = server->ticks };
    uv_tcp_init(&server->loop, &c->tcp);
    httpd_request_init(&c->request, &c->headers, HTTPD_HEAD_BYTES_MOST, false);
    c->next = server->conns;
    c->link = &server->conns;
    if (c->next)
        c->next->link = &c->next;
    server->conns = c;
    server->n_conns++;
    const bool is_open = uv_accept((uv_stream_t *)&listener->tcp, (uv_stream_t *)&c->tcp) == 0 &&
                         uv_tcp_nodelay(&c->tcp, 1) == 0;
    if (is_open && server->n_conns > HTTPD_CONNS_MOST)
        refuse(c, 503);
    else if (!is_open || uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read))
        end(c);
}

void httpd_conn_sweep(struct httpd *server)
{
    for (struct httpd_conn *c = server->conns, *next; c; c = next) {
        const bool is_sending = has_unsent(c) || c->is_ending;
        const unsigned most = c->is_asking ? HTTPD_REQUEST_S : is_sending ? HTTPD_READ_S : HTTPD_IDLE_S;
        next = c->next;
        if (server->ticks - c->since > most && (is_sending || !c->is_stream))
            end(c);
    }
}

void httpd_conn_end_all(struct httpd *server, bool gently)
{
    for (struct httpd_conn *c = server->conns, *next; c; c = next) {
        next = c->next;
        if (gently)
            end_gently(c);
        else
            end(c);
    }
}

void httpd_broadcast(struct httpd *server, const char *data, size_t length)
{
    for (struct httpd_conn *c = server->conns, *next; c; c = next) {
        next = c->next;
        if (!c->is_stream || c->is_ending)
            continue;
        uv_stream_t *stream = (uv_stream_t *)&c->tcp;
        if (!has_unsent(c))
            c->since = server->ticks;
        if (uv_stream_get_write_queue_size(stream) + length > HTTPD_UNSENT_BYTES_MOST ||
            httpd_write(stream, data, length, on_written))
            end(c);
    }
}
