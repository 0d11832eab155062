#include "conn.h"

#include "account.h"
#include "addresses.h"
#include "request.h"
#include "share.h"
#include "worker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void on_poll(uv_poll_t *handle, int status, int events);

void conn_list_append(struct conn_list *list, struct conn *c, uint64_t now_ns)
{
    c->list = list;
    c->since_ns = now_ns;
    c->after = NULL;
    c->before = list->last;
    if (list->last)
        list->last->after = c;
    else
        list->first = c;
    list->last = c;
    list->n++;
}

void conn_list_remove(struct conn *c)
{
    struct conn_list *list = c->list;
    if (!list)
        return;
    if (c->before)
        c->before->after = c->after;
    else
        list->first = c->after;
    if (c->after)
        c->after->before = c->before;
    else
        list->last = c->before;
    list->n--;
    c->list = NULL;
    c->before = c->after = NULL;
}

static void move_to(struct conn_list *list, struct conn *c, uint64_t now_ns)
{
    conn_list_remove(c);
    conn_list_append(list, c, now_ns);
}

size_t conn_bytes(const struct share *share)
{
    const size_t flights = share->stream->pipeline_depth * sizeof(struct flight);
    const size_t bytes = sizeof(struct conn) + flights + response_tail_bytes(&share->stream->expect);
    return (bytes + 15) / 16 * 16;
}

void conn_init(struct conn *c, struct share *share, uint32_t number)
{
    char *tail = (char *)&c->flights[share->stream->pipeline_depth];
    memset(c, 0, sizeof *c);
    c->share = share;
    c->number = number;
    c->wire.fd = -1;
    c->poll.data = c;
    response_init(&c->response, &share->stream->expect,
                  response_tail_bytes(&share->stream->expect) ? tail : NULL);
}

void conn_fini(struct conn *c)
{
    free(c->made);
    c->made = NULL;
}

static void watch(struct conn *c, int events)
{
    if (c->watched == events)
        return;
    c->watched = events;
    uv_poll_start(&c->poll, events, on_poll);
}

/* --- opening --- */

static int bind_source(struct worker *w, int fd, int family)
{
    const struct plan_target *target = &w->plan->target;
    const char *text = target->bind_addresses[w->n_bind++ % target->n_bind_addresses];
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    const int on = 1;

    /* The port is chosen at connect(), so that one port serves many remote addresses (ip(7)). */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (family == AF_INET && inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return bind(fd, (const struct sockaddr *)&v4, sizeof v4);
    if (family == AF_INET6 && inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        return bind(fd, (const struct sockaddr *)&v6, sizeof v6);
    errno = EADDRNOTAVAIL;
    return -1;
}

/* The class of a failed socket(), bind() or connect(): used-up local means are told apart from a target that
 * refuses. */
static enum outcome outcome_of_connect_error(int error)
{
    switch (error) {
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return OUTCOME_PORTS;
    default:
        return OUTCOME_CONNECT;
    }
}

static const struct address *address_for(const struct conn *c, const struct address_set *set)
{
    /* By number: connections spread evenly over all addresses, and again when the set has changed. */
    return &set->list[(c->number + c->address_shift) % set->n];
}

static int open_socket(struct conn *c)
{
    struct worker *w = c->share->worker;
    const struct address_set *set = addresses_now(w->addresses);
    const struct address *address = address_for(c, set);
    const int family = address->sockaddr.ss_family;
    const int on = 1;

    c->generation = set->generation;
    c->remote = names_number(&w->remotes, address->text, strlen(address->text));
    const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    c->wire.fd = fd;
    if (family != AF_UNIX) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (w->plan->target.n_bind_addresses > 0 && bind_source(w, fd, family))
            return -1;
    }
    if (connect(fd, (const struct sockaddr *)&address->sockaddr, address->length_bytes) == 0 ||
        errno == EINPROGRESS)
        return 0;
    return -1;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    struct worker *w = c->share->worker;
    c->state = CONN_CLOSED;
    share_on_closed(c->share, c, worker_now(w));
}

/* Lets go of the socket. The loop frees the handle on its next turn; then share_on_closed is called. */
static void let_go(struct conn *c)
{
    struct share *s = c->share;
    s->worker->transport.stop(&s->worker->transport, &c->wire);
    conn_list_remove(c);
    c->rest_bytes = 0;
    c->watched = 0;
    c->state = CONN_CLOSING;
    if (c->is_polling) {
        c->is_polling = false;
        uv_poll_stop(&c->poll);
        uv_close((uv_handle_t *)&c->poll, on_handle_closed);
    }
    if (c->wire.fd >= 0)
        close(c->wire.fd);
    c->wire.fd = -1;
}

static void fail_connect(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct share *s = c->share;
    const bool has_handle = c->is_polling;
    c->n_failures++;
    c->address_shift++;
    let_go(c);
    share_on_connect_failed(s, c, outcome, cause, now_ns);
    if (!has_handle) {
        c->state = CONN_CLOSED;
        share_on_closed(s, c, now_ns);
    }
}

static void become_ready(struct conn *c, uint64_t now_ns)
{
    struct share *s = c->share;
    c->state = CONN_READY;
    c->ready_ns = now_ns;
    c->n_failures = 0;
    c->n_on_conn = 0;
    c->n_written = 0;
    c->first_ns = 0;
    c->rx_age_ns = UINT64_MAX;
    s->counts->n_conn_new++;
    watch(c, UV_READABLE);
    conn_list_remove(c);
    share_open_waiting(s, now_ns);
    share_on_ready(s, c, now_ns);
}

static void shake_hands(struct conn *c, uint64_t now_ns)
{
    struct share *s = c->share;
    struct transport *t = &s->worker->transport;
    const int result = t->start(t, &c->wire);

    switch (result) {
    case 1:
        if (t->has_handshake)
            account_tls(s, OUTCOME_OK, now_ns - c->connected_ns);
        become_ready(c, now_ns);
        break;
    case TRANSPORT_WANT_READ:
        watch(c, UV_READABLE);
        break;
    case TRANSPORT_WANT_WRITE:
        watch(c, UV_WRITABLE);
        break;
    default:
        account_tls(s, OUTCOME_TLS, now_ns - c->connected_ns);
        fail_connect(c, OUTCOME_TLS, c->wire.cause ? c->wire.cause : "closed during the handshake", now_ns);
        break;
    }
}

static void finish_connect(struct conn *c, uint64_t now_ns)
{
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(c->wire.fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
        error = errno;
    if (error) {
        account_connect(c->share, OUTCOME_CONNECT, now_ns - c->opened_ns);
        fail_connect(c, outcome_of_connect_error(error), transport_errno_text(error), now_ns);
        return;
    }
    c->connected_ns = now_ns;
    account_connect(c->share, OUTCOME_OK, now_ns - c->opened_ns);
    c->state = CONN_HANDSHAKE;
    shake_hands(c, now_ns);
}

void conn_open(struct conn *c, uint64_t now_ns)
{
    struct share *s = c->share;
    c->opened_ns = now_ns;
    c->wire = (struct wire){ .fd = -1 };
    const int status = open_socket(c);
    const int error = errno;
    move_to(&s->connecting, c, now_ns);
    c->state = CONN_CONNECTING;
    if (status == 0 && uv_poll_init(&s->worker->loop, &c->poll, c->wire.fd) == 0) {
        c->is_polling = true;
        c->poll.data = c;
        watch(c, UV_WRITABLE);
        return;
    }
    fail_connect(c, outcome_of_connect_error(status ? error : ENOMEM),
                 transport_errno_text(status ? error : ENOMEM), now_ns);
}

void conn_give_up(struct conn *c, uint64_t now_ns)
{
    const bool is_shaking = c->state == CONN_HANDSHAKE;
    if (is_shaking)
        account_tls(c->share, OUTCOME_TLS, now_ns - c->connected_ns);
    else
        account_connect(c->share, OUTCOME_CONNECT, now_ns - c->opened_ns);
    fail_connect(c, is_shaking ? OUTCOME_TLS : OUTCOME_CONNECT,
                 is_shaking ? "handshake timed out" : "connect timed out", now_ns);
}

/* --- sending --- */

/* Bytes of the request: the literal itself when nothing is made, else rendered into the connection's own
 * room. */
static const char *bytes_of(struct conn *c, const struct flight *f, size_t *length)
{
    const struct share *s = c->share;
    const struct plan_request *request = f->request;
    if (!request_is_made(request)) {
        *length = request->pieces[0].length_bytes;
        return request->pieces[0].text;
    }
    const size_t most = request->bytes_most;
    if (most > c->made_bytes) {
        free(c->made);
        c->made = malloc(most);
        c->made_bytes = c->made ? most : 0;
    }
    *length = request_render(s->worker->plan, s->stream, request, f->seq, c->made, c->made_bytes);
    return c->made;
}

/* Writes what is left of the current request; true when all is out. */
static bool flush_rest(struct conn *c)
{
    struct share *s = c->share;
    while (c->rest_bytes > 0) {
        const ssize_t n = s->worker->transport.write(&c->wire, c->rest, c->rest_bytes);
        if (n > 0) {
            c->rest += n;
            c->rest_bytes -= (size_t)n;
            s->counts->bytes_tx += (uint64_t)n;
        } else if (n == TRANSPORT_WANT_WRITE) {
            watch(c, UV_READABLE | UV_WRITABLE);
            return false;
        } else if (n == TRANSPORT_WANT_READ) {
            return false;
        } else {
            /* The peer may have answered before it closed: what it said is read first, on the next turn. */
            c->rest_bytes = 0;
            watch(c, UV_READABLE);
            return false;
        }
    }
    watch(c, UV_READABLE);
    return true;
}

static void send_flight(struct conn *c, struct flight *f)
{
    struct share *s = c->share;
    struct worker *w = s->worker;
    size_t length;
    const char *bytes = bytes_of(c, f, &length);
    const uint64_t now_ns = clock_monotonic_ns();

    if (f->sent_ns == 0) {
        f->sent_ns = now_ns;
        s->counts->n_sent++;
        f->is_first = c->n_on_conn == 0;
        if (f->is_first && f->dispatched_ns < c->ready_ns) {
            const uint64_t from_ns = f->dispatched_ns > c->opened_ns ? f->dispatched_ns : c->opened_ns;
            f->setup_ns = c->ready_ns - from_ns;
        }
    }
    c->n_on_conn++;
    w->book->health.n_sends++;
    c->rest = bytes;
    c->rest_bytes = length;
    if (c->n_written++ == 0) {
        response_begin(&c->response, f->request->is_head);
        c->first_ns = 0;
        move_to(&s->busy, c, now_ns);
    }
    flush_rest(c);
}

void conn_send_pending(struct conn *c)
{
    const uint32_t depth = c->share->stream->pipeline_depth;
    while (c->state == CONN_READY && c->n_written < c->n_flights && c->rest_bytes == 0)
        send_flight(c, conn_flight(c, c->n_written, depth));
}

/* The name has a new set of addresses, and in it this connection belongs to another one. */
static bool is_withdrawn(struct conn *c)
{
    struct worker *w = c->share->worker;
    const struct address_set *set = addresses_now(w->addresses);
    if (__builtin_expect(c->generation == set->generation, 1))
        return false;
    if (c->remote != NAMES_NONE && strcmp(address_for(c, set)->text, names_text(&w->remotes, c->remote)) != 0)
        return true;
    c->generation = set->generation;
    return false;
}

static bool is_stale(struct conn *c, uint64_t now_ns)
{
    const uint64_t limit_ns = c->share->stream->idle_limit_ns;
    return c->n_flights == 0 &&
           ((limit_ns > 0 && c->n_on_conn > 0 && now_ns > c->since_ns + limit_ns) || is_withdrawn(c));
}

void conn_submit(struct conn *c, const struct flight *flight, uint64_t now_ns)
{
    struct share *s = c->share;
    const uint32_t depth = s->stream->pipeline_depth;
    if (c->state == CONN_READY && __builtin_expect(is_stale(c, now_ns), 0))
        let_go(c);
    *conn_flight(c, c->n_flights++, depth) = *flight;
    s->n_busy++;
    if (c->state == CONN_READY) {
        conn_send_pending(c);
    } else if (c->state == CONN_CLOSED) {
        move_to(&s->waiting, c, now_ns);
        share_open_waiting(s, now_ns);
    }
}

/* --- ending --- */

static void pop_flight(struct conn *c, struct flight *out)
{
    const uint32_t depth = c->share->stream->pipeline_depth;
    *out = *conn_flight(c, 0, depth);
    c->head = c->head + 1 < depth ? c->head + 1 : 0;
    c->n_flights--;
    if (c->n_written > 0)
        c->n_written--;
    c->share->n_busy--;
}

void conn_fail(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct share *s = c->share;
    struct flight f;
    const uint32_t n = c->n_flights;
    for (uint32_t i = 0; i < n; i++) {
        pop_flight(c, &f);
        account_done(s, c, &f, outcome, cause, now_ns);
    }
    c->n_written = 0;
    if (c->state == CONN_READY || c->state == CONN_CONNECTING || c->state == CONN_HANDSHAKE)
        let_go(c);
    for (uint32_t i = 0; i < n; i++)
        share_on_done(s, c, now_ns);
}

void conn_close(struct conn *c)
{
    let_go(c);
}

static bool may_be_repeated(const struct flight *f)
{
    /* Idempotent methods, RFC 9110 section 9.2.2. */
    return strcmp(f->request->method, "POST") != 0 && strcmp(f->request->method, "PATCH") != 0;
}

static void end_with_connection(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);

/* The connection ended under way. A reused one that died before the first byte of an answer is no verdict on
 * the request: it is sent again on a fresh connection, once. Pipelined requests behind a broken one were
 * never answered and are sent again too. */
static void end_broken(struct conn *c, const char *cause, uint64_t now_ns)
{
    struct share *s = c->share;
    const uint32_t depth = s->stream->pipeline_depth;

    if (c->n_written == 0) {
        let_go(c);
        return;
    }
    const struct flight *head = conn_flight(c, 0, depth);
    if (c->first_ns != 0 || head->is_first || head->is_retry || !may_be_repeated(head)) {
        end_with_connection(c, OUTCOME_RESET, cause, now_ns);
        return;
    }
    account_reset_idle(s, head, cause);
    for (uint32_t i = 0; i < c->n_written; i++)
        conn_flight(c, i, depth)->is_retry = true;
    c->n_written = 0;
    let_go(c);
}

static bool must_close(struct conn *c)
{
    const uint64_t limit = c->share->stream->requests_per_connection;
    return !c->response.keeps_alive || (limit > 0 && c->n_on_conn >= limit) || is_withdrawn(c);
}

static void begin_response(struct conn *c)
{
    const struct flight *f = conn_flight(c, 0, c->share->stream->pipeline_depth);
    response_begin(&c->response, f->request->is_head);
    c->first_ns = 0;
}

/* The response at the ring's head is complete. */
static void finish_response(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct share *s = c->share;
    struct flight f;

    pop_flight(c, &f);
    if (must_close(c)) {
        account_done(s, c, &f, outcome, cause, now_ns);
        c->n_written = 0;
        let_go(c);
    } else {
        account_done(s, c, &f, outcome, cause, now_ns);
        if (c->n_written > 0) {
            move_to(&s->busy, c, now_ns);
            begin_response(c);
        } else {
            conn_list_remove(c);
        }
    }
    share_on_done(s, c, now_ns);
}

/* The request at the ring's head ends with its connection. */
static void end_with_connection(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct share *s = c->share;
    struct flight f;

    pop_flight(c, &f);
    account_done(s, c, &f, outcome, cause, now_ns);
    c->n_written = 0;
    let_go(c);
    share_on_done(s, c, now_ns);
}

/* Bytes behind a complete response belong to the next request in the pipeline, or to nobody. */
static void feed(struct conn *c, const char *data, size_t length, uint64_t now_ns)
{
    while (length > 0 && c->state == CONN_READY) {
        size_t used;
        if (c->n_written == 0) { /* nothing was asked */
            let_go(c);
            return;
        }
        if (c->first_ns == 0)
            c->first_ns = now_ns;
        const enum response_state state = response_feed(&c->response, data, length, &used);
        if (state == RESPONSE_MORE)
            return;
        if (state == RESPONSE_BROKEN) {
            end_with_connection(c, OUTCOME_PROTOCOL, response_cause(&c->response), now_ns);
            return;
        }
        data += used;
        length -= used;
        if (length > 0 && c->n_written == 1) {
            end_with_connection(c, OUTCOME_PROTOCOL, "more bytes than the response's length", now_ns);
            return;
        }
        const enum outcome outcome = response_outcome(&c->response);
        finish_response(c, outcome, outcome == OUTCOME_OK ? NULL : response_cause(&c->response), now_ns);
    }
}

static void on_end_of_stream(struct conn *c, const char *cause, uint64_t now_ns)
{
    if (c->n_written > 0 && c->response.has_begun && response_end(&c->response) == RESPONSE_DONE) {
        const enum outcome outcome = response_outcome(&c->response);
        finish_response(c, outcome, outcome == OUTCOME_OK ? NULL : response_cause(&c->response), now_ns);
        return;
    }
    end_broken(c, cause, now_ns);
}

static void note_rx_age(struct conn *c, uint64_t now_ns)
{
    const uint64_t stamp_ns = c->wire.rx_realtime_ns;
    const uint64_t now_realtime_ns = now_ns + (uint64_t)c->share->worker->realtime_offset_ns;
    c->rx_age_ns = stamp_ns == 0 ? UINT64_MAX : now_realtime_ns > stamp_ns ? now_realtime_ns - stamp_ns : 0;
}

/* Reads what there is; returns the time of the last read. */
static uint64_t read_ready(struct conn *c)
{
    struct worker *w = c->share->worker;
    uint64_t now_ns;
    do {
        const ssize_t n = w->transport.read(&c->wire, w->buffer, sizeof w->buffer);
        now_ns = worker_now(w);
        if (n > 0) {
            c->share->counts->bytes_rx += (uint64_t)n;
            note_rx_age(c, now_ns);
            feed(c, w->buffer, (size_t)n, now_ns);
        } else if (n == TRANSPORT_WANT_READ) {
            return now_ns;
        } else if (n == TRANSPORT_WANT_WRITE) {
            watch(c, UV_READABLE | UV_WRITABLE);
            return now_ns;
        } else if (n == TRANSPORT_END) {
            on_end_of_stream(c, "connection closed by the peer", now_ns);
        } else {
            on_end_of_stream(c, c->wire.cause ? c->wire.cause : "connection failed", now_ns);
        }
    } while (c->state == CONN_READY && w->transport.has_pending(&c->wire));
    return now_ns;
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
    struct conn *c = handle->data;
    struct worker *w = c->share->worker;
    /* The usual case reads the clock once, after the read; only what woke the thread reads it before as well.
     */
    uint64_t now_ns = c->state == CONN_READY && w->is_awake ? 0 : worker_now(w);

    if (status < 0)
        c->watched = 0; /* the loop has stopped watching; what came before the error is still to be read */
    switch (c->state) {
    case CONN_CONNECTING:
        finish_connect(c, now_ns);
        break;
    case CONN_HANDSHAKE:
        shake_hands(c, now_ns);
        break;
    case CONN_READY:
        if ((events & UV_WRITABLE) && flush_rest(c))
            conn_send_pending(c);
        if (c->state == CONN_READY && (status < 0 || (events & UV_READABLE)))
            now_ns = read_ready(c);
        if (c->state == CONN_READY && c->watched == 0)
            watch(c, UV_READABLE);
        break;
    case CONN_CLOSED:
    case CONN_CLOSING:
        break;
    }
    if (now_ns >= w->pacer.armed_ns)
        worker_run_due(w, now_ns);
}
