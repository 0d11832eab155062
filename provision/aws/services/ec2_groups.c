#include "ec2_groups.h"

#include "aws_call.h"
#include "aws_client.h"
#include "aws_user_tags.h"
#include "ec2_filter.h"
#include "err.h"
#include "xml_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_rule(struct ec2_group *g, const struct xml_node *permission, const struct xml_node *source,
                     const char *cidr_path, const char *group_path)
{
    char port[16];
    if (g->n_rules == EC2_RULES_MOST)
        return;
    struct ec2_rule *r = &g->rules[g->n_rules++];
    *r = (struct ec2_rule){ 0 };
    xml_tree_text(permission, "fromPort", port, sizeof port);
    r->port = (unsigned)strtoul(port, NULL, 10);
    if (cidr_path)
        xml_tree_text(source, cidr_path, r->cidr, sizeof r->cidr);
    if (group_path)
        xml_tree_text(source, group_path, r->from_group, sizeof r->from_group);
}

static void read_rules(struct ec2_group *g, const struct xml_node *item)
{
    for (const struct xml_node *p = xml_tree_first(item, "ipPermissions"); p; p = xml_tree_next(p)) {
        for (const struct xml_node *s = xml_tree_first(p, "ipRanges"); s; s = xml_tree_next(s))
            add_rule(g, p, s, "cidrIp", NULL);
        for (const struct xml_node *s = xml_tree_first(p, "ipv6Ranges"); s; s = xml_tree_next(s))
            add_rule(g, p, s, "cidrIpv6", NULL);
        for (const struct xml_node *s = xml_tree_first(p, "groups"); s; s = xml_tree_next(s))
            add_rule(g, p, s, NULL, "groupId");
    }
}

static int take_groups(void *payload, const struct xml_node *reply, struct err *e)
{
    struct ec2_group_list *list = payload;
    for (const struct xml_node *item = xml_tree_first(reply, "securityGroupInfo"); item;
         item = xml_tree_next(item)) {
        struct ec2_group *larger = realloc(list->items, (list->n + 1) * sizeof *larger);
        if (!larger)
            return err_set(e, ERR_FAILED, "out of memory");
        list->items = larger;
        struct ec2_group *g = &list->items[list->n++];
        *g = (struct ec2_group){ 0 };
        xml_tree_text(item, "groupId", g->id, sizeof g->id);
        xml_tree_text(item, "groupName", g->name, sizeof g->name);
        aws_tags_read(item, "tagSet", &g->tags);
        read_rules(g, item);
    }
    return 0;
}

int ec2_groups_describe(struct aws_client *c, const struct ec2_filter *filters, size_t n_filters,
                        struct ec2_group_list *list, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeSecurityGroups", true);
    ec2_filter_add(&call.form, filters, n_filters);
    const int status = aws_client_pages(c, &call, "NextToken", "nextToken", take_groups, list, e);
    aws_call_fini(&call);
    return status;
}

int ec2_groups_create(struct aws_client *c, const struct aws_tags *tags, const char *vpc_id,
                      const char *description, char *id, size_t id_bytes, struct err *e)
{
    char name[96];
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "CreateSecurityGroup", false);
    form_add(&call.form, "GroupName", aws_tags_name(tags->run, tags->role, name, sizeof name));
    form_add(&call.form, "GroupDescription", description);
    form_add(&call.form, "VpcId", vpc_id);
    aws_tags_add_specification(&call.form, 1, "security-group", tags);
    int status = aws_client_send(c, &call, e);
    if (status == 0 && xml_tree_text(call.reply, "groupId", id, id_bytes) == 0)
        status = err_set(e, ERR_FAILED, "EC2 CreateSecurityGroup: the reply has no id");
    aws_call_fini(&call);
    return status;
}

int ec2_groups_open(struct aws_client *c, const struct aws_tags *tags, const char *group_id,
                    const struct ec2_rule *rules, size_t n, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "AuthorizeSecurityGroupIngress", false);
    form_add(&call.form, "GroupId", group_id);
    for (size_t i = 0; i < n; i++) {
        char port[16];
        snprintf(port, sizeof port, "%u", rules[i].port);
        form_addf(&call.form, "tcp", "IpPermissions.%zu.IpProtocol", i + 1);
        form_addf(&call.form, port, "IpPermissions.%zu.FromPort", i + 1);
        form_addf(&call.form, port, "IpPermissions.%zu.ToPort", i + 1);
        if (*rules[i].from_group)
            form_addf(&call.form, rules[i].from_group, "IpPermissions.%zu.Groups.1.GroupId", i + 1);
        else if (strchr(rules[i].cidr, ':'))
            form_addf(&call.form, rules[i].cidr, "IpPermissions.%zu.Ipv6Ranges.1.CidrIpv6", i + 1);
        else
            form_addf(&call.form, rules[i].cidr, "IpPermissions.%zu.IpRanges.1.CidrIp", i + 1);
    }
    if (aws_user_tags_are_given(tags->user))
        aws_tags_add_specification(&call.form, 1, "security-group-rule", tags);
    const int status = aws_client_send(c, &call, e);
    aws_call_fini(&call);
    return status;
}

int ec2_groups_delete(struct aws_client *c, const char *group_id, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DeleteSecurityGroup", true);
    call.may_be_missing = true;
    form_add(&call.form, "GroupId", group_id);
    const int status = aws_client_send(c, &call, e);
    aws_call_fini(&call);
    return status;
}

bool ec2_group_has_rule(const struct ec2_group *g, const struct ec2_rule *rule)
{
    for (size_t i = 0; i < g->n_rules; i++)
        if (g->rules[i].port == rule->port && strcmp(g->rules[i].cidr, rule->cidr) == 0 &&
            strcmp(g->rules[i].from_group, rule->from_group) == 0)
            return true;
    return false;
}
