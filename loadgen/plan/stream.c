#include "stream.h"

#include "err.h"
#include "recording.h"
#include "session_mean.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE_LEAST = 1000, QUEUE_DEFAULT_MOST = 1000000 };

void stream_init(struct plan_stream *s, uint64_t timeout_ns, uint64_t connect_timeout_ns)
{
    *s = (struct plan_stream){
        .timeout_ns = timeout_ns,
        .connect_timeout_ns = connect_timeout_ns,
        .idle_limit_ns = STREAM_IDLE_LIMIT_DEFAULT_NS,
        .queue_most = STREAM_QUEUE_UNSET,
        .in_flight_most = 1,
        .n_rows = 1,
    };
}

/* By default a request may wait for as long as its timeout allows, so that a stalled target shows as
 * timeouts; requests are dropped only far above that. */
static uint64_t default_queue(const struct plan_stream *s)
{
    double most = QUEUE_LEAST;
    for (size_t i = 0; i < s->n_phases; i++) {
        const struct plan_phase *p = &s->phases[i];
        const double rate_per_s = p->replay ? (double)p->replay->n_busiest * p->replay->speed
                                            : fmax(p->rate_per_s, p->rate_end_per_s);
        const double waiting = rate_per_s * (double)s->timeout_ns / 1e9;
        most = fmax(most, p->kind == PLAN_PHASE_BURST ? (double)p->n_requests : waiting);
    }
    return most < QUEUE_DEFAULT_MOST ? (uint64_t)ceil(most) : QUEUE_DEFAULT_MOST;
}

static double highest_rate_per_s(const struct plan_stream *s)
{
    double most = 0;
    for (size_t i = 0; i < s->n_phases; i++)
        most = fmax(most, fmax(s->phases[i].rate_per_s, s->phases[i].rate_end_per_s));
    return most;
}

/* An arrival of a session stream keeps its connection while it thinks: twice as many as there are at once
 * when each request takes a second. */
static uint64_t default_connections(const struct plan_stream *s)
{
    if (!s->session)
        return STREAM_CONNECTIONS_DEFAULT;
    const double n = 2 * highest_rate_per_s(s) * session_mean(s->session).life_ns / 1e9;
    return n < STREAM_CONNECTIONS_DEFAULT ? STREAM_CONNECTIONS_DEFAULT
           : n < PLAN_USERS_MOST          ? (uint64_t)ceil(n)
                                          : PLAN_USERS_MOST;
}

/* An ALB ends a connection of HTTP/2 at its 10 000th request by GOAWAY; it is closed in order before that. */
static bool is_behind_alb(const struct plan *plan, const struct plan_stream *s)
{
    const struct plan_deployment *d = &plan->deployment;
    return plan_is_http2(plan, s) && d->provider && strcmp(d->provider, "aws") == 0 &&
           (!s->target || strcmp(s->target->url, plan->target.url) == 0);
}

void stream_settle(const struct plan *plan, struct plan_stream *s)
{
    if (s->model == PLAN_CLOSED) {
        s->n_connections = plan_is_http2(plan, s) ? s->n_users / s->in_flight_most : s->n_users;
        s->queue_most = 0;
    } else {
        if (s->n_connections == 0)
            s->n_connections = default_connections(s);
        if (s->queue_most == STREAM_QUEUE_UNSET)
            s->queue_most = default_queue(s);
    }
    if (s->requests_per_connection == 0 && is_behind_alb(plan, s))
        s->requests_per_connection = STREAM_ALB_H2_REQUESTS;
    if (s->connect_timeout_ns > s->timeout_ns)
        s->connect_timeout_ns = s->timeout_ns;
}

int stream_add_cluster(struct plan *plan, const char *name, struct err *e)
{
    if (plan_find_cluster(plan, name) < plan->n_clusters)
        return 0;
    struct plan_cluster *larger = realloc(plan->clusters, (plan->n_clusters + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    plan->clusters = larger;
    struct plan_cluster *c = &larger[plan->n_clusters++];
    *c = (struct plan_cluster){ .n_instances = 0 };
    snprintf(c->name, sizeof c->name, "%s", name);
    snprintf(c->label, sizeof c->label, "%s", name);
    return 0;
}

void stream_number_phases(struct plan *plan)
{
    plan->n_phases = plan->n_cells = 0;
    for (size_t i = 0; i < plan->n_streams; i++) {
        struct plan_stream *s = &plan->streams[i];
        s->first_phase_index = plan->n_phases;
        s->first_cell_index = plan->n_cells;
        plan->n_phases += s->n_phases;
        plan->n_cells += s->n_rows * s->n_phases;
    }
}
