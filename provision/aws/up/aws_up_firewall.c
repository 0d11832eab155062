/* Two security groups: the load balancer's allows what the topology says; the instances' allows ssh as the
 * topology says, and the app's port from the load balancer alone. */
#include "aws_make.h"
#include "aws_owner.h"
#include "aws_up.h"
#include "clock.h"
#include "deployment.h"
#include "ec2_filter.h"
#include "ec2_groups.h"
#include "err.h"
#include "provider.h"
#include "status_lines.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SSH_PORT = 22 };

static int find(struct aws_session *s, struct aws_item *item, struct err *e)
{
    char name[96];
    const struct aws_plan *plan = item->wish;
    aws_tags_name(item->tags.run, item->tags.role, name, sizeof name);
    const struct ec2_filter filters[] = { EC2_FILTER_ONE("group-name", name),
                                          EC2_FILTER_ONE("vpc-id", plan->vpc_id) };
    struct ec2_group_list list = { 0 };
    int status = ec2_groups_describe(&s->client, filters, 2, &list, e);
    if (status == 0 && list.n > 0) {
        snprintf(item->id, sizeof item->id, "%s", list.items[0].id);
        status = aws_make_adopt(item, &list.items[0].tags, name, e);
    }
    free(list.items);
    return status;
}

static int create(struct aws_session *s, struct aws_item *item, struct err *e)
{
    char about[120];
    const struct aws_plan *plan = item->wish;
    snprintf(about, sizeof about, "loadgen run %s: %s", item->tags.run, item->tags.role);
    return ec2_groups_create(&s->client, &item->tags, plan->vpc_id, about, item->id, sizeof item->id, e);
}

static int make_group(struct aws_up *up, const char *role, char *id, size_t id_bytes, struct err *e)
{
    static const struct aws_maker maker = { find, create };
    struct aws_item item = { .kind = "security-group",
                             .tags = aws_owner_tags(&up->session, role, 0),
                             .wish = &up->plan };
    if (aws_make(&up->session, &item, &maker, e) < 0)
        return -1;
    up->n_made += item.made;
    snprintf(id, id_bytes, "%.31s", item.id);
    return 0;
}

/* Two rules may come to the same, and AWS refuses a rule that exists. */
static void add_rule(struct ec2_rule *rules, size_t *n, unsigned port, const char *cidr)
{
    for (size_t i = 0; i < *n; i++)
        if (rules[i].port == port && strcmp(rules[i].cidr, cidr) == 0)
            return;
    struct ec2_rule *r = &rules[(*n)++];
    *r = (struct ec2_rule){ .port = port };
    snprintf(r->cidr, sizeof r->cidr, "%s", cidr);
}

static size_t wanted_rules(const struct aws_up *up, bool for_instances, struct ec2_rule *rules)
{
    const struct topology *t = up->session.context->topology;
    size_t n = 0;
    for (size_t i = 0; i < t->n_ingress; i++) {
        const struct topology_ingress *from = &t->ingress[i];
        if ((from->port == SSH_PORT) != for_instances)
            continue;
        if (from->source == TOPOLOGY_FROM_ANYWHERE && t->ip_address_type == TOPOLOGY_DUALSTACK)
            add_rule(rules, &n, from->port, "::/0");
        add_rule(rules, &n, from->port,
                 from->source == TOPOLOGY_FROM_ANYWHERE ? "0.0.0.0/0"
                 : from->source == TOPOLOGY_FROM_CALLER ? up->plan.caller_cidr
                                                        : from->from);
    }
    if (for_instances) {
        rules[n] = (struct ec2_rule){ .port = AWS_UP_APP_PORT };
        snprintf(rules[n++].from_group, sizeof rules[0].from_group, "%s", up->balancer_group_id);
    }
    return n;
}

/* Keeps those rules that the group does not have yet. */
static int keep_missing(struct aws_up *up, const char *group_id, struct ec2_rule *rules, size_t *n,
                        struct err *e)
{
    const struct ec2_filter filter = EC2_FILTER_ONE("group-id", group_id);
    struct ec2_group_list list = { 0 };
    size_t n_missing = 0;
    if (ec2_groups_describe(&up->session.client, &filter, 1, &list, e) < 0) {
        free(list.items);
        return -1;
    }
    for (size_t i = 0; i < *n; i++)
        if (list.n == 0 || !ec2_group_has_rule(&list.items[0], &rules[i]))
            rules[n_missing++] = rules[i];
    free(list.items);
    *n = n_missing;
    return 0;
}

/* AWS refuses all rules if one exists, and a lost reply leaves the outcome open: so look, add what is
 * missing, and look again after a failure that may have been a success. */
static int open_group(struct aws_up *up, const char *group_id, bool for_instances, struct err *e)
{
    struct aws_session *s = &up->session;
    const struct aws_tags tags = aws_owner_tags(s, for_instances ? "instances" : "balancer", 0);
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = AWS_CLIENT_LAG_NS / (5 * NS_PER_S) };
    for (;;) {
        struct ec2_rule rules[2 * TOPOLOGY_INGRESS_MOST + 1];
        size_t n = wanted_rules(up, for_instances, rules);
        if (keep_missing(up, group_id, rules, &n, e) < 0)
            return -1;
        if (n == 0 || ec2_groups_open(&s->client, &tags, group_id, rules, n, e) == 0)
            return 0;
        const enum aws_class class = s->client.failure.class;
        if ((class != AWS_CLASS_CONFLICT && class != AWS_CLASS_TRANSIENT) ||
            aws_session_wait_after(s, &wait, "opening the ports", e) < 0)
            return -1;
    }
}

int aws_up_firewall(struct aws_up *up, struct err *e)
{
    struct status_lines *p = up->session.lines;
    status_lines_set(p, "security groups", 0, 2, "", clock_monotonic_ns(), " ");
    if (make_group(up, "balancer", up->balancer_group_id, sizeof up->balancer_group_id, e) < 0 ||
        open_group(up, up->balancer_group_id, false, e) < 0)
        return -1;
    status_lines_set(p, "security groups", 1, 2, "", clock_monotonic_ns(), " ");
    if (make_group(up, "instances", up->instances_group_id, sizeof up->instances_group_id, e) < 0 ||
        open_group(up, up->instances_group_id, true, e) < 0)
        return -1;
    status_lines_set(p, "security groups", 2, 2, "created", clock_monotonic_ns(), " ");
    return 0;
}
