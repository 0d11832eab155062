/* The instances are running: those that AWS starts are waited for, those that it stopped are started again.
 */
#include "aws_call.h"
#include "aws_guard.h"
#include "aws_up.h"
#include "clock.h"
#include "deployment.h"
#include "ec2_filter.h"
#include "ec2_instances.h"
#include "err.h"
#include "provider.h"
#include "status_lines.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSTANCES_MOST = TOPOLOGY_CLUSTERS_MOST * TOPOLOGY_INSTANCES_MOST + 1 }; /* and the generator */
enum { POLL_S = 15, NOT_LISTED_POLLS_MOST = AWS_CLIENT_LAG_NS / (POLL_S * NS_PER_S) };

/* 1: the instance is running, 0: not yet, -1: it never will be. */
static int check_state(const char *id, const struct ec2_instance *found, bool must_exist,
                       char address[DEPLOYMENT_WORD_BYTES], struct err *e)
{
    if (!found && must_exist)
        return err_set(e, ERR_FAILED,
                       "instance %s does not exist any more: run `loadgen provision down`, then `up` again",
                       id);
    if (!found || strcmp(found->state, "pending") == 0 || strcmp(found->state, "stopping") == 0 ||
        strcmp(found->state, "stopped") == 0)
        return 0;
    if (strcmp(found->state, "running") != 0)
        return err_set(e, ERR_FAILED, "instance %s is %s instead of running: %s", found->id, found->state,
                       *found->reason ? found->reason : "AWS gives no reason");
    snprintf(address, DEPLOYMENT_WORD_BYTES, "%s", found->address);
    return 1;
}

/* A Learner Lab stops its instances when its session ends. To start them takes the room of a launch. */
static int start_stopped(struct aws_up *up, const struct ec2_instance_list *list, struct err *e)
{
    const char *ids[INSTANCES_MOST];
    struct aws_call call;
    size_t n = 0;
    for (size_t i = 0; i < list->n && n < INSTANCES_MOST; i++)
        if (strcmp(list->items[i].state, "stopped") == 0)
            ids[n++] = list->items[i].id;
    if (n == 0)
        return 0;
    if (aws_guard_ask(&up->session, &up->plan, e) < 0)
        return -1;
    ec2_instances_start(&call, ids, n);
    const int status = aws_client_send(&up->session.client, &call, e);
    aws_call_fini(&call);
    up->n_made += (unsigned)n;
    return status == 0 ? aws_guard_settle(&up->session, aws_plan_n_instances(&up->plan), e)
                       : err_append(e,
                                    "%zu instances are stopped: start the lab, or them, then run the same "
                                    "command again",
                                    n);
}

/* Counts the running instances and records their addresses. */
static int read_states(struct aws_up *up, bool must_exist, unsigned *n_running, char *waiting,
                       size_t waiting_bytes, struct err *e)
{
    const char *ids[INSTANCES_MOST];
    struct deployment *d = up->session.deployment;
    for (size_t i = 0; i < d->n_instances; i++)
        ids[i] = d->instances[i].id;
    const size_t n = d->n_instances + (*d->generator.id != '\0');
    ids[d->n_instances] = d->generator.id;
    const struct ec2_filter filter = { "instance-id", ids, n };
    struct ec2_instance_list list = { 0 };
    int status = ec2_instances_describe(&up->session.client, &filter, 1, &list, e);
    if (status == 0)
        status = start_stopped(up, &list, e);
    *n_running = 0;
    waiting[0] = '\0';
    for (size_t i = 0; status == 0 && i < n; i++) {
        char *address = i < d->n_instances ? d->instances[i].address : d->generator.address;
        const struct ec2_instance *found = ec2_instances_find(&list, ids[i]);
        const int runs = check_state(ids[i], found, must_exist, address, e);
        if (runs < 0)
            status = -1;
        else if (runs == 1)
            ++*n_running;
        else
            snprintf(waiting, waiting_bytes, "waiting for %s (%s)", ids[i],
                     found ? found->state : "not listed yet");
    }
    free(list.items);
    return status;
}

static void describe_launches(const struct aws_up *up, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < up->plan.n_launches && used < out_bytes; i++) {
        const struct aws_plan_launch *l = &up->plan.launches[i];
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s x%u %s", i ? "   " : "",
                                 aws_plan_type(up->session.context->topology, l)->name, l->count,
                                 up->plan.subnets[l->subnet].zone);
    }
}

static int wait_until_running(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    struct aws_wait wait = { .delay_ns = POLL_S * NS_PER_S, .n_most = 40 };
    const unsigned total = aws_plan_n_instances(&up->plan);
    char detail[STATUS_LINES_TEXT_BYTES];
    for (;;) {
        unsigned n_running;
        if (read_states(up, wait.n >= NOT_LISTED_POLLS_MOST, &n_running, detail, sizeof detail, e) < 0)
            return -1;
        if (n_running == total)
            break;
        status_lines_set(s->lines, "instances", n_running, total, "pending", clock_monotonic_ns(), "%s",
                         detail);
        err_set(e, ERR_FAILED, "%s", detail);
        if (aws_session_wait_after(s, &wait, "starting the instances", e) < 0)
            return -1;
    }
    describe_launches(up, detail, sizeof detail);
    status_lines_set(s->lines, "instances", total, total, "running", clock_monotonic_ns(), "%s", detail);
    return aws_session_save(s, e);
}

int aws_up_running(struct aws_up *up, struct err *e)
{
    const int status = wait_until_running(up, e);
    lock_release(&up->lock);
    return status;
}
