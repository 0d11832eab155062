/* How requests end with their connection. The one whose response was due next has failed. Requests pipelined
 * behind it may or may not have been processed: those that may be repeated (RFC 9110 section 9.2.2) and those
 * not yet written are sent on the next connection, the rest end as `reset`. Overdue requests end as
 * `timeout`. */
#include "conn_parts.h"

#include "account.h"
#include "mux.h"
#include "plan.h"
#include "shard.h"

#include <string.h>

bool conn_may_be_repeated(const struct flight *f)
{
    static const char *const idempotent[] = { "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" };
    for (size_t i = 0; i < sizeof idempotent / sizeof *idempotent; i++)
        if (strcmp(f->request->method, idempotent[i]) == 0)
            return true;
    return false;
}

static void end_first(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct flight f;
    if (c->shard->users)
        user_answered(c, &c->exchange, &outcome, &cause, now_ns);
    conn_pop_flight(c, &f);
    account_done(c, &f, &c->exchange, outcome, cause, now_ns);
    c->exchange.first_ns = 0; /* a partial response belonged to this request */
}

/* Moves it to the end of the ring: after a full round all kept requests are in their old order. */
static void keep_first(struct conn *c, bool is_written, enum again again)
{
    struct flight f;
    conn_pop_flight(c, &f);
    if (is_written)
        f.again = (uint8_t)again;
    *conn_flight(c, c->n_flights++, c->shard->stream->in_flight_most) = f;
    c->shard->n_busy++;
}

static void close_if_open(struct conn *c)
{
    c->n_written = 0;
    if (c->state == CONN_READY || c->state == CONN_CONNECTING || c->state == CONN_HANDSHAKE)
        conn_close(c);
}

/* Closes; `n_ended` requests have already ended with it. */
static void lose(struct conn *c, uint32_t n_ended, enum again again, const char *cause, uint64_t now_ns)
{
    struct shard *s = c->shard;
    const uint32_t n = c->n_flights;
    const uint32_t n_written = c->n_written;
    for (uint32_t i = 0; i < n; i++) {
        const struct flight *f = conn_flight(c, 0, s->stream->in_flight_most);
        const bool is_overdue = now_ns >= shard_deadline_ns(s, f);
        if (is_overdue)
            end_first(c, OUTCOME_TIMEOUT, "no complete response in time", now_ns);
        else if (i < n_written && !conn_may_be_repeated(f))
            end_first(c, OUTCOME_RESET, cause, now_ns);
        else
            keep_first(c, i < n_written, again);
    }
    n_ended += n - c->n_flights;
    close_if_open(c);
    while (n_ended-- > 0)
        shard_on_done(s, c, now_ns);
}

void conn_end_head(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    end_first(c, outcome, cause, now_ns);
    lose(c, 1, AGAIN_BROKEN, "an earlier request ended the connection", now_ns);
}

void conn_time_out(struct conn *c, uint64_t now_ns)
{
    if (c->mux)
        mux_time_out(c, now_ns);
    else
        lose(c, 0, AGAIN_TIMEOUT, "an earlier request timed out", now_ns);
}

/* A reused connection that dies before the first byte of a response does not fail the request: it is sent
 * again on a fresh one, once. */
void conn_end_broken(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct flight *head = conn_flight(c, 0, c->shard->stream->in_flight_most);
    const bool is_fresh = c->n_on_conn == c->n_written; /* no response has arrived on it */
    if (c->n_written == 0) {
        conn_close(c);
    } else if (c->exchange.first_ns != 0 || is_fresh || head->is_retry || !conn_may_be_repeated(head)) {
        conn_end_head(c, outcome, cause, now_ns);
    } else {
        account_reset_idle(c->shard, head, cause);
        head->is_retry = true;
        lose(c, 0, AGAIN_IDLE, cause, now_ns);
    }
}

void conn_fail(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct shard *s = c->shard;
    const uint32_t n = c->n_flights;
    if (c->mux) {
        mux_fail(c, outcome, cause, now_ns);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        end_first(c, outcome, cause, now_ns);
    close_if_open(c);
    for (uint32_t i = 0; i < n; i++)
        shard_on_done(s, c, now_ns);
}
