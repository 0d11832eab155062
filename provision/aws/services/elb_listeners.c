#include "elb_listeners.h"

#include "aws_call.h"
#include "aws_client.h"
#include "err.h"
#include "xml_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int take_listener(void *payload, const struct xml_node *reply, struct err *e)
{
    struct elb_listener *found = payload;
    (void)e;
    const struct xml_node *member = xml_tree_first(reply, "DescribeListenersResult/Listeners");
    for (; member; member = xml_tree_next(member)) {
        char port[16];
        xml_tree_text(member, "Port", port, sizeof port);
        if (strtoul(port, NULL, 10) == found->port)
            xml_tree_text(member, "ListenerArn", found->arn, sizeof found->arn);
    }
    return 0;
}

int elb_listeners_find(struct aws_client *c, const char *balancer_arn, unsigned port,
                       struct elb_listener *found, struct err *e)
{
    struct aws_call call;
    *found = (struct elb_listener){ .port = port };
    aws_call_init(&call, AWS_ELB, "DescribeListeners", true);
    form_add(&call.form, "LoadBalancerArn", balancer_arn);
    const int status =
        aws_client_pages(c, &call, "Marker", "DescribeListenersResult/NextMarker", take_listener, found, e);
    aws_call_fini(&call);
    return status;
}

static void add_forward(struct form *f, const char *prefix, const struct elb_forward *to, size_t n)
{
    char weight[16];
    form_addf(f, "forward", "%s.Type", prefix);
    if (n == 1) {
        form_addf(f, to[0].group_arn, "%s.TargetGroupArn", prefix);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        snprintf(weight, sizeof weight, "%u", to[i].weight);
        form_addf(f, to[i].group_arn, "%s.ForwardConfig.TargetGroups.member.%zu.TargetGroupArn", prefix,
                  i + 1);
        form_addf(f, weight, "%s.ForwardConfig.TargetGroups.member.%zu.Weight", prefix, i + 1);
    }
}

/* Sends the call and copies the ARN at `path` of the first member at `list`. */
static int create(struct aws_client *c, struct aws_call *call, const char *list, const char *path, char *arn,
                  size_t arn_bytes, struct err *e)
{
    if (aws_client_send(c, call, e) < 0)
        return -1;
    const struct xml_node *member = xml_tree_first(call->reply, list);
    if (member && xml_tree_text(member, path, arn, arn_bytes) > 0)
        return 0;
    return err_set(e, ERR_FAILED, "Elastic Load Balancing %s: the reply has no ARN", call->action);
}

/* The policy that AWS recommends: without one, a listener made by a call takes TLS 1.0. Source: Elastic Load
 * Balancing, "Security policies for your Application Load Balancer". */
#define TLS_POLICY "ELBSecurityPolicy-TLS13-1-2-2021-06"

int elb_listeners_create(struct aws_client *c, const struct aws_tags *tags,
                         const struct elb_listener_wish *wish, char *arn, size_t arn_bytes, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "CreateListener", true);
    form_add(&call.form, "LoadBalancerArn", wish->balancer_arn);
    form_add(&call.form, "Protocol", wish->certificate_arn ? "HTTPS" : "HTTP");
    form_add_number(&call.form, "Port", wish->port);
    if (wish->certificate_arn) {
        form_add(&call.form, "Certificates.member.1.CertificateArn", wish->certificate_arn);
        form_add(&call.form, "SslPolicy", TLS_POLICY);
    }
    add_forward(&call.form, "DefaultActions.member.1", wish->defaults, wish->n_defaults);
    aws_tags_add(&call.form, "Tags.member.", tags);
    const int status = create(c, &call, "CreateListenerResult/Listeners", "ListenerArn", arn, arn_bytes, e);
    aws_call_fini(&call);
    return status;
}

struct rule_search {
    struct elb_rule *found;
    char priority[16];
};

static int take_rule(void *payload, const struct xml_node *reply, struct err *e)
{
    struct rule_search *s = payload;
    (void)e;
    const struct xml_node *member = xml_tree_first(reply, "DescribeRulesResult/Rules");
    for (; member; member = xml_tree_next(member)) {
        char priority[16];
        xml_tree_text(member, "Priority", priority, sizeof priority);
        if (strcmp(priority, s->priority) != 0)
            continue;
        const struct xml_node *action = xml_tree_first(member, "Actions");
        xml_tree_text(member, "RuleArn", s->found->arn, sizeof s->found->arn);
        if (action)
            xml_tree_text(action, "TargetGroupArn", s->found->group_arn, sizeof s->found->group_arn);
    }
    return 0;
}

int elb_listeners_find_rule(struct aws_client *c, const char *listener_arn, unsigned priority,
                            struct elb_rule *found, struct err *e)
{
    struct rule_search s = { .found = found };
    struct aws_call call;
    *found = (struct elb_rule){ 0 };
    snprintf(s.priority, sizeof s.priority, "%u", priority);
    aws_call_init(&call, AWS_ELB, "DescribeRules", true);
    form_add(&call.form, "ListenerArn", listener_arn);
    const int status =
        aws_client_pages(c, &call, "Marker", "DescribeRulesResult/NextMarker", take_rule, &s, e);
    aws_call_fini(&call);
    return status;
}

int elb_listeners_create_rule(struct aws_client *c, const struct aws_tags *tags, const char *listener_arn,
                              unsigned priority, const char *path, const char *group_arn, char *arn,
                              size_t arn_bytes, struct err *e)
{
    char below[160];
    struct aws_call call;
    snprintf(below, sizeof below, "%s%s*", path, path[strlen(path) - 1] == '/' ? "" : "/");
    aws_call_init(&call, AWS_ELB, "CreateRule", false);
    form_add(&call.form, "ListenerArn", listener_arn);
    form_add_number(&call.form, "Priority", priority);
    form_add(&call.form, "Conditions.member.1.Field", "path-pattern");
    form_add(&call.form, "Conditions.member.1.PathPatternConfig.Values.member.1", path);
    form_add(&call.form, "Conditions.member.1.PathPatternConfig.Values.member.2", below);
    add_forward(&call.form, "Actions.member.1", &(struct elb_forward){ group_arn, 1 }, 1);
    aws_tags_add(&call.form, "Tags.member.", tags);
    const int status = create(c, &call, "CreateRuleResult/Rules", "RuleArn", arn, arn_bytes, e);
    aws_call_fini(&call);
    return status;
}
