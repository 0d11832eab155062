#include "aws.h"

#include "aws_call.h"
#include "aws_cost.h"
#include "aws_session.h"
#include "clock.h"
#include "deployment.h"
#include "ec2_filter.h"
#include "ec2_instances.h"
#include "elb_balancers.h"
#include "elb_groups.h"
#include "err.h"
#include "generator.h"
#include "provider.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The current state as AWS reports it. */
struct view {
    struct ec2_instance_list instances;
    struct elb_balancer_list balancers;
    struct elb_target_list targets;
    bool is_young; /* made moments ago: what is not listed may still appear */
};

static int read_targets(struct aws_session *s, struct elb_target_list *targets, struct err *e)
{
    struct aws_call calls[TOPOLOGY_CLUSTERS_MOST] = { 0 };
    const struct deployment *d = s->deployment;
    size_t n = 0;
    int status = 0;
    for (size_t i = 0; i < d->n_clusters; i++) {
        const char *arn = aws_session_recall(s, "target-group", d->clusters[i].is.name, "id");
        if (*arn)
            elb_groups_health(&calls[n++], arn);
    }
    (void)aws_client_send_all(&s->client, calls, n, e);
    for (size_t i = 0; i < n; i++) {
        if (calls[i].failure.class == AWS_CLASS_NONE)
            status = status < 0 ? -1 : elb_groups_read_health(calls[i].reply, targets, e);
        else if (calls[i].failure.class != AWS_CLASS_MISSING)
            status = aws_call_error(&calls[i], e);
        aws_call_fini(&calls[i]);
    }
    return status;
}

/* One that was made moments ago is looked for again: by its name, "not found" is an answer. */
static int read_balancer(struct aws_session *s, struct view *p, struct err *e)
{
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = AWS_CLIENT_LAG_NS / (5 * NS_PER_S) };
    const bool is_made = *aws_session_recall(s, "load-balancer", NULL, "id") != '\0';
    for (;;) {
        struct err late;
        if (elb_balancers_describe(&s->client, s->deployment->balancer.name, &p->balancers, e) < 0)
            return -1;
        if (p->balancers.n > 0 || !is_made || !p->is_young)
            return 0;
        if (aws_session_wait(s, &wait, "listing the load balancer", &late) < 0) {
            if (*s->client.stop)
                *e = late;
            return *s->client.stop ? -1 : 0;
        }
    }
}

static int read_view(struct aws_session *s, struct view *p, struct err *e)
{
    const struct ec2_filter filter = EC2_FILTER_ONE("tag:" AWS_TAG_RUN, s->deployment->run_id);
    p->is_young = aws_client_is_young(s->client.known_ns, clock_realtime_ns());
    if (ec2_instances_describe(&s->client, &filter, 1, &p->instances, e) < 0)
        return -1;
    if (read_balancer(s, p, e) < 0)
        return -1;
    return read_targets(s, &p->targets, e);
}

static void print_head(const struct deployment *d)
{
    printf("aws  %s  account %s  run %s  %s  %s\n", d->region, d->account, d->run_id, d->topology,
           deployment_states[d->state]);
    aws_cost_print_recorded(d, clock_realtime_ns(), stdout);
    printf("  owner           %s\n", *d->owner ? d->owner : "unknown");
    printf("  url             %s\n", *d->url ? d->url : "not known yet");
    fflush(stdout); /* before an error */
}

static void print_balancer(const struct deployment *d, const struct view *p)
{
    aws_cost_print_now(d, &p->instances, p->balancers.n > 0, clock_realtime_ns(), stdout);
    if (p->balancers.n > 0)
        printf("  load balancer   %s, %s%s%s\n\n", d->balancer.name, p->balancers.items[0].state,
               *p->balancers.items[0].reason ? ": " : "", p->balancers.items[0].reason);
    else
        printf("  load balancer   there is none named %s\n\n", d->balancer.name);
}

static const struct ec2_instance *find_instance(const struct view *p, const char *id)
{
    for (size_t i = 0; i < p->instances.n; i++)
        if (strcmp(p->instances.items[i].id, id) == 0)
            return &p->instances.items[i];
    return NULL;
}

static const struct elb_target *find_target(const struct view *p, const char *id)
{
    for (size_t i = 0; i < p->targets.n; i++)
        if (strcmp(p->targets.items[i].id, id) == 0)
            return &p->targets.items[i];
    return NULL;
}

/* Whether the instance runs and is healthy. */
static bool print_instance(const struct view *p, const struct deployment_instance *n)
{
    const char *unlisted = p->is_young ? "not listed yet" : "gone";
    const struct ec2_instance *i = find_instance(p, n->id);
    const struct elb_target *t = find_target(p, n->id);
    printf("  %-10s  %-20s  %-10s  %-12s  %-15s  %-13s  %-10s", n->cluster, n->id, n->instance_type, n->zone,
           *n->address ? n->address : "-", i ? i->state : unlisted, t ? t->state : "-");
    if (t && (*t->reason || *t->description))
        printf("  %s%s%s", t->reason, *t->reason && *t->description ? ": " : "", t->description);
    else if (i && *i->reason && strcmp(i->state, "running") != 0)
        printf("  %s", i->reason);
    putchar('\n');
    return i && t && strcmp(i->state, "running") == 0 && strcmp(t->state, "healthy") == 0;
}

/* Whether it runs, or there is none. */
static bool print_generator(const struct deployment *d, const struct view *p)
{
    const struct deployment_generator *g = &d->generator;
    const struct ec2_instance *i = find_instance(p, g->id);
    const struct remote r = generator_remote(d);
    struct err ignored;
    if (!*g->instance_type)
        return true;
    printf("\n  generator       %s, %s in %s, %s, loadgen from %s\n", *g->id ? g->id : "not launched yet",
           g->instance_type, g->zone, i ? i->state : "gone", *g->package ? g->package : "no package yet");
    if (*g->address && remote_check(&r, &ignored) == 0) {
        fputs("                  ", stdout);
        remote_write_command(&r, stdout);
        putchar('\n');
    }
    return i && strcmp(i->state, "running") == 0 && *g->package;
}

/* Returns how many of the instances run and are healthy. */
static size_t print_view(const struct deployment *d, const struct view *p)
{
    size_t n_healthy = 0;
    print_balancer(d, p);
    printf("  %-10s  %-20s  %-10s  %-12s  %-15s  %-13s  %-10s  %s\n", "cluster", "instance", "type", "zone",
           "address", "state", "health", "reason");
    for (size_t i = 0; i < d->n_instances; i++)
        n_healthy += print_instance(p, &d->instances[i]);
    if (d->n_instances == 0)
        puts("  no instances yet");
    return n_healthy;
}

static size_t count_in_state(const struct view *p, const char *state)
{
    size_t n = 0;
    for (size_t i = 0; i < p->instances.n; i++)
        n += strcmp(p->instances.items[i].state, state) == 0;
    return n;
}

/* Returns -1. */
static int add_advice(const struct view *p, struct err *e)
{
    if (count_in_state(p, "stopped") > 0)
        return err_append(e, "instances are stopped: `loadgen provision up` starts them again");
    if (p->instances.n > 0 && count_in_state(p, "terminated") == p->instances.n)
        return err_append(e, "all instances have ended: `loadgen provision down` removes the rest");
    return -1;
}

/* Prints it all and checks that all of it is up and healthy. */
static int show(const struct deployment *d, const struct view *p, struct err *e)
{
    const size_t n_healthy = print_view(d, p);
    const bool has_generator = print_generator(d, p);
    if (deployment_check(d, p->balancers.n > 0, n_healthy, e))
        return add_advice(p, e);
    return has_generator ? 0
                         : err_set(e, ERR_FAILED,
                                   "the generator of %s is not running, or loadgen is not installed on it",
                                   d->topology);
}

int aws_status(struct provider_context *context, struct err *e)
{
    struct aws_session s;
    struct view p = { .balancers = { 0 } };
    print_head(context->deployment);
    int status = aws_session_open(&s, context, NULL, e);
    if (status == 0)
        status = read_view(&s, &p, e);
    if (status == 0)
        status = show(context->deployment, &p, e);
    free(p.instances.items);
    free(p.balancers.items);
    free(p.targets.items);
    aws_session_close(&s);
    return status;
}
