#include "elb_balancers.h"

#include "aws_call.h"
#include "aws_client.h"
#include "err.h"
#include "xml_tree.h"

#include <stdlib.h>
#include <string.h>

static void read_balancer(const struct xml_node *member, struct elb_balancer *b)
{
    xml_tree_text(member, "LoadBalancerArn", b->arn, sizeof b->arn);
    xml_tree_text(member, "LoadBalancerName", b->name, sizeof b->name);
    xml_tree_text(member, "DNSName", b->dns_name, sizeof b->dns_name);
    xml_tree_text(member, "State/Code", b->state, sizeof b->state);
    xml_tree_text(member, "State/Reason", b->reason, sizeof b->reason);
}

static int take_balancers(void *payload, const struct xml_node *reply, struct err *e)
{
    struct elb_balancer_list *list = payload;
    const struct xml_node *member = xml_tree_first(reply, "DescribeLoadBalancersResult/LoadBalancers");
    for (; member; member = xml_tree_next(member)) {
        struct elb_balancer *larger = realloc(list->items, (list->n + 1) * sizeof *larger);
        if (!larger)
            return err_set(e, ERR_FAILED, "out of memory");
        list->items = larger;
        read_balancer(member, &list->items[list->n++]);
    }
    return 0;
}

int elb_balancers_describe(struct aws_client *c, const char *name, struct elb_balancer_list *list,
                           struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "DescribeLoadBalancers", true);
    if (name)
        form_add(&call.form, "Names.member.1", name);
    call.may_be_missing = name != NULL;
    int status = aws_client_pages(c, &call, "Marker", "DescribeLoadBalancersResult/NextMarker",
                                  take_balancers, list, e);
    if (status < 0 && name && aws_failure_is(&call.failure, "LoadBalancerNotFound"))
        status = 0;
    aws_call_fini(&call);
    return status;
}

int elb_balancers_create(struct aws_client *c, const struct aws_tags *tags,
                         const struct elb_balancer_wish *wish, struct elb_balancer *made, struct err *e)
{
    char name[96];
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "CreateLoadBalancer", true);
    struct form *f = &call.form;
    form_add(f, "Name", aws_tags_name(tags->run, tags->role, name, sizeof name));
    for (size_t i = 0; i < wish->n_subnets; i++)
        form_addf(f, wish->subnet_ids[i], "Subnets.member.%zu", i + 1);
    form_add(f, "SecurityGroups.member.1", wish->group_id);
    form_add(f, "Scheme", wish->scheme);
    form_add(f, "Type", "application");
    form_add(f, "IpAddressType", wish->ip_address_type);
    aws_tags_add(f, "Tags.member.", tags);
    int status = aws_client_send(c, &call, e);
    const struct xml_node *member =
        status == 0 ? xml_tree_first(call.reply, "CreateLoadBalancerResult/LoadBalancers") : NULL;
    if (member)
        read_balancer(member, made);
    if (status == 0 && (!member || !*made->arn))
        status = err_set(e, ERR_FAILED, "Elastic Load Balancing CreateLoadBalancer: the reply has no ARN");
    aws_call_fini(&call);
    return status;
}

int elb_balancers_set_http2(struct aws_client *c, const char *arn, bool is_on, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "ModifyLoadBalancerAttributes", true);
    form_add(&call.form, "LoadBalancerArn", arn);
    form_add(&call.form, "Attributes.member.1.Key", "routing.http2.enabled");
    form_add(&call.form, "Attributes.member.1.Value", is_on ? "true" : "false");
    const int status = aws_client_send(c, &call, e);
    aws_call_fini(&call);
    return status;
}

void elb_balancers_delete(struct aws_call *call, const char *arn)
{
    aws_call_init(call, AWS_ELB, "DeleteLoadBalancer", true);
    form_add(&call->form, "LoadBalancerArn", arn);
    call->may_be_missing = true;
}

const char *elb_balancers_tail(const char *arn)
{
    const char *mark = strstr(arn, ":loadbalancer/");
    if (mark)
        return mark + strlen(":loadbalancer/");
    const char *colon = strrchr(arn, ':');
    return colon ? colon + 1 : arn;
}
