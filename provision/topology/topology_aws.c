#include "topology_aws.h"

#include "err.h"
#include "topology.h"
#include "units.h"
#include "yaml_tree.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
    /* A target group is named loadgen-RUN-CLUSTER, of at most 32 characters. */
    CLUSTER_NAME_MOST = 15,
    /* Elastic Load Balancing, "Listener rules": target groups of one forward action. */
    FORWARD_GROUPS_MOST = 5,
    SSH_PORT = 22,
};

/* The value of a key, or what should have it. */
static const struct yaml_node *place(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *value = yaml_find(map, key);
    return value ? value : map;
}

static const struct yaml_node *cluster_place(const struct yaml_file *f, size_t index, const char *key)
{
    return place(yaml_item(yaml_find(f->root, "clusters"), index), key);
}

/* Letters and digits, with single hyphens between them. */
static bool is_group_name(const char *text)
{
    for (size_t i = 0; text[i]; i++)
        if (!isalnum((unsigned char)text[i]) &&
            (text[i] != '-' || i == 0 || text[i - 1] == '-' || !text[i + 1]))
            return false;
    return true;
}

static int check_cluster_name(const struct topology *t, size_t index, const struct yaml_file *f,
                              struct err *e)
{
    const char *name = t->clusters[index].name;
    const struct yaml_node *node = cluster_place(f, index, "name");
    if (t->has_generator && strcmp(name, "generator") == 0)
        return yaml_mistake(f, node, e, "on AWS this is the generator's name: name the cluster otherwise");
    if (strlen(name) <= CLUSTER_NAME_MOST && is_group_name(name))
        return 0;
    return yaml_mistake(
        f, node, e,
        "on AWS, where it becomes part of a target group's name, a cluster's name must be 1 to "
        "%d of A-Z a-z 0-9 with single hyphens between them, not %s",
        CLUSTER_NAME_MOST, name);
}

/* Words of letters between hyphens, and a digit: the region becomes part of host names. */
static int check_region(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    const char *region = t->region;
    const size_t length = strlen(region);
    const size_t words = strspn(region, "abcdefghijklmnopqrstuvwxyz-");
    if (words + 1 == length && words > 2 && region[words - 1] == '-' &&
        isdigit((unsigned char)region[words]) && memchr(region, '-', words - 1) && region[0] != '-' &&
        !strstr(region, "--"))
        return 0;
    return yaml_mistake(f, yaml_find(f->root, "region"), e, "on AWS a region is named like us-east-1, not %s",
                        region);
}

/* The families of burstable types: Amazon EC2 User Guide, "Burstable performance instances". */
static bool is_burstable(const char *type)
{
    static const char *const families[] = { "t2.", "t3.", "t3a.", "t4g." };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(type, families[i], strlen(families[i])) == 0)
            return true;
    return false;
}

/* AWS refuses a credit mode for a type without credits, and runs T3 in unlimited mode unless it is asked
 * not to. */
static int check_credits(const struct topology_type *type, const struct yaml_file *f, struct err *e)
{
    const struct yaml_node *node = yaml_find(yaml_find(f->root, "instance_types"), type->name);
    if (type->credits.limited == is_burstable(type->name))
        return 0;
    if (type->credits.limited)
        return yaml_mistake(f, place(node, "credits"), e, "on AWS %s has no CPU credits", type->name);
    return yaml_mistake(
        f, node->key, e,
        "on AWS %s has CPU credits: describe them with 'credits', so that 'credit_mode' holds", type->name);
}

static int check_seconds(const struct yaml_file *f, const char *key, uint64_t time_ns, struct err *e)
{
    if (time_ns % NS_PER_S == 0)
        return 0;
    return yaml_mistake(f, place(yaml_find(f->root, "health_check"), key), e,
                        "on AWS the '%s' of a health check is a whole number of seconds", key);
}

static int check_certificate(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    const struct yaml_node *listener = yaml_find(f->root, "listener");
    const char *arn = t->listener.certificate;
    char region[TOPOLOGY_NAME_BYTES] = "";
    if (t->listener.protocol != TOPOLOGY_HTTPS)
        return 0;
    if (!*arn)
        return yaml_mistake(f, place(listener, "protocol"), e,
                            "on AWS an HTTPS listener needs a 'certificate': the ARN of one in ACM or IAM");
    if (sscanf(arn, "arn:%*16[a-z-]:acm:%32[a-z0-9-]", region) != 1 || strcmp(region, t->region) == 0)
        return 0;
    return yaml_mistake(f, place(listener, "certificate"), e,
                        "the certificate is in %s, and a load balancer in %s takes only those of its region",
                        region, t->region);
}

static int check_defaults(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    const struct yaml_node *defaults = place(yaml_find(f->root, "listener"), "default");
    if (t->listener.n_defaults <= FORWARD_GROUPS_MOST)
        return 0;
    return yaml_mistake(f, yaml_item(defaults, FORWARD_GROUPS_MOST), e,
                        "on AWS the default rule forwards to at most %d clusters", FORWARD_GROUPS_MOST);
}

/* Whether the source can reach the load balancer at all. */
static int check_source(const struct topology *t, const struct topology_ingress *rule,
                        const struct yaml_node *node, const struct yaml_file *f, struct err *e)
{
    if (t->ip_address_type == TOPOLOGY_IPV4 && strchr(rule->from, ':'))
        return yaml_mistake(f, place(node, "from"), e,
                            "the load balancer has IPv4 addresses only, and %s is of IPv6: add "
                            "`ip_address_type: dualstack`",
                            rule->from);
    if (t->scheme == TOPOLOGY_INTERNAL && rule->source == TOPOLOGY_FROM_CALLER)
        return yaml_mistake(
            f, place(node, "from"), e,
            "an internal load balancer is not reached from a public address: open its port to a "
            "block of its VPC, or to anywhere, which is its VPC");
    return 0;
}

/* Port 22 is opened at the instances, every other port at the load balancer, which has one listener. */
static int check_ports(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    const unsigned port = t->listener.port;
    const struct yaml_node *listener = place(yaml_find(f->root, "listener"), "port");
    bool is_open = false;
    if (port == SSH_PORT)
        return yaml_mistake(f, listener, e, "on AWS port %d is opened at the instances, for ssh", SSH_PORT);
    for (size_t i = 0; i < t->n_ingress; i++) {
        const struct topology_ingress *rule = &t->ingress[i];
        const struct yaml_node *node = yaml_item(yaml_find(f->root, "ingress"), i);
        if (rule->port == SSH_PORT)
            continue;
        if (rule->port != port)
            return yaml_mistake(
                f, place(node, "port"), e,
                "nothing listens on port %u: the load balancer's listener has port %u, and the "
                "instances accept ssh on port %d",
                rule->port, port, SSH_PORT);
        if (check_source(t, rule, node, f, e))
            return -1;
        is_open = true;
    }
    if (is_open)
        return 0;
    return yaml_mistake(f, listener, e,
                        "no ingress rule opens the listener's port: add `{ port: %u, from: anywhere }` to "
                        "'ingress'",
                        port);
}

int topology_aws_check(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    if (check_region(t, f, e))
        return -1;
    for (size_t i = 0; i < t->n_clusters; i++)
        if (check_cluster_name(t, i, f, e) || check_credits(&t->types[t->clusters[i].type], f, e))
            return -1;
    if (t->has_generator && check_credits(&t->types[t->generator.type], f, e))
        return -1;
    if (check_seconds(f, "interval", t->health_check.interval_ns, e) ||
        check_seconds(f, "timeout", t->health_check.timeout_ns, e))
        return -1;
    return check_certificate(t, f, e) || check_defaults(t, f, e) || check_ports(t, f, e) ? -1 : 0;
}
