#include "elb_groups.h"

#include "aws_call.h"
#include "aws_client.h"
#include "err.h"
#include "topology.h"
#include "units.h"
#include "xml_tree.h"

#include <stdio.h>
#include <stdlib.h>

static int take_groups(void *payload, const struct xml_node *reply, struct err *e)
{
    struct elb_group_list *list = payload;
    const struct xml_node *member = xml_tree_first(reply, "DescribeTargetGroupsResult/TargetGroups");
    for (; member; member = xml_tree_next(member)) {
        struct elb_group *larger = realloc(list->items, (list->n + 1) * sizeof *larger);
        if (!larger)
            return err_set(e, ERR_FAILED, "out of memory");
        list->items = larger;
        struct elb_group *g = &list->items[list->n++];
        xml_tree_text(member, "TargetGroupArn", g->arn, sizeof g->arn);
        xml_tree_text(member, "TargetGroupName", g->name, sizeof g->name);
    }
    return 0;
}

int elb_groups_describe(struct aws_client *c, const char *name, struct elb_group_list *list, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "DescribeTargetGroups", true);
    if (name)
        form_add(&call.form, "Names.member.1", name);
    call.may_be_missing = name != NULL;
    int status =
        aws_client_pages(c, &call, "Marker", "DescribeTargetGroupsResult/NextMarker", take_groups, list, e);
    if (status < 0 && name && aws_failure_is(&call.failure, "TargetGroupNotFound"))
        status = 0;
    aws_call_fini(&call);
    return status;
}

static void add_health_check(struct form *f, const struct topology_health_check *check)
{
    char code[16];
    form_add(f, "HealthCheckProtocol", "HTTP");
    form_add(f, "HealthCheckPort", "traffic-port");
    form_add(f, "HealthCheckPath", check->path);
    form_add_number(f, "HealthCheckIntervalSeconds", check->interval_ns / NS_PER_S);
    form_add_number(f, "HealthCheckTimeoutSeconds", check->timeout_ns / NS_PER_S);
    form_add_number(f, "HealthyThresholdCount", check->healthy_n);
    form_add_number(f, "UnhealthyThresholdCount", check->unhealthy_n);
    snprintf(code, sizeof code, "%u", check->expect_status);
    form_add(f, "Matcher.HttpCode", code);
}

int elb_groups_create(struct aws_client *c, const struct aws_tags *tags, const char *vpc_id, unsigned port,
                      const struct topology_health_check *check, char *arn, size_t arn_bytes, struct err *e)
{
    char name[96];
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "CreateTargetGroup", true);
    struct form *f = &call.form;
    form_add(f, "Name", aws_tags_name(tags->run, tags->role, name, sizeof name));
    form_add(f, "Protocol", "HTTP");
    form_add_number(f, "Port", port);
    form_add(f, "VpcId", vpc_id);
    form_add(f, "TargetType", "instance");
    form_add(f, "ProtocolVersion", "HTTP1");
    add_health_check(f, check);
    aws_tags_add(f, "Tags.member.", tags);
    int status = aws_client_send(c, &call, e);
    if (status == 0 && xml_tree_text(xml_tree_first(call.reply, "CreateTargetGroupResult/TargetGroups"),
                                     "TargetGroupArn", arn, arn_bytes) == 0)
        status = err_set(e, ERR_FAILED, "Elastic Load Balancing CreateTargetGroup: the reply has no ARN");
    aws_call_fini(&call);
    return status;
}

int elb_groups_set_algorithm(struct aws_client *c, const char *arn, const char *algorithm, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "ModifyTargetGroupAttributes", true);
    form_add(&call.form, "TargetGroupArn", arn);
    form_add(&call.form, "Attributes.member.1.Key", "load_balancing.algorithm.type");
    form_add(&call.form, "Attributes.member.1.Value", algorithm);
    const int status = aws_client_send(c, &call, e);
    aws_call_fini(&call);
    return status;
}

void elb_groups_register(struct aws_call *call, const char *arn, const char *const *instance_ids, size_t n,
                         unsigned port)
{
    char port_text[16];
    snprintf(port_text, sizeof port_text, "%u", port);
    aws_call_init(call, AWS_ELB, "RegisterTargets", true);
    form_add(&call->form, "TargetGroupArn", arn);
    for (size_t i = 0; i < n; i++) {
        form_addf(&call->form, instance_ids[i], "Targets.member.%zu.Id", i + 1);
        form_addf(&call->form, port_text, "Targets.member.%zu.Port", i + 1);
    }
}

void elb_groups_health(struct aws_call *call, const char *arn)
{
    aws_call_init(call, AWS_ELB, "DescribeTargetHealth", true);
    form_add(&call->form, "TargetGroupArn", arn);
}

void elb_groups_delete(struct aws_call *call, const char *arn)
{
    aws_call_init(call, AWS_ELB, "DeleteTargetGroup", true);
    form_add(&call->form, "TargetGroupArn", arn);
    call->may_be_missing = true;
}

int elb_groups_read_health(const struct xml_node *reply, struct elb_target_list *list, struct err *e)
{
    const struct xml_node *member =
        xml_tree_first(reply, "DescribeTargetHealthResult/TargetHealthDescriptions");
    for (; member; member = xml_tree_next(member)) {
        struct elb_target *larger = realloc(list->items, (list->n + 1) * sizeof *larger);
        if (!larger)
            return err_set(e, ERR_FAILED, "out of memory");
        list->items = larger;
        struct elb_target *t = &list->items[list->n++];
        xml_tree_text(member, "Target/Id", t->id, sizeof t->id);
        xml_tree_text(member, "TargetHealth/State", t->state, sizeof t->state);
        xml_tree_text(member, "TargetHealth/Reason", t->reason, sizeof t->reason);
        xml_tree_text(member, "TargetHealth/Description", t->description, sizeof t->description);
    }
    return 0;
}
