/* Target groups, load balancer, listener and path rules. */
#include "aws_make.h"
#include "aws_owner.h"
#include "aws_up.h"
#include "clock.h"
#include "deployment.h"
#include "elb_balancers.h"
#include "elb_groups.h"
#include "elb_listeners.h"
#include "err.h"
#include "provider.h"
#include "status_lines.h"
#include "topology_price.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct aws_item item_of(struct aws_up *up, const char *kind, const char *role, const void *wish)
{
    return (struct aws_item){ .kind = kind, .tags = aws_owner_tags(&up->session, role, 0), .wish = wish };
}

/* Adopts the ARN if its tags are ours. */
static int adopt_arn(struct aws_session *s, struct aws_item *item, const char *arn, const char *name,
                     struct err *e)
{
    struct aws_tags tags;
    s->client.known_ns = clock_realtime_ns(); /* a list shows it: its tags must be there */
    if (elb_tags_describe(&s->client, &arn, 1, &tags, e) < 0)
        return -1;
    snprintf(item->id, sizeof item->id, "%s", arn);
    return aws_make_adopt(item, &tags, name, e);
}

static int find_group(struct aws_session *s, struct aws_item *item, struct err *e)
{
    char name[96];
    struct elb_group_list list = { 0 };
    aws_tags_name(item->tags.run, item->tags.role, name, sizeof name);
    int status = elb_groups_describe(&s->client, name, &list, e);
    if (status == 0 && list.n > 0)
        status = adopt_arn(s, item, list.items[0].arn, name, e);
    free(list.items);
    return status;
}

static int create_group(struct aws_session *s, struct aws_item *item, struct err *e)
{
    const struct aws_plan *plan = item->wish;
    return elb_groups_create(&s->client, &item->tags, plan->vpc_id, AWS_UP_APP_PORT,
                             &s->context->topology->health_check, item->id, sizeof item->id, e);
}

int aws_up_groups(struct aws_up *up, struct err *e)
{
    static const struct aws_maker maker = { find_group, create_group };
    struct aws_session *s = &up->session;
    const unsigned n = (unsigned)s->deployment->n_clusters;
    for (unsigned i = 0; i < n; i++) {
        struct aws_item item = item_of(up, "target-group", s->deployment->clusters[i].is.name, &up->plan);
        status_lines_set(s->lines, "target groups", i, n, "", clock_monotonic_ns(), " ");
        if (aws_make(s, &item, &maker, e) < 0)
            return -1;
        if (elb_groups_set_algorithm(&s->client, item.id, topology_algorithms[s->deployment->algorithm], e) <
            0)
            return -1;
        up->n_made += item.made;
        memcpy(up->group_arns[i], item.id, sizeof up->group_arns[i]);
    }
    status_lines_set(s->lines, "target groups", n, n, "created", clock_monotonic_ns(), " ");
    return 0;
}

static int find_balancer(struct aws_session *s, struct aws_item *item, struct err *e)
{
    char name[96];
    struct elb_balancer_list list = { 0 };
    aws_tags_name(item->tags.run, item->tags.role, name, sizeof name);
    int status = elb_balancers_describe(&s->client, name, &list, e);
    if (status == 0 && list.n > 0)
        status = adopt_arn(s, item, list.items[0].arn, name, e);
    free(list.items);
    return status;
}

static int create_balancer(struct aws_session *s, struct aws_item *item, struct err *e)
{
    const struct aws_up *up = item->wish;
    const struct topology *t = s->context->topology;
    const char *subnets[TOPOLOGY_ZONES_MOST];
    const struct elb_balancer_wish wish = { .subnet_ids = subnets,
                                            .n_subnets = up->plan.n_subnets,
                                            .group_id = up->balancer_group_id,
                                            .scheme = topology_schemes[t->scheme],
                                            .ip_address_type =
                                                topology_ip_address_types[t->ip_address_type] };
    struct elb_balancer made = { .arn = "" };
    for (size_t i = 0; i < up->plan.n_subnets; i++)
        subnets[i] = up->plan.subnets[i].id;
    if (elb_balancers_create(&s->client, &item->tags, &wish, &made, e) < 0)
        return -1;
    memcpy(item->id, made.arn, sizeof item->id);
    return 0;
}

static int find_listener(struct aws_session *s, struct aws_item *item, struct err *e)
{
    const struct aws_up *up = item->wish;
    struct elb_listener found;
    if (elb_listeners_find(&s->client, up->balancer_arn, s->deployment->listener.port, &found, e) < 0)
        return -1;
    memcpy(item->id, found.arn, sizeof item->id);
    return *found.arn != '\0'; /* the load balancer is ours, and so are its listeners */
}

static int create_listener(struct aws_session *s, struct aws_item *item, struct err *e)
{
    const struct aws_up *up = item->wish;
    const struct topology_listener *l = &s->deployment->listener;
    struct elb_forward to[TOPOLOGY_CLUSTERS_MOST];
    for (size_t i = 0; i < l->n_defaults; i++)
        to[i] = (struct elb_forward){ up->group_arns[l->defaults[i].cluster], l->defaults[i].weight };
    const struct elb_listener_wish listener = { .balancer_arn = up->balancer_arn,
                                                .port = l->port,
                                                .certificate_arn =
                                                    l->protocol == TOPOLOGY_HTTPS ? l->certificate : NULL,
                                                .defaults = to,
                                                .n_defaults = l->n_defaults };
    return elb_listeners_create(&s->client, &item->tags, &listener, item->id, sizeof item->id, e);
}

struct rule_wish {
    const struct aws_up *up;
    unsigned cluster;
};

static int find_rule(struct aws_session *s, struct aws_item *item, struct err *e)
{
    const struct rule_wish *wish = item->wish;
    struct elb_rule found;
    if (elb_listeners_find_rule(&s->client, wish->up->listener_arn, wish->cluster + 1, &found, e) < 0)
        return -1;
    if (!*found.arn)
        return 0;
    if (strcmp(found.group_arn, wish->up->group_arns[wish->cluster]) != 0)
        return err_set(
            e, ERR_FAILED,
            "the rule of priority %u of our listener leads to %s instead of %s: it was changed since; run "
            "`loadgen provision down`, then `up` again",
            wish->cluster + 1, found.group_arn, wish->up->group_arns[wish->cluster]);
    memcpy(item->id, found.arn, sizeof item->id);
    return 1;
}

static int create_rule(struct aws_session *s, struct aws_item *item, struct err *e)
{
    const struct rule_wish *wish = item->wish;
    const struct topology_cluster *c = &s->deployment->clusters[wish->cluster].is;
    return elb_listeners_create_rule(&s->client, &item->tags, wish->up->listener_arn, wish->cluster + 1,
                                     c->path, wish->up->group_arns[wish->cluster], item->id, sizeof item->id,
                                     e);
}

static int make_rules(struct aws_up *up, struct err *e)
{
    static const struct aws_maker maker = { find_rule, create_rule };
    struct aws_session *s = &up->session;
    for (unsigned i = 0; i < s->deployment->n_clusters; i++) {
        const struct rule_wish wish = { up, i };
        struct aws_item item = item_of(up, "rule", s->deployment->clusters[i].is.name, &wish);
        if (aws_make(s, &item, &maker, e) < 0)
            return -1;
        up->n_made += item.made;
    }
    return 0;
}

int aws_up_balancer(struct aws_up *up, struct err *e)
{
    static const struct aws_maker balancer_maker = { find_balancer, create_balancer };
    static const struct aws_maker listener_maker = { find_listener, create_listener };
    struct aws_session *s = &up->session;
    struct aws_item balancer = item_of(up, "load-balancer", "", up);
    struct aws_item listener = item_of(up, "listener", "", up);

    balancer.tags.usd_per_hour = topology_price_balancer_usd_per_hour(s->context->topology);
    status_lines_set(s->lines, "load balancer", 0, 0, "creating", clock_monotonic_ns(), " ");
    if (aws_make(s, &balancer, &balancer_maker, e) < 0)
        return -1;
    memcpy(up->balancer_arn, balancer.id, sizeof up->balancer_arn);
    if (!s->deployment->listener.is_http2 && elb_balancers_set_http2(&s->client, balancer.id, false, e) < 0)
        return -1; /* it is on in a new one */
    if (aws_make(s, &listener, &listener_maker, e) < 0)
        return -1;
    memcpy(up->listener_arn, listener.id, sizeof up->listener_arn);
    up->n_made += balancer.made + listener.made;
    return make_rules(up, e);
}

static int keep_address(struct aws_session *s, const struct elb_balancer *b, struct err *e)
{
    struct deployment *d = s->deployment;
    const bool is_https = d->listener.protocol == TOPOLOGY_HTTPS;
    char port[16] = "";
    if (d->listener.port != (is_https ? 443 : 80))
        snprintf(port, sizeof port, ":%u", d->listener.port);
    snprintf(d->balancer.kind, sizeof d->balancer.kind, "alb");
    snprintf(d->balancer.address, sizeof d->balancer.address, "%s", b->dns_name);
    d->balancer.port = d->listener.port;
    snprintf(d->url, sizeof d->url, "%s://%s%s", is_https ? "https" : "http", b->dns_name, port);
    return aws_session_save(s, e);
}

int aws_up_active(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    struct aws_wait wait = { .delay_ns = 15 * NS_PER_S, .n_most = 40 };
    for (;;) {
        struct elb_balancer_list list = { 0 };
        struct elb_balancer b = {
            .state = "provisioning"
        }; /* a new one may be missing from lists for some seconds */
        const int status = elb_balancers_describe(&s->client, s->deployment->balancer.name, &list, e);
        if (status == 0 && list.n > 0)
            b = list.items[0];
        free(list.items);
        if (status < 0)
            return -1;
        if (strcmp(b.state, "failed") == 0)
            return err_set(e, ERR_FAILED, "the load balancer failed: %s",
                           *b.reason ? b.reason : "AWS gives no reason");
        if (strncmp(b.state, "active", 6) == 0) {
            status_lines_set(s->lines, "load balancer", 0, 0, b.state, clock_monotonic_ns(), "%s",
                             b.dns_name);
            if (strcmp(b.state, "active_impaired") == 0)
                status_lines_print(s->lines, "note: the load balancer is impaired and may not scale: %s",
                                   b.reason);
            return keep_address(s, &b, e);
        }
        status_lines_set(s->lines, "load balancer", 0, 0, b.state, clock_monotonic_ns(), "%s", b.dns_name);
        err_set(e, ERR_FAILED, "it is %s", b.state);
        if (aws_session_wait_after(s, &wait, "provisioning the load balancer", e) < 0)
            return -1;
    }
}
