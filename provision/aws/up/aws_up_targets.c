/* The instances are registered and become healthy. */
#include "aws_call.h"
#include "aws_up.h"
#include "clock.h"
#include "deployment.h"
#include "elb_groups.h"
#include "err.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t ids_of_cluster(const struct deployment *d, size_t cluster, const char **ids)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_instances; i++)
        if (strcmp(d->instances[i].cluster, d->clusters[cluster].is.name) == 0)
            ids[n++] = d->instances[i].id;
    return n;
}

static int register_all(struct aws_up *up, struct err *e)
{
    struct aws_call calls[TOPOLOGY_CLUSTERS_MOST] = { 0 };
    const struct deployment *d = up->session.deployment;
    const char *ids[TOPOLOGY_CLUSTERS_MOST * TOPOLOGY_INSTANCES_MOST];
    for (size_t i = 0; i < d->n_clusters; i++)
        elb_groups_register(&calls[i], up->group_arns[i], ids, ids_of_cluster(d, i, ids), AWS_UP_APP_PORT);
    const int status = aws_client_send_all(&up->session.client, calls, d->n_clusters, e);
    for (size_t i = 0; i < d->n_clusters; i++)
        aws_call_fini(&calls[i]);
    return status;
}

int aws_up_targets(struct aws_up *up, struct err *e)
{
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = 24 };
    while (register_all(up, e) < 0) {
        /* Elastic Load Balancing may learn a little later than EC2 that an instance runs (InvalidTarget). */
        if (up->session.client.failure.class != AWS_CLASS_ORDERING ||
            aws_session_wait_after(&up->session, &wait, "registering the targets", e) < 0)
            return -1;
    }
    return 0;
}

static int read_health(struct aws_up *up, struct elb_target_list *list, struct err *e)
{
    struct aws_call calls[TOPOLOGY_CLUSTERS_MOST] = { 0 };
    const size_t n = up->session.deployment->n_clusters;
    for (size_t i = 0; i < n; i++)
        elb_groups_health(&calls[i], up->group_arns[i]);
    int status = aws_client_send_all(&up->session.client, calls, n, e);
    for (size_t i = 0; i < n; i++) {
        if (status == 0)
            status = elb_groups_read_health(calls[i].reply, list, e);
        aws_call_fini(&calls[i]);
    }
    return status;
}

/* Counts the healthy instances, and lists up to three others with their reasons. */
static unsigned count_healthy(const struct deployment *d, const struct elb_target_list *list, char *waiting,
                              size_t waiting_bytes)
{
    unsigned n_healthy = 0;
    unsigned n_listed = 0;
    size_t used = 0;
    waiting[0] = '\0';
    for (size_t i = 0; i < d->n_instances; i++) {
        const struct elb_target *t = NULL;
        for (size_t k = 0; k < list->n && !t; k++)
            if (strcmp(list->items[k].id, d->instances[i].id) == 0)
                t = &list->items[k];
        if (t && strcmp(t->state, "healthy") == 0) {
            n_healthy++;
        } else if (n_listed++ < 3 && used < waiting_bytes) {
            const char *why = !t ? "not registered" : *t->reason ? t->reason : t->state;
            used += (size_t)snprintf(waiting + used, waiting_bytes - used, "%s%s (%s)",
                                     used ? ", " : "waiting for ", d->instances[i].id, why);
        }
    }
    return n_healthy;
}

int aws_up_healthy(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    const unsigned total = (unsigned)s->deployment->n_instances;
    const uint64_t timeout_ns = s->context->settings->timeout_ns;
    struct aws_wait wait = { .delay_ns = 15 * NS_PER_S, .n_most = 60 };
    if (timeout_ns)
        wait.n_most = (unsigned)(timeout_ns / wait.delay_ns) + 1;
    for (;;) {
        char waiting[STATUS_LINES_TEXT_BYTES];
        struct elb_target_list list = { 0 };
        const int status = read_health(up, &list, e);
        const unsigned n_healthy =
            status == 0 ? count_healthy(s->deployment, &list, waiting, sizeof waiting) : 0;
        free(list.items);
        if (status < 0)
            return -1;
        status_lines_set(s->lines, "targets", n_healthy, total, "healthy", clock_monotonic_ns(), "%s",
                         waiting);
        if (n_healthy == total)
            return 0;
        err_set(e, ERR_FAILED,
                "only %u of %u targets are healthy: %s; on such an instance, /var/log/cloud-init-output.log "
                "says what the installation did",
                n_healthy, total, waiting);
        if (aws_session_wait_after(s, &wait, "becoming healthy", e) < 0)
            return -1;
    }
}
