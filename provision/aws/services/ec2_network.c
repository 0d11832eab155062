#include "ec2_network.h"

#include "aws_call.h"
#include "aws_client.h"
#include "ec2_filter.h"
#include "err.h"
#include "xml_tree.h"

#include <stdlib.h>
#include <string.h>

int ec2_network_default_vpc(struct aws_client *c, char *id, size_t id_bytes, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeVpcs", true);
    ec2_filter_add(&call.form, (struct ec2_filter[]){ EC2_FILTER_ONE("is-default", "true") }, 1);
    const int status = aws_client_send(c, &call, e);
    const struct xml_node *first = status == 0 ? xml_tree_first(call.reply, "vpcSet") : NULL;
    id[0] = '\0';
    if (first)
        xml_tree_text(first, "vpcId", id, id_bytes);
    aws_call_fini(&call);
    return status;
}

static int take_subnets(void *payload, const struct xml_node *reply, struct err *e)
{
    struct ec2_subnet_list *list = payload;
    for (const struct xml_node *item = xml_tree_first(reply, "subnetSet"); item; item = xml_tree_next(item)) {
        char n_free[24];
        char is_public[8];
        struct ec2_subnet *larger = realloc(list->items, (list->n + 1) * sizeof *larger);
        if (!larger)
            return err_set(e, ERR_FAILED, "out of memory");
        list->items = larger;
        struct ec2_subnet *s = &list->items[list->n++];
        xml_tree_text(item, "subnetId", s->id, sizeof s->id);
        xml_tree_text(item, "vpcId", s->vpc_id, sizeof s->vpc_id);
        xml_tree_text(item, "availabilityZone", s->zone, sizeof s->zone);
        xml_tree_text(item, "availableIpAddressCount", n_free, sizeof n_free);
        s->n_free_addresses = (unsigned)strtoul(n_free, NULL, 10);
        xml_tree_text(item, "mapPublicIpOnLaunch", is_public, sizeof is_public);
        s->gives_public_addresses = strcmp(is_public, "true") == 0;
        s->has_ipv6 = xml_tree_count(item, "ipv6CidrBlockAssociationSet") > 0;
    }
    return 0;
}

int ec2_network_subnets(struct aws_client *c, const struct ec2_filter *filters, size_t n_filters,
                        struct ec2_subnet_list *list, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeSubnets", true);
    ec2_filter_add(&call.form, filters, n_filters);
    const int status = aws_client_pages(c, &call, "NextToken", "nextToken", take_subnets, list, e);
    aws_call_fini(&call);
    return status;
}

/* The IPv4 default route of a table; a blackhole's target is gone. */
static enum ec2_way way_of_table(const struct xml_node *table)
{
    for (const struct xml_node *r = xml_tree_first(table, "routeSet"); r; r = xml_tree_next(r)) {
        char to[24];
        char state[16];
        char gateway[32];
        xml_tree_text(r, "destinationCidrBlock", to, sizeof to);
        xml_tree_text(r, "state", state, sizeof state);
        xml_tree_text(r, "gatewayId", gateway, sizeof gateway);
        if (strcmp(to, "0.0.0.0/0") == 0 && strcmp(state, "blackhole") != 0)
            return strncmp(gateway, "igw-", 4) == 0 ? EC2_WAY_GATEWAY : EC2_WAY_NAT;
    }
    return EC2_WAY_NONE;
}

int ec2_network_way_out(struct aws_client *c, const struct ec2_subnet *subnet, enum ec2_way *way,
                        struct err *e)
{
    const struct ec2_filter of_subnet[] = { EC2_FILTER_ONE("association.subnet-id", subnet->id) };
    const struct ec2_filter of_vpc[] = { EC2_FILTER_ONE("vpc-id", subnet->vpc_id),
                                         EC2_FILTER_ONE("association.main", "true") };
    const struct {
        const struct ec2_filter *filters;
        size_t n;
    } looks[] = { { of_subnet, 1 }, { of_vpc, 2 } };
    *way = EC2_WAY_NONE;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct aws_call call;
        aws_call_init(&call, AWS_EC2, "DescribeRouteTables", true);
        ec2_filter_add(&call.form, looks[i].filters, looks[i].n);
        const int status = aws_client_send(c, &call, e);
        const struct xml_node *table = status == 0 ? xml_tree_first(call.reply, "routeTableSet") : NULL;
        if (table)
            *way = way_of_table(table);
        aws_call_fini(&call);
        if (status < 0 || table)
            return status;
    }
    return 0;
}

static int count_interfaces(void *payload, const struct xml_node *reply, struct err *e)
{
    (void)e;
    *(size_t *)payload += xml_tree_count(reply, "networkInterfaceSet");
    return 0;
}

int ec2_network_count_interfaces(struct aws_client *c, const char *description, size_t *n, struct err *e)
{
    struct aws_call call;
    *n = 0;
    aws_call_init(&call, AWS_EC2, "DescribeNetworkInterfaces", true);
    ec2_filter_add(&call.form, (struct ec2_filter[]){ EC2_FILTER_ONE("description", description) }, 1);
    const int status = aws_client_pages(c, &call, "NextToken", "nextToken", count_interfaces, n, e);
    aws_call_fini(&call);
    return status;
}
