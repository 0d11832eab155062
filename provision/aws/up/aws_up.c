#include "aws_up.h"

#include "aws.h"
#include "aws_generator.h"
#include "aws_guard.h"
#include "aws_launch.h"
#include "aws_left.h"
#include "aws_owner.h"
#include "aws_preflight.h"
#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "expiry.h"
#include "provider.h"
#include "run_index.h"
#include "settings.h"
#include "status_lines.h"
#include "topology_price.h"
#include "units.h"
#include "user_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each step first looks at what exists, so that the list can be repeated from the start. What costs most
 * comes last: an account that may not have a load balancer learns so before an instance runs. */
static int (*const steps[])(struct aws_up *up, struct err *e) = {
    aws_up_firewall, aws_up_groups, aws_up_balancer, aws_up_instances, aws_up_running,   aws_up_names,
    aws_up_targets,  aws_up_active, aws_up_healthy,  aws_up_answers,   aws_up_generator,
};

/* In another region a topology keeps the letters of its zones. */
static void adopt_region(struct aws_session *s)
{
    struct deployment *d = s->deployment;
    const struct topology *t = s->context->topology;
    for (size_t i = 0; i < d->n_clusters; i++)
        aws_plan_move_zone(t->clusters[i].zone, t->region, s->config.region, d->clusters[i].is.zone,
                           sizeof d->clusters[i].is.zone);
    if (t->has_generator)
        aws_plan_move_zone(t->generator.zone, t->region, s->config.region, d->generator.zone,
                           sizeof d->generator.zone);
    snprintf(d->region, sizeof d->region, "%s", s->config.region);
    snprintf(d->account, sizeof d->account, "%s", s->caller.account);
    snprintf(d->app, sizeof d->app, "flask");
    snprintf(d->prices_as_of, sizeof d->prices_as_of, "%.10s in %.32s", t->prices.as_of, t->region);
    d->price_usd_per_hour = topology_price_usd_per_hour(t);
}

static int plan_fresh(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    adopt_region(s);
    if (aws_owner_record(s, e) < 0 || aws_preflight(s, &up->plan, e) < 0 || aws_launch_try(up, e) < 0)
        return -1;
    if (s->context->settings->dry_run) {
        if (aws_generator_check_options(up, e) < 0)
            return -1;
        aws_plan_print(&up->plan, s, stdout);
        puts("nothing was created");
        return 0;
    }
    if (aws_generator_check(up, e) < 0)
        return -1;
    if (s->lines->mode != STATUS_LINES_NONE)
        aws_plan_print(&up->plan, s, s->lines->out);
    return aws_plan_record(&up->plan, s, e) < 0 || aws_session_save(s, e) < 0 ? -1 : 0;
}

static int prepare(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    struct deployment *d = s->deployment;
    const struct provider_context *c = s->context;
    if (expiry_settle(d, c->existing, c->settings->expire_ns, clock_realtime_ns(), e) < 0)
        return -1;
    for (size_t i = 0; i < d->n_clusters; i++)
        if (user_data_render(d->clusters[i].is.path, expiry_ns(d) / NS_PER_S, &up->user_data[i], e) < 0)
            return -1;
    if (*d->generator.instance_type &&
        user_data_render_generator(expiry_ns(d) / NS_PER_S, &up->user_data[AWS_PLAN_GENERATOR], e) < 0)
        return -1;
    if (!c->existing)
        return plan_fresh(up, e);
    if (d->state == DEPLOYMENT_REMOVING)
        return err_set(e, ERR_INPUT, "%s is being taken down: run `loadgen provision down` to the end first",
                       s->context->path);
    return aws_plan_recall(&up->plan, s, e) < 0 || aws_generator_check(up, e) < 0 ? -1 : 0;
}

static int go_through(struct aws_up *up, struct err *e)
{
    struct deployment *d = up->session.deployment;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i](up, e) < 0) {
            struct err ignored;
            d->state = DEPLOYMENT_FAILED;
            (void)aws_session_save(&up->session, &ignored);
            return err_append(
                e, "what was made is recorded in %s: once the cause is gone, the same command goes on",
                up->session.context->path);
        }
    d->state = DEPLOYMENT_UP;
    return aws_session_save(&up->session, e);
}

static void print_head(const struct aws_session *s)
{
    const struct deployment *d = s->deployment;
    const char *account = d->account;
    const size_t length = strlen(account);
    status_lines_print(s->lines, "aws  %s  account %.4s...%s  run %s  %s  about %.2f USD per hour", d->region,
                       account, length > 4 ? account + length - 4 : account, d->run_id, d->topology,
                       d->price_usd_per_hour);
}

/* For a dry run. */
static void print_existing(const struct aws_up *up)
{
    const struct aws_session *s = &up->session;
    const struct deployment *d = s->deployment;
    printf("%s is %s and recorded in %s with %zu instances: `up` makes what is missing of this\n",
           d->topology, deployment_states[d->state], s->context->path, d->n_instances);
    aws_plan_print(&up->plan, s, stdout);
    puts("nothing was changed");
}

static int bring_up(struct aws_up *up, struct err *e)
{
    const struct deployment *d = up->session.deployment;
    const bool was_up = up->session.context->existing && d->state == DEPLOYMENT_UP;
    const bool dry_run = up->session.context->settings->dry_run;
    if ((!dry_run && aws_guard_lock(&up->session, &up->lock, e) < 0) || prepare(up, e) < 0)
        return -1;
    if (dry_run) {
        if (up->session.context->existing)
            print_existing(up);
        return 0;
    }
    run_index_add(d, up->session.context->path);
    print_head(&up->session);
    if (go_through(up, e) < 0)
        return -1;
    if (was_up && up->n_made == 0)
        printf("%s was up already, nothing was changed: %s\n", d->topology, d->url);
    else
        printf("%s is up: %s, %zu instances healthy, about %.2f USD per hour\n", d->topology, d->url,
               d->n_instances, d->price_usd_per_hour);
    if (*d->expires_utc)
        printf(
            "the instances end by themselves at %s; the load balancer costs %.2f USD per hour until `down`\n",
            d->expires_utc, aws_left_balancer_usd_per_hour(d));
    if (*d->generator.instance_type)
        puts("to send the load from its generator: loadgen run SCENARIO --on-generator");
    return 0;
}

int aws_up(struct provider_context *context, struct err *e)
{
    struct aws_up up = { .lock = { .fd = -1 } };
    int status = aws_session_open(&up.session, context, context->topology->region, e);
    if (status == 0)
        status = bring_up(&up, e);
    for (size_t i = 0; i < sizeof up.user_data / sizeof up.user_data[0]; i++)
        free(up.user_data[i]);
    loadgen_package_fini(&up.package);
    lock_release(&up.lock);
    aws_session_close(&up.session);
    return status;
}
