#include "emulator_conn.h"

#include "clock.h"
#include "emulator_state.h"
#include "httpd_request.h"
#include "httpd_write.h"
#include "reply.h"
#include "reply_message.h"
#include "series.h"
#include "units.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PENDING_BYTES_MOST = 1024 * 1024 };

enum conn_state {
    CONN_READING, /* a request */
    CONN_WAITING, /* until the answer is due */
    CONN_STALLED, /* until the held half of the answer is due */
    CONN_ENDING,  /* nothing more is read or answered */
};

struct conn {
    uv_tcp_t tcp; /* first: the handle is the connection */
    struct deadline deadline;
    struct emulator *emulator;
    struct httpd_request request;
    enum conn_state state;
    char *pending; /* owned; read while an answer was outstanding */
    size_t pending_bytes;
    char *held; /* owned; the second half of a stalled answer */
    size_t held_bytes;
    uint64_t n_answers;
    uint64_t arrived_ns;
    struct reply answer;
};

static void on_closed(uv_handle_t *handle)
{
    struct conn *c = (struct conn *)handle;
    free(c->pending);
    free(c->held);
    free(c);
}

static void end(struct conn *c, bool with_reset)
{
    c->state = CONN_ENDING;
    deadlines_remove(&c->emulator->deadlines, &c->deadline);
    if (uv_is_closing((uv_handle_t *)&c->tcp))
        return;
    if (!with_reset || uv_tcp_close_reset(&c->tcp, on_closed))
        uv_close((uv_handle_t *)&c->tcp, on_closed);
}

void emulator_conn_abort(uv_handle_t *handle)
{
    end((struct conn *)handle, false);
}

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
    struct conn *c = (struct conn *)shutdown->handle;
    free(shutdown);
    (void)status;
    end(c, false);
}

/* Closes once everything is written. */
static void end_gently(struct conn *c)
{
    c->state = CONN_ENDING;
    uv_shutdown_t *shutdown = malloc(sizeof *shutdown);
    if (!shutdown || uv_shutdown(shutdown, (uv_stream_t *)&c->tcp, on_shut_down)) {
        free(shutdown);
        end(c, false);
    }
}

static void on_written(uv_stream_t *stream, int status)
{
    if (status < 0)
        end((struct conn *)stream, false);
}

static void send_bytes(struct conn *c, const char *data, size_t length)
{
    struct series_second *second = emulator_second(c->emulator, clock_monotonic_ns());
    if (second)
        second->tx_bytes += length;
    if (httpd_write((uv_stream_t *)&c->tcp, data, length, on_written))
        end(c, false);
}

/* After an answer: reads the next request, or ends the connection. */
static void finish(struct conn *c)
{
    if (c->state == CONN_ENDING)
        return;
    c->state = CONN_READING;
    if (!c->request.keeps_alive || c->answer.end != REPLY_KEEP)
        end_gently(c);
}

static void hold(struct conn *c, const char *data, size_t length)
{
    c->held = malloc(length ? length : 1);
    if (!c->held) {
        end(c, false);
        return;
    }
    memcpy(c->held, data, length);
    c->held_bytes = length;
    c->state = CONN_STALLED;
    if (deadlines_put(&c->emulator->deadlines, &c->deadline, clock_monotonic_ns() + c->answer.stall_ns))
        end(c, false);
}

static void send_answer(struct conn *c)
{
    struct reply_message message;
    char headers[128];
    const uint64_t delay_ns = clock_monotonic_ns() - c->arrived_ns;
    snprintf(headers, sizeof headers, "X-Delay-Us: %" PRIu64 "\r\n%s", delay_ns / NS_PER_US,
             c->emulator->date);
    if (reply_message_init(&message, &c->answer, c->emulator->settings->id, headers,
                           c->request.parser.method != HTTP_HEAD)) {
        end(c, false);
        return;
    }
    const bool halves = c->answer.end == REPLY_PARTIAL || c->answer.stall_ns > 0;
    send_bytes(c, message.data, halves ? message.half : message.length);
    if (c->state != CONN_ENDING && c->answer.stall_ns > 0)
        hold(c, message.data + message.half,
             c->answer.end == REPLY_PARTIAL ? 0 : message.length - message.half);
    else
        finish(c);
    reply_message_fini(&message);
}

static void respond(struct conn *c)
{
    static const char broken[] = "this is not HTTP\r\n\r\n";
    c->n_answers++;
    if (c->answer.end == REPLY_RESET) {
        end(c, true);
    } else if (c->answer.end == REPLY_BROKEN) {
        send_bytes(c, broken, sizeof broken - 1);
        finish(c);
    } else {
        send_answer(c);
    }
}

static void spin_until(uint64_t end_ns)
{
    while (clock_monotonic_ns() < end_ns)
        ;
}

/* Queues the request at the machine; returns the time when its work is done. */
static uint64_t work(struct conn *c, struct series_second *second)
{
    struct emulator *m = c->emulator;
    const double spent = m->machine.credits.spent;
    const struct machine_job job = machine_take(&m->machine, c->arrived_ns, c->answer.work_ns);
    series_add_cpu(m->series, job.start_ns + m->epoch_ns, job.done_ns + m->epoch_ns, job.cpu_ns);
    if (second) {
        second->requests_n++;
        second->credits_spent += m->machine.credits.spent - spent;
    }
    return job.done_ns;
}

/* A whole request was read. The health check's page and errors cost nothing: a busy machine stays healthy. */
static void on_request(struct conn *c)
{
    struct emulator *m = c->emulator;
    c->arrived_ns = clock_monotonic_ns();
    c->answer = reply_choose(m->settings->path, c->request.target, c->request.target_bytes);
    reply_apply_faults(&c->answer, &m->settings->faults, &m->fault_random, c->n_answers + 1);
    c->answer.chunked = c->answer.chunked && c->request.parser.http_minor > 0; /* HTTP/1.0 has no chunks */
    uint64_t due_ns = c->arrived_ns;
    if (c->answer.page == REPLY_RESPONDING)
        due_ns = work(c, emulator_second(m, c->arrived_ns));
    if (m->settings->spin)
        spin_until(due_ns);
    due_ns += c->answer.delay_ns;
    if (c->answer.spin_ns > 0)
        spin_until(clock_monotonic_ns() + c->answer.spin_ns);
    if (due_ns <= c->arrived_ns || (m->settings->spin && c->answer.delay_ns == 0))
        respond(c);
    else if (deadlines_put(&m->deadlines, &c->deadline, due_ns))
        end(c, false);
}

static void keep_pending(struct conn *c, const char *data, size_t length)
{
    char *larger = c->pending_bytes + length <= PENDING_BYTES_MOST
                       ? realloc(c->pending, c->pending_bytes + length)
                       : NULL;
    if (!larger) {
        end(c, true);
        return;
    }
    memcpy(larger + c->pending_bytes, data, length);
    c->pending = larger;
    c->pending_bytes += length;
}

static void refuse(struct conn *c)
{
    static const char bad_request[] =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    send_bytes(c, bad_request, sizeof bad_request - 1);
    if (c->state != CONN_ENDING)
        end_gently(c);
}

/* Parses requests until one must wait for its answer; the bytes after it are kept. */
static void parse(struct conn *c, const char *data, size_t length)
{
    while (length > 0 && c->state == CONN_READING) {
        size_t used;
        const enum httpd_parsed parsed = httpd_request_parse(&c->request, data, length, &used);
        if (parsed == HTTPD_MORE)
            return;
        if (parsed == HTTPD_REFUSED) {
            refuse(c);
            return;
        }
        data += used;
        length -= used;
        c->state = CONN_WAITING;
        on_request(c);
    }
    if (length > 0 && (c->state == CONN_WAITING || c->state == CONN_STALLED))
        keep_pending(c, data, length);
}

static void parse_pending(struct conn *c)
{
    char *data = c->pending;
    const size_t length = c->pending_bytes;
    c->pending = NULL;
    c->pending_bytes = 0;
    parse(c, data, length);
    free(data);
}

void emulator_conn_due(struct deadline *deadline)
{
    struct conn *c = (struct conn *)((char *)deadline - offsetof(struct conn, deadline));
    if (c->state == CONN_STALLED) {
        send_bytes(c, c->held, c->held_bytes);
        free(c->held);
        c->held = NULL;
        finish(c);
    } else {
        respond(c);
    }
    if (c->state == CONN_READING && c->pending_bytes > 0)
        parse_pending(c);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct conn *c = (struct conn *)handle;
    (void)suggested;
    *buffer = uv_buf_init(c->emulator->receive, sizeof c->emulator->receive);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct conn *c = (struct conn *)stream;
    if (n < 0) {
        end(c, false);
        return;
    }
    struct series_second *second = emulator_second(c->emulator, clock_monotonic_ns());
    if (second)
        second->rx_bytes += (uint64_t)n;
    if (c->state == CONN_READING)
        parse(c, buffer->base, (size_t)n);
    else if (c->state != CONN_ENDING)
        keep_pending(c, buffer->base, (size_t)n);
    emulator_arm(c->emulator);
}

void emulator_conn_accept(struct emulator *m, uv_stream_t *listener)
{
    struct conn *c = calloc(1, sizeof *c);
    if (!c)
        return;
    c->emulator = m;
    uv_tcp_init(&m->loop, &c->tcp);
    httpd_request_init(&c->request, NULL, 0, true);
    if (uv_accept(listener, (uv_stream_t *)&c->tcp) || uv_tcp_nodelay(&c->tcp, 1) ||
        uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read))
        end(c, false);
}
