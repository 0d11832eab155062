/* The existing network: VPCs, subnets, interfaces. Creates and removes nothing. */
#ifndef PROVISION_EC2_NETWORK_H
#define PROVISION_EC2_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

struct aws_client;
struct ec2_filter;
struct err;

struct ec2_subnet {
    char id[32];
    char vpc_id[32];
    char zone[32];
    unsigned n_free_addresses;
    bool gives_public_addresses;
    bool has_ipv6;
};

/* Where a subnet's default route leads. */
enum ec2_way {
    EC2_WAY_NONE,
    EC2_WAY_GATEWAY, /* an Internet gateway: to and from public addresses */
    EC2_WAY_NAT,     /* a NAT gateway, a transit gateway or alike: out only */
};

struct ec2_subnet_list {
    struct ec2_subnet *items; /* owned; free() */
    size_t n;
};

/* Writes the id of the region's default VPC, or "" when there is none. */
int ec2_network_default_vpc(struct aws_client *c, char *id, size_t id_bytes, struct err *e);
int ec2_network_subnets(struct aws_client *c, const struct ec2_filter *filters, size_t n_filters,
                        struct ec2_subnet_list *list, struct err *e);
/* Reads the route table of a subnet, or else the VPC's main one. */
int ec2_network_way_out(struct aws_client *c, const struct ec2_subnet *subnet, enum ec2_way *way,
                        struct err *e);
/* Counts the network interfaces with that description; a load balancer's outlive it for a while. */
int ec2_network_count_interfaces(struct aws_client *c, const char *description, size_t *n, struct err *e);

#endif
