/* The instances: one RunInstances for each part of a cluster in one zone, all sent together, each with its
 * own ClientToken, so that a call whose reply was lost can be repeated without launching more. */
#include "aws_call.h"
#include "aws_guard.h"
#include "aws_launch.h"
#include "aws_up.h"
#include "clock.h"
#include "deployment.h"
#include "ec2_filter.h"
#include "ec2_instances.h"
#include "err.h"
#include "provider.h"
#include "status_lines.h"
#include "topology_price.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_recorded(const struct deployment *d, const char *id)
{
    for (size_t i = 0; i < d->n_instances; i++)
        if (strcmp(d->instances[i].id, id) == 0)
            return true;
    return strcmp(d->generator.id, id) == 0;
}

static int record(struct aws_up *up, const struct aws_plan_launch *l, const struct ec2_instance *found,
                  struct err *e)
{
    struct deployment *d = up->session.deployment;
    struct deployment_instance i = { .port = AWS_UP_APP_PORT };
    if (is_recorded(d, found->id))
        return 0;
    if (l->cluster == AWS_PLAN_GENERATOR) {
        snprintf(d->generator.id, sizeof d->generator.id, "%s", found->id);
        return 0;
    }
    const struct topology_cluster *c = &d->clusters[l->cluster].is;
    snprintf(i.id, sizeof i.id, "%s", found->id);
    snprintf(i.cluster, sizeof i.cluster, "%s", c->name);
    snprintf(i.instance_type, sizeof i.instance_type, "%s", c->instance_type);
    snprintf(i.zone, sizeof i.zone, "%s", up->plan.subnets[l->subnet].zone);
    return deployment_add_instance(d, &i, e);
}

static bool is_of_launch(const struct aws_up *up, const struct deployment_instance *i,
                         const struct aws_plan_launch *l)
{
    return l->cluster != AWS_PLAN_GENERATOR &&
           strcmp(i->cluster, up->session.deployment->clusters[l->cluster].is.name) == 0 &&
           strcmp(i->zone, up->plan.subnets[l->subnet].zone) == 0;
}

static bool is_alive(const struct ec2_instance_list *list, const char *id)
{
    const struct ec2_instance *listed = ec2_instances_find(list, id);
    return !listed || ec2_instance_is_alive(listed);
}

/* Records those of a launch that are alive and not recorded yet. Counts the recorded ones and those alive;
 * one missing from the list counts as alive, because a list by tag lags by seconds, and aws_up_running checks
 * again. */
static int count(struct aws_up *up, const struct aws_plan_launch *l, const struct ec2_instance_list *list,
                 unsigned *n_known, unsigned *n_alive, struct err *e)
{
    const struct deployment *d = up->session.deployment;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].tags.role, l->role) == 0 && ec2_instance_is_alive(&list->items[i]) &&
            record(up, l, &list->items[i], e) < 0)
            return -1;
    *n_known = 0;
    *n_alive = 0;
    for (size_t i = 0; i < d->n_instances; i++) {
        if (!is_of_launch(up, &d->instances[i], l))
            continue;
        ++*n_known;
        *n_alive += is_alive(list, d->instances[i].id);
    }
    if (l->cluster == AWS_PLAN_GENERATOR && *d->generator.id) {
        *n_known = 1;
        *n_alive = is_alive(list, d->generator.id);
    }
    return 0;
}

/* Marks the launches to be sent: those of which not every id is known, since a list may show a part and the
 * same token gives the same instances. A launch that has lost instances cannot be completed: its token is
 * used up. */
static int find_missing(struct aws_up *up, bool *missing, size_t *n_missing, struct err *e)
{
    const struct ec2_filter filter = EC2_FILTER_ONE("tag:" AWS_TAG_RUN, up->session.deployment->run_id);
    struct ec2_instance_list list = { 0 };
    int status = ec2_instances_describe(&up->session.client, &filter, 1, &list, e);
    *n_missing = 0;
    for (size_t i = 0; status == 0 && i < up->plan.n_launches; i++) {
        const struct aws_plan_launch *l = &up->plan.launches[i];
        unsigned n_known;
        unsigned n_alive;
        status = count(up, l, &list, &n_known, &n_alive, e);
        if (status < 0)
            break;
        missing[i] = n_known < l->count;
        *n_missing += missing[i];
        if (!missing[i] && n_alive != l->count)
            status = err_set(e, ERR_FAILED,
                             "only %u of the %u instances of %s are left, the others were terminated: "
                             "run `loadgen provision down`, then `up` again",
                             n_alive, l->count, l->role);
    }
    free(list.items);
    return status;
}

/* Of one instance. */
static double usd_per_hour(const struct aws_up *up, const struct aws_plan_launch *l)
{
    const struct topology *t = up->session.context->topology;
    return topology_price_instance_usd_per_hour(t, aws_plan_type(t, l));
}

/* Saves the tokens before the calls are sent. */
static int remember_tokens(struct aws_up *up, const bool *missing, struct err *e)
{
    struct aws_session *s = &up->session;
    for (size_t i = 0; i < up->plan.n_launches; i++) {
        char token[128];
        char count[16];
        const struct aws_plan_launch *l = &up->plan.launches[i];
        if (!missing[i])
            continue;
        snprintf(token, sizeof token, "%s-%s", s->deployment->run_id, l->role);
        snprintf(count, sizeof count, "%u", l->count);
        if (aws_session_begin(s, "launch", l->role, e) < 0 ||
            aws_session_remember(s, "launch", l->role, "token", token, e) < 0 ||
            aws_session_remember(s, "launch", l->role, "count", count, e) < 0 ||
            aws_session_remember_price(s, "launch", l->role, usd_per_hour(up, l), e) < 0)
            return -1;
    }
    return aws_session_save(s, e);
}

/* Reads a launch's outcome: 0 launched, 1 unknown, look again, -1 failed; `e` has the cause unless 0. */
static int settle(struct aws_up *up, const struct aws_plan_launch *l, const struct aws_call *call,
                  struct err *e)
{
    struct ec2_instance_list list = { 0 };
    if (call->failure.class == AWS_CLASS_QUOTA && !call->failure.maybe_done)
        aws_session_refused(&up->session, "launch", l->role);
    if (call->failure.class != AWS_CLASS_NONE) {
        const enum aws_class class = call->failure.class;
        aws_call_error(call, e);
        if (class == AWS_CLASS_INPUT || class == AWS_CLASS_MISSING ||
            aws_failure_is(&call->failure, "IdempotentParameterMismatch"))
            err_append(e,
                       "What was found before is gone or was changed: `loadgen provision down`, then `up`.");
        return class == AWS_CLASS_CONFLICT || class == AWS_CLASS_TRANSIENT ? 1 : -1;
    }
    int status = ec2_instances_read_launched(call->reply, &list, e);
    for (size_t i = 0; status == 0 && i < list.n; i++)
        status = record(up, l, &list.items[i], e);
    if (status == 0 && list.n != l->count)
        status = err_set(e, ERR_FAILED, "EC2 RunInstances: %u instances were asked for and %zu came",
                         l->count, list.n);
    up->n_made += (unsigned)list.n;
    free(list.items);
    return status;
}

/* Sends the missing launches together and reads every outcome before it reports a failure, so that no id is
 * lost. 0 all launched, 1 one is unknown, -1 one failed; `e` has the cause unless 0. */
static int launch(struct aws_up *up, const bool *missing, struct err *e)
{
    struct aws_call calls[AWS_PLAN_LAUNCHES_MOST] = { 0 };
    const struct aws_plan_launch *of[AWS_PLAN_LAUNCHES_MOST];
    struct err cause = { ERR_NONE, "" };
    size_t n = 0;
    for (size_t i = 0; i < up->plan.n_launches; i++)
        if (missing[i]) {
            of[n] = &up->plan.launches[i];
            aws_launch_prepare(up, of[n], &calls[n]);
            n++;
        }
    (void)aws_client_send_all(&up->session.client, calls, n, e);
    int status = 0;
    for (size_t i = 0; i < n; i++) {
        struct err mine = { ERR_NONE, "" };
        const int outcome = settle(up, of[i], &calls[i], &mine);
        if (outcome != 0 && status >= 0) {
            status = outcome;
            cause = mine;
        }
        aws_call_fini(&calls[i]);
    }
    if (aws_session_save(&up->session, e) < 0)
        return -1;
    *e = cause;
    return status;
}

/* Counts again after a launch, and after one that failed in part. */
static int settle_all(struct aws_up *up, bool has_failed, struct err *e)
{
    struct aws_session *s = &up->session;
    const struct deployment *d = s->deployment;
    const unsigned n_known = (unsigned)d->n_instances + (*d->generator.id != '\0');
    struct err late;
    if (!has_failed)
        return aws_guard_settle(s, n_known, e);
    if (n_known > 0 && !*s->client.stop && aws_guard_settle(s, n_known, &late) < 0)
        err_append(e, "%s", late.text);
    return -1;
}

int aws_up_instances(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = AWS_CLIENT_LAG_NS / (5 * NS_PER_S) };
    const unsigned total = aws_plan_n_instances(&up->plan);
    status_lines_set(s->lines, "instances", 0, total, "launching", clock_monotonic_ns(), " ");
    for (bool was_launched = false;; was_launched = true) {
        bool missing[AWS_PLAN_LAUNCHES_MOST] = { false };
        size_t n_missing;
        if (find_missing(up, missing, &n_missing, e) < 0 || aws_session_save(s, e) < 0)
            return -1;
        if (n_missing == 0 && was_launched)
            return settle_all(up, false, e);
        if (n_missing == 0)
            return s->deployment->state == DEPLOYMENT_UP ? 0 : aws_guard_ask(s, &up->plan, e);
        if (aws_guard_ask(s, &up->plan, e) < 0 || remember_tokens(up, missing, e) < 0)
            return -1;
        const int status = launch(up, missing, e);
        if (status <= 0)
            return settle_all(up, status < 0, e);
        if (aws_session_wait_after(s, &wait, "launching the instances", e) < 0)
            return -1;
    }
}
