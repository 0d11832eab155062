#include "aws_launch.h"

#include "aws_call.h"
#include "aws_owner.h"
#include "aws_up.h"
#include "deployment.h"
#include "ec2_instances.h"
#include "err.h"
#include "provider.h"
#include "topology_price.h"

#include <stdio.h>

static struct ec2_launch describe(struct aws_up *up, const struct aws_plan_launch *l)
{
    struct aws_session *s = &up->session;
    const struct topology *t = s->context->topology;
    const struct topology_type *type = aws_plan_type(t, l);
    return (struct ec2_launch){
        .image_id = up->plan.image_id,
        .type = type->name,
        .key_pair = up->plan.key_pair,
        .subnet_id = up->plan.subnets[l->subnet].id,
        .user_data = up->user_data[l->cluster],
        .credits = type->credits.limited ? topology_credit_modes[t->credit_mode] : NULL,
        .detailed_monitoring = t->monitoring_detailed,
        .count = l->count,
        .tags = aws_owner_tags(s, l->role, topology_price_instance_usd_per_hour(t, type)),
    };
}

void aws_launch_prepare(struct aws_up *up, const struct aws_plan_launch *l, struct aws_call *call)
{
    char token[128];
    struct ec2_launch launch = describe(up, l);
    snprintf(token, sizeof token, "%.63s", aws_session_recall(&up->session, "launch", l->role, "token"));
    launch.token = token;
    launch.group_id = up->instances_group_id;
    ec2_instances_launch(call, &launch);
}

int aws_launch_try(struct aws_up *up, struct err *e)
{
    struct aws_call calls[AWS_PLAN_LAUNCHES_MOST] = { 0 };
    const size_t n = up->plan.n_launches;
    for (size_t i = 0; i < n; i++) {
        struct ec2_launch launch = describe(up, &up->plan.launches[i]);
        launch.is_dry_run = true;
        ec2_instances_launch(&calls[i], &launch);
    }
    (void)aws_client_send_all(&up->session.client, calls, n, e);
    int status = 0;
    for (size_t i = 0; i < n; i++) {
        if (status == 0 && !aws_failure_is(&calls[i].failure, "DryRunOperation")) {
            status = calls[i].failure.class == AWS_CLASS_NONE
                         ? err_set(e, ERR_FAILED, "EC2 RunInstances: a dry run was not answered as one")
                         : aws_call_error(&calls[i], e);
            err_prefix(e, "%u x %s in %s", up->plan.launches[i].count,
                       aws_plan_type(up->session.context->topology, &up->plan.launches[i])->name,
                       up->plan.subnets[up->plan.launches[i].subnet].zone);
        }
        aws_call_fini(&calls[i]);
    }
    return status;
}
