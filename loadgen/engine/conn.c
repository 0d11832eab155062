#include "conn_parts.h"

#include "account.h"
#include "plan.h"
#include "share.h"
#include "worker.h"

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

void conn_move(struct conn_list *list, struct conn *c, uint64_t now_ns)
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

void conn_watch(struct conn *c, int events)
{
    if (c->watched == events)
        return;
    c->watched = events;
    uv_poll_start(&c->poll, events, on_poll);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    struct worker *w = c->share->worker;
    c->state = CONN_CLOSED;
    share_on_closed(c->share, c, worker_now(w));
}

/* Lets go of the socket. The loop frees the handle on its next turn; then share_on_closed is called. */
void conn_close(struct conn *c)
{
    struct share *s = c->share;
    s->worker->transport.stop(&s->worker->transport, &c->wire);
    if (c->list != &s->thinking) /* who thinks goes on thinking when an idle connection is closed */
        conn_list_remove(c);
    c->rest_bytes = 0;
    c->watched = 0;
    /* What the last answer was is no matter of a request that fails before the next connection is there. */
    response_begin(&c->response, false);
    c->first_ns = 0;
    c->rx_age_ns = UINT64_MAX;
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

void conn_pop_flight(struct conn *c, struct flight *out)
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
        conn_pop_flight(c, &f);
        account_done(s, c, &f, outcome, cause, now_ns);
        c->first_ns = 0; /* what has come of an answer belongs to the first in line */
    }
    c->n_written = 0;
    if (c->state == CONN_READY || c->state == CONN_CONNECTING || c->state == CONN_HANDSHAKE)
        conn_close(c);
    for (uint32_t i = 0; i < n; i++)
        share_on_done(s, c, now_ns);
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
        conn_finish_connect(c, now_ns);
        break;
    case CONN_HANDSHAKE:
        conn_shake_hands(c, now_ns);
        break;
    case CONN_READY:
        if ((events & UV_WRITABLE) && conn_flush(c))
            conn_send_pending(c);
        if (c->state == CONN_READY && (status < 0 || (events & UV_READABLE)))
            now_ns = conn_read(c);
        if (c->state == CONN_READY && c->watched == 0)
            conn_watch(c, UV_READABLE);
        break;
    case CONN_CLOSED:
    case CONN_CLOSING:
        break;
    }
    if (now_ns >= w->pacer.armed_ns)
        worker_run_due(w, now_ns);
}
