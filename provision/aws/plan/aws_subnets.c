#include "aws_preflight.h"

#include "aws_plan.h"
#include "aws_session.h"
#include "ec2_filter.h"
#include "ec2_network.h"
#include "err.h"
#include "provider.h"
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FREE_ADDRESSES_LEAST = 8, /* needed by an Application Load Balancer in each subnet */
    GIVEN_BYTES = 512
};

/* A subnet without public addresses serves if its instances reach the Internet, for the app's packages. */
static int check_private(struct aws_session *s, const struct ec2_subnet *subnet, struct err *e)
{
    enum ec2_way way;
    if (ec2_network_way_out(&s->client, subnet, &way, e) < 0)
        return -1;
    if (way != EC2_WAY_NAT)
        return err_set(e, ERR_FAILED,
                       "subnet %s in %s gives its instances no public address and has no way out by NAT, so "
                       "they could not install the app: choose another of its zone with --subnets",
                       subnet->id, subnet->zone);
    if (s->context->topology->scheme == TOPOLOGY_INTERNAL)
        return 0;
    return err_set(e, ERR_FAILED,
                   "subnet %s in %s is private, its way out is NAT, and an internet-facing load balancer "
                   "answers in public subnets only: say `scheme: internal` in the topology and run loadgen "
                   "inside the VPC, or choose another of its zone with --subnets",
                   subnet->id, subnet->zone);
}

static int check(struct aws_session *s, const struct ec2_subnet *subnet, struct err *e)
{
    if (s->context->topology->ip_address_type == TOPOLOGY_DUALSTACK && !subnet->has_ipv6)
        return err_set(
            e, ERR_FAILED,
            "subnet %s in %s has no IPv6 addresses, which `ip_address_type: dualstack` needs: choose "
            "another of its zone with --subnets",
            subnet->id, subnet->zone);
    return subnet->gives_public_addresses ? 0 : check_private(s, subnet, e);
}

static int add(struct aws_session *s, struct aws_plan *plan, const struct ec2_subnet *subnet, struct err *e)
{
    if (check(s, subnet, e) < 0)
        return -1;
    for (size_t i = 0; i < plan->n_subnets; i++)
        if (strcmp(plan->subnets[i].zone, subnet->zone) == 0)
            return err_set(e, ERR_INPUT,
                           "%s and %s are both in %s: a load balancer takes one subnet for each zone",
                           plan->subnets[i].id, subnet->id, subnet->zone);
    if (plan->n_subnets == TOPOLOGY_ZONES_MOST)
        return err_set(e, ERR_INPUT, "more than %d subnets", TOPOLOGY_ZONES_MOST);
    struct aws_plan_subnet *chosen = &plan->subnets[plan->n_subnets++];
    snprintf(chosen->id, sizeof chosen->id, "%s", subnet->id);
    snprintf(chosen->zone, sizeof chosen->zone, "%s", subnet->zone);
    chosen->n_free_addresses = subnet->n_free_addresses;
    return 0;
}

static int add_given(struct aws_session *s, struct aws_plan *plan, const struct ec2_subnet_list *list,
                     const char *id, struct err *e)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct ec2_subnet *subnet = &list->items[i];
        if (strcmp(subnet->id, id) != 0)
            continue;
        if (*plan->vpc_id && strcmp(plan->vpc_id, subnet->vpc_id) != 0)
            return err_set(e, ERR_INPUT, "subnet %s belongs to %s, not to %s", id, subnet->vpc_id,
                           plan->vpc_id);
        snprintf(plan->vpc_id, sizeof plan->vpc_id, "%s", subnet->vpc_id);
        return add(s, plan, subnet, e);
    }
    return err_set(e, ERR_FAILED, "there is no subnet %s in this region and account", id);
}

/* The subnets of --subnets, in that order. */
static int choose_given(struct aws_session *s, struct aws_plan *plan, const char *given, struct err *e)
{
    char text[GIVEN_BYTES];
    const char *ids[TOPOLOGY_ZONES_MOST];
    size_t n = 0;
    if ((size_t)snprintf(text, sizeof text, "%s", given) >= sizeof text)
        return err_set(e, ERR_INPUT, "--subnets is too long");
    for (char *at = text, *next; at && *at && n < TOPOLOGY_ZONES_MOST; at = next) {
        next = strchr(at, ',');
        if (next)
            *next++ = '\0';
        ids[n++] = at;
    }
    if (n < 2)
        return err_set(e, ERR_INPUT,
                       "--subnets must name at least two subnets in different zones, separated by a comma");
    const struct ec2_filter filter = { "subnet-id", ids, n };
    struct ec2_subnet_list list = { 0 };
    int status = ec2_network_subnets(&s->client, &filter, 1, &list, e);
    for (size_t i = 0; status == 0 && i < n; i++)
        status = add_given(s, plan, &list, ids[i], e);
    free(list.items);
    return status;
}

static int choose_in_zone(struct aws_session *s, struct aws_plan *plan, const struct ec2_subnet_list *list,
                          const char *zone, struct err *e)
{
    const struct ec2_subnet *best = NULL;
    char zones[300];
    size_t used = 0;
    zones[0] = '\0';
    for (size_t i = 0; i < list->n; i++) {
        const struct ec2_subnet *subnet = &list->items[i];
        if (used < sizeof zones)
            used +=
                (size_t)snprintf(zones + used, sizeof zones - used, "%s%s", used ? ", " : "", subnet->zone);
        if (strcmp(subnet->zone, zone) == 0 &&
            (!best || (subnet->gives_public_addresses && !best->gives_public_addresses)))
            best = subnet;
    }
    if (best)
        return add(s, plan, best, e);
    return err_set(e, ERR_FAILED,
                   "%s has no subnet in %s (it has some in: %s): name zones that it has in the topology "
                   "file (`zones`, and `zone` of each cluster), or another VPC with --vpc",
                   plan->vpc_id, zone, *zones ? zones : "none");
}

/* One subnet of the VPC for each zone of the topology. */
static int choose_by_zone(struct aws_session *s, struct aws_plan *plan, bool vpc_is_default, struct err *e)
{
    const struct topology *t = s->context->topology;
    const struct ec2_filter filters[] = { EC2_FILTER_ONE("vpc-id", plan->vpc_id),
                                          EC2_FILTER_ONE("default-for-az", "true") };
    struct ec2_subnet_list list = { 0 };
    int status = ec2_network_subnets(&s->client, filters, vpc_is_default ? 2 : 1, &list, e);
    for (size_t i = 0; status == 0 && i < t->n_zones; i++) {
        char zone[32];
        aws_plan_move_zone(t->zones[i], t->region, s->config.region, zone, sizeof zone);
        status = choose_in_zone(s, plan, &list, zone, e);
    }
    free(list.items);
    return status;
}

int aws_subnets_choose(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    const struct settings *settings = s->context->settings;
    snprintf(plan->vpc_id, sizeof plan->vpc_id, "%s", settings->vpc ? settings->vpc : "");
    if (settings->subnets)
        return choose_given(s, plan, settings->subnets, e);
    if (settings->vpc)
        return choose_by_zone(s, plan, false, e);
    if (ec2_network_default_vpc(&s->client, plan->vpc_id, sizeof plan->vpc_id, e) < 0)
        return -1;
    if (!*plan->vpc_id)
        return err_set(e, ERR_FAILED,
                       "account %s has no default VPC in %s: name one with --vpc, or two subnets with "
                       "--subnets, or make one with `aws ec2 create-default-vpc`",
                       s->caller.account, s->config.region);
    return choose_by_zone(s, plan, true, e);
}

int aws_subnets_check_room(const struct aws_plan *plan, struct err *e)
{
    for (size_t i = 0; i < plan->n_subnets; i++) {
        const struct aws_plan_subnet *subnet = &plan->subnets[i];
        unsigned n_instances = 0;
        for (size_t k = 0; k < plan->n_launches; k++)
            n_instances += plan->launches[k].subnet == i ? plan->launches[k].count : 0;
        if (subnet->n_free_addresses < FREE_ADDRESSES_LEAST + n_instances)
            return err_set(e, ERR_FAILED,
                           "subnet %s in %s has only %u free addresses, for %u instances and %d of the load "
                           "balancer: choose another of its zone with --subnets",
                           subnet->id, subnet->zone, subnet->n_free_addresses, n_instances,
                           FREE_ADDRESSES_LEAST);
    }
    return 0;
}
