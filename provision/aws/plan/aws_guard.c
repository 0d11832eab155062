#include "aws_guard.h"

#include "aws_call.h"
#include "aws_plan.h"
#include "aws_session.h"
#include "clock.h"
#include "deployment.h"
#include "ec2_filter.h"
#include "ec2_instances.h"
#include "err.h"
#include "lock.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { INSTANCES_MOST = 9, VCPUS_MOST = 32, LOCK_PATIENCE_S = 600 };

static bool is_off(const struct aws_session *s)
{
    return s->context->settings->any_number;
}

int aws_guard_lock(struct aws_session *s, struct lock *lock, struct err *e)
{
    const uint64_t until_ns = clock_monotonic_ns() + LOCK_PATIENCE_S * NS_PER_S;
    for (bool is_first = true;; is_first = false) {
        const int status = is_off(s) ? 0 : lock_take_account(lock, s->caller.account, s->config.region, e);
        if (status <= 0)
            return status;
        if (clock_monotonic_ns() > until_ns)
            return -1;
        if (is_first)
            status_lines_print(s->lines, "note: %s", e->text);
        if (aws_client_pause(&s->client, NS_PER_S, e) < 0)
            return -1;
    }
}

static bool is_ours(const struct aws_session *s, const struct ec2_instance *i)
{
    return strcmp(i->tags.run, s->deployment->run_id) == 0;
}

static int count_others(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    const struct ec2_filter filter = { "instance-state-name", (const char *const[]){ "pending", "running" },
                                       2 };
    struct ec2_instance_list list = { 0 };
    const int status = ec2_instances_describe(&s->client, &filter, 1, &list, e);
    plan->n_running = plan->n_vcpus_running = 0;
    for (size_t i = 0; status == 0 && i < list.n; i++)
        if (!is_ours(s, &list.items[i])) {
            plan->n_running++;
            plan->n_vcpus_running += list.items[i].vcpus;
        }
    free(list.items);
    return status;
}

int aws_guard_ask(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    const unsigned n_ours = aws_plan_n_instances(plan);
    if (count_others(s, plan, e) < 0)
        return -1;
    plan->n_vcpus = 0;
    for (size_t i = 0; i < plan->n_launches; i++) {
        const struct aws_plan_launch *l = &plan->launches[i];
        plan->n_vcpus += l->count * aws_plan_type(s->context->topology, l)->vcpus;
    }
    if (is_off(s))
        return 0;
    const unsigned n_all = plan->n_running + n_ours;
    const unsigned n_all_vcpus = plan->n_vcpus_running + plan->n_vcpus;
    if (n_all <= INSTANCES_MOST && n_all_vcpus <= VCPUS_MOST)
        return 0;
    return err_set(
        e, ERR_FAILED,
        "instances of others that run in %s: %u (%u vCPUs); with this deployment's %u (%u vCPUs) there would "
        "be %u (%u vCPUs), above the %d (%d vCPUs) that a Learner Lab allows: terminate some (`loadgen "
        "provision down --lost --provider aws --region %s` lists loadgen's), or, if this account is no lab, "
        "add --any-number",
        s->config.region, plan->n_running, plan->n_vcpus_running, n_ours, plan->n_vcpus, n_all, n_all_vcpus,
        INSTANCES_MOST, VCPUS_MOST, s->config.region);
}

/* Lists all instances, once ours are among them, in whatever state. */
static int list_with_ours(struct aws_session *s, unsigned n_ours, struct ec2_instance_list *list,
                          struct err *e)
{
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = AWS_CLIENT_LAG_NS / (5 * NS_PER_S) };
    for (;;) {
        unsigned n_listed = 0;
        free(list->items);
        *list = (struct ec2_instance_list){ 0 };
        if (ec2_instances_describe(&s->client, NULL, 0, list, e) < 0)
            return -1;
        for (size_t i = 0; i < list->n; i++)
            n_listed += is_ours(s, &list->items[i]);
        if (n_listed >= n_ours)
            return 0;
        if (aws_session_wait(s, &wait, "listing the instances", e) < 0)
            return wait.n >= wait.n_most ? 0 : -1; /* the next step waits for their state */
    }
}

static int by_launch(const void *a, const void *b)
{
    const struct ec2_instance *x = a;
    const struct ec2_instance *y = b;
    const int order = strcmp(x->launched_utc, y->launched_utc);
    return order ? order : strcmp(x->id, y->id);
}

/* Writes the ids of ours that are beyond the limit in a list by time of launch; returns their number. */
static size_t pick_beyond(const struct aws_session *s, const struct ec2_instance_list *list, const char **ids,
                          unsigned *n_running)
{
    size_t n = 0;
    unsigned n_vcpus = 0;
    *n_running = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct ec2_instance *instance = &list->items[i];
        if (strcmp(instance->state, "pending") != 0 && strcmp(instance->state, "running") != 0)
            continue;
        ++*n_running;
        n_vcpus += instance->vcpus;
        if ((*n_running > INSTANCES_MOST || n_vcpus > VCPUS_MOST) && is_ours(s, instance))
            ids[n++] = instance->id;
    }
    return n;
}

static int terminate(struct aws_session *s, const char *const *ids, size_t n, unsigned n_running,
                     struct err *e)
{
    struct aws_call call;
    ec2_instances_terminate(&call, ids, n);
    const int status = aws_client_send(&s->client, &call, e);
    aws_call_fini(&call);
    if (status < 0)
        return err_prefix(e,
                          "%u instances run in %s, above the %d that a Learner Lab allows, and %zu of this "
                          "deployment's cannot be terminated",
                          n_running, s->config.region, INSTANCES_MOST, n);
    return err_set(
        e, ERR_FAILED,
        "others were launched in %s at the same time: %u instances ran, above the %d (%d vCPUs) that a "
        "Learner Lab allows, and %zu of this deployment's were terminated; run `loadgen provision down`, and "
        "`up` again when there is room, or, if this account is no lab, with --any-number",
        s->config.region, n_running, INSTANCES_MOST, VCPUS_MOST, n);
}

int aws_guard_settle(struct aws_session *s, unsigned n_ours, struct err *e)
{
    struct ec2_instance_list list = { 0 };
    if (is_off(s))
        return 0;
    int status = list_with_ours(s, n_ours, &list, e);
    const char **ids = status == 0 ? calloc(list.n + 1, sizeof *ids) : NULL;
    if (status == 0 && !ids)
        status = err_set(e, ERR_FAILED, "out of memory");
    if (status == 0) {
        unsigned n_running;
        qsort(list.items, list.n, sizeof *list.items, by_launch);
        const size_t n = pick_beyond(s, &list, ids, &n_running);
        if (n > 0)
            status = terminate(s, ids, n, n_running, e);
    }
    free(ids);
    free(list.items);
    return status;
}
