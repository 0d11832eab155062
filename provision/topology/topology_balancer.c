#include "topology_balancer.h"

#include "err.h"
#include "fields.h"
#include "topology.h"
#include "topology_check.h"
#include "topology_words.h"
#include "units.h"

#include <stddef.h>

const char *const topology_protocols[] = { "HTTP", "HTTPS", NULL };

static const struct field forward_fields[] = {
    { FIELD("cluster", FIELD_NAME, struct topology_forward, cluster_name), .is_required = true },
    /* The range of a weighted target group: Elastic Load Balancing, "Listeners for your Application Load
       Balancers". */
    { FIELD("weight", FIELD_COUNT, struct topology_forward, weight), .least = 1, .most = 999 },
    { 0 },
};
const struct field *const topology_balancer_forward = forward_fields;

static const struct field ingress_fields[] = {
    { FIELD("port", FIELD_COUNT, struct topology_ingress, port), .is_required = true, .least = 1,
      .most = 65535 },
    { FIELD("from", FIELD_WORD, struct topology_ingress, from), .is_required = true },
    { 0 },
};
const struct field *const topology_balancer_ingress = ingress_fields;

/* The limits are those of the ELBv2 API: CreateTargetGroup. */
static const struct field health_check_fields[] = {
    { FIELD("path", FIELD_WORD, struct topology_health_check, path), .is_right = topology_is_path,
      .form = TOPOLOGY_PATH_FORM },
    { FIELD("expect_status", FIELD_COUNT, struct topology_health_check, expect_status), .least = 200,
      .most = 499 },
    { FIELD("interval", FIELD_DURATION, struct topology_health_check, interval_ns), .least = 5 * NS_PER_S,
      .most = 300 * NS_PER_S },
    { FIELD("timeout", FIELD_DURATION, struct topology_health_check, timeout_ns), .least = 2 * NS_PER_S,
      .most = 120 * NS_PER_S },
    { FIELD("healthy_after", FIELD_COUNT, struct topology_health_check, healthy_n), .least = 2, .most = 10 },
    { FIELD("unhealthy_after", FIELD_COUNT, struct topology_health_check, unhealthy_n), .least = 2,
      .most = 10 },
    { 0 },
};
const struct field *const topology_balancer_health_check = health_check_fields;

static int read_forward(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    struct topology_forward *forward = into;
    forward->weight = 1;
    return fields_read(f, node, "a default target", forward_fields, forward, e);
}

static int read_forwards(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    static const struct field_list list = { "default targets", read_forward, sizeof(struct topology_forward),
                                            TOPOLOGY_CLUSTERS_MOST };
    struct topology_listener *l = into;
    return fields_read_list(f, node, &list, l->defaults, &l->n_defaults, e);
}

static const struct field listener_fields[] = {
    { FIELD("protocol", FIELD_CHOICE, struct topology_listener, protocol), .choices = topology_protocols },
    { FIELD("certificate", FIELD_WORD, struct topology_listener, certificate),
      .is_right = topology_is_certificate, .form = TOPOLOGY_CERTIFICATE_FORM },
    { FIELD("server_name", FIELD_WORD, struct topology_listener, server_name), .is_right = topology_is_host,
      .form = "a host name such as bench.example.org" },
    { FIELD("http2", FIELD_FLAG, struct topology_listener, is_http2) },
    { FIELD("port", FIELD_COUNT, struct topology_listener, port), .least = 1, .most = 65535 },
    { .key = "default", .kind = FIELD_NESTED, .read = read_forwards, .is_required = true },
    { 0 },
};
const struct field *const topology_balancer_listener = listener_fields;

int topology_balancer_read_listener(const struct yaml_file *f, const struct yaml_node *node, void *into,
                                    struct err *e)
{
    static const char *const needing_https[] = { "certificate", "server_name", "http2" };
    struct topology_listener *l = into;
    l->is_http2 = true;
    if (fields_read(f, node, "the listener", listener_fields, l, e))
        return -1;
    for (size_t i = 0; i < sizeof needing_https / sizeof *needing_https; i++)
        if (l->protocol != TOPOLOGY_HTTPS && yaml_find(node, needing_https[i]))
            return yaml_mistake(f, yaml_find(node, needing_https[i]), e, "'%s' needs `protocol: HTTPS`",
                                needing_https[i]);
    if (l->port == 0)
        l->port = l->protocol == TOPOLOGY_HTTPS ? 443 : 80;
    return 0;
}

int topology_balancer_read_health_check(const struct yaml_file *f, const struct yaml_node *node, void *into,
                                        struct err *e)
{
    struct topology_health_check *h = into;
    if (fields_read(f, node, "the health check", health_check_fields, h, e))
        return -1;
    if (h->timeout_ns >= h->interval_ns)
        return yaml_mistake(f, node->key, e,
                            "the 'timeout' of the health check must be below its 'interval'");
    return 0;
}

static int read_ingress_rule(const struct yaml_file *f, const struct yaml_node *node, void *into,
                             struct err *e)
{
    struct topology_ingress *rule = into;
    if (fields_read(f, node, "an ingress rule", ingress_fields, rule, e))
        return -1;
    if (topology_check_source(rule))
        return yaml_mistake(f, node, e,
                            "'from' must be anywhere, caller or a block such as 10.0.0.0/8, without bits "
                            "beyond its length, not '%s'",
                            rule->from);
    return 0;
}

int topology_balancer_read_ingress(const struct yaml_file *f, const struct yaml_node *node, void *into,
                                   struct err *e)
{
    static const struct field_list list = { "ingress rules", read_ingress_rule,
                                            sizeof(struct topology_ingress), TOPOLOGY_INGRESS_MOST };
    struct topology *t = into;
    return fields_read_list(f, node, &list, t->ingress, &t->n_ingress, e);
}
