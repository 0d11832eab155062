#include "topology.h"

#include "err.h"
#include "topology_check.h"
#include "topology_types.h"
#include "topology_words.h"
#include "units.h"
#include "yaml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const topology_algorithms[] = { "round_robin", "least_outstanding_requests", "weighted_random",
                                            NULL };
const char *const topology_credit_modes[] = { "standard", "unlimited", NULL };
static const char *const monitorings[] = { "basic", "detailed", NULL };

static const struct yaml_field cluster_fields[] = {
    { .name = "name",
      YAML_TEXT_AT(topology_cluster, name),
      .required = true,
      .valid = topology_is_name,
      .form = TOPOLOGY_NAME_FORM },
    { .name = "label",
      YAML_TEXT_AT(topology_cluster, label),
      .valid = topology_is_name,
      .form = TOPOLOGY_NAME_FORM },
    { .name = "path",
      YAML_TEXT_AT(topology_cluster, path),
      .required = true,
      .valid = topology_is_cluster_path,
      .form = TOPOLOGY_PATH_FORM },
    { .name = "instance_type",
      YAML_TEXT_AT(topology_cluster, instance_type),
      .required = true,
      .valid = topology_is_word,
      .form = "an instance type such as m4.large" },
    { .name = "zone",
      YAML_TEXT_AT(topology_cluster, zone),
      .required = true,
      .valid = topology_is_name,
      .form = "a zone such as us-east-1a" },
    { .name = "count",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_cluster, count),
      .required = true,
      .least = 1,
      .most = TOPOLOGY_INSTANCES_MOST },
    { 0 },
};

static const struct yaml_field forward_fields[] = {
    { .name = "cluster",
      YAML_TEXT_AT(topology_forward, cluster_name),
      .required = true,
      .valid = topology_is_name,
      .form = TOPOLOGY_NAME_FORM },
    /* The range of a weighted target group: Elastic Load Balancing, "Listeners for your Application Load
       Balancers". */
    { .name = "weight",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_forward, weight),
      .least = 1,
      .most = 999 },
    { 0 },
};

static const struct yaml_field ingress_fields[] = {
    { .name = "port",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_ingress, port),
      .required = true,
      .least = 1,
      .most = 65535 },
    { .name = "from", YAML_TEXT_AT(topology_ingress, from), .required = true },
    { 0 },
};

/* The limits are those of the ELBv2 API: CreateTargetGroup. */
static const struct yaml_field health_check_fields[] = {
    { .name = "path",
      YAML_TEXT_AT(topology_health_check, path),
      .valid = topology_is_path,
      .form = TOPOLOGY_PATH_FORM },
    { .name = "expect_status",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_health_check, expect_status),
      .least = 200,
      .most = 499 },
    { .name = "interval",
      .kind = YAML_DURATION,
      .offset = offsetof(struct topology_health_check, interval_ns),
      .least = 5e9,
      .most = 300e9 },
    { .name = "timeout",
      .kind = YAML_DURATION,
      .offset = offsetof(struct topology_health_check, timeout_ns),
      .least = 2e9,
      .most = 120e9 },
    { .name = "healthy_after",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_health_check, healthy_n),
      .least = 2,
      .most = 10 },
    { .name = "unhealthy_after",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_health_check, unhealthy_n),
      .least = 2,
      .most = 10 },
    { 0 },
};

static const struct yaml_field prices_fields[] = {
    { .name = "as_of",
      YAML_TEXT_AT(topology_prices, as_of),
      .required = true,
      .valid = topology_is_date,
      .form = "a date such as 2024-02-01" },
    { .name = "load_balancer_usd_per_hour",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_prices, load_balancer_usd_per_hour),
      .required = true,
      .most = 1000 },
    { .name = "public_ipv4_usd_per_hour",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_prices, public_ipv4_usd_per_hour),
      .required = true,
      .most = 1000 },
    { 0 },
};

static int read_cluster(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                        struct err *e)
{
    struct topology_cluster *c = into;
    if (yaml_read_mapping(y, key, node, "a cluster", cluster_fields, c, e))
        return -1;
    if (!c->label[0])
        snprintf(c->label, sizeof c->label, "%.*s", (int)strcspn(c->instance_type, "."), c->instance_type);
    return 0;
}

static int read_clusters(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                         struct err *e)
{
    struct topology *t = into;
    return yaml_read_list(y, key, node, "clusters", read_cluster, t->clusters, sizeof t->clusters[0],
                          TOPOLOGY_CLUSTERS_MOST, &t->n_clusters, e);
}

static int read_forward(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                        struct err *e)
{
    struct topology_forward *f = into;
    f->weight = 1;
    return yaml_read_mapping(y, key, node, "a default target", forward_fields, f, e);
}

static int read_forwards(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                         struct err *e)
{
    struct topology_listener *l = into;
    return yaml_read_list(y, key, node, "default targets", read_forward, l->defaults, sizeof l->defaults[0],
                          TOPOLOGY_CLUSTERS_MOST, &l->n_defaults, e);
}

static const struct yaml_field listener_fields[] = {
    { .name = "port",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_listener, port),
      .least = 1,
      .most = 65535 },
    { .name = "default", .kind = YAML_NESTED, .read = read_forwards, .required = true },
    { 0 },
};

static int read_listener(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                         struct err *e)
{
    return yaml_read_mapping(y, key, node, "the listener", listener_fields, into, e);
}

static int read_health_check(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                             struct err *e)
{
    struct topology_health_check *h = into;
    if (yaml_read_mapping(y, key, node, "the health check", health_check_fields, h, e))
        return -1;
    if (h->timeout_ns >= h->interval_ns)
        return yaml_error(y, key, e, "the 'timeout' of the health check must be below its 'interval'");
    return 0;
}

static int read_zone(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                     struct err *e)
{
    return yaml_read_text(y, key, node, into, TOPOLOGY_NAME_BYTES, e);
}

static int read_zones(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                      struct err *e)
{
    struct topology *t = into;
    return yaml_read_list(y, key, node, "zones", read_zone, t->zones, sizeof t->zones[0], TOPOLOGY_ZONES_MOST,
                          &t->n_zones, e);
}

static int read_ingress_rule(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                             struct err *e)
{
    struct topology_ingress *rule = into;
    if (yaml_read_mapping(y, key, node, "an ingress rule", ingress_fields, rule, e))
        return -1;
    if (topology_check_source(rule))
        return yaml_error(y, node, e,
                          "'from' must be anywhere, caller or a block such as 10.0.0.0/8, not '%s'",
                          rule->from);
    return 0;
}

static int read_ingress(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                        struct err *e)
{
    struct topology *t = into;
    return yaml_read_list(y, key, node, "ingress rules", read_ingress_rule, t->ingress, sizeof t->ingress[0],
                          TOPOLOGY_INGRESS_MOST, &t->n_ingress, e);
}

static int read_prices(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                       struct err *e)
{
    return yaml_read_mapping(y, key, node, "'prices'", prices_fields, into, e);
}

static const struct yaml_field topology_fields[] = {
    { .name = "name",
      YAML_TEXT_AT(topology, name),
      .required = true,
      .valid = topology_is_name,
      .form = TOPOLOGY_NAME_FORM },
    { .name = "description",
      YAML_TEXT_AT(topology, description),
      .valid = topology_is_printable,
      .form = "a line of text" },
    { .name = "region",
      YAML_TEXT_AT(topology, region),
      .required = true,
      .valid = topology_is_name,
      .form = "a region such as us-east-1" },
    { .name = "zones", .kind = YAML_NESTED, .read = read_zones, .required = true },
    { .name = "image",
      YAML_TEXT_AT(topology, image),
      .valid = topology_is_image,
      .form = "an image id such as ami-08c40ec9ead489470" },
    { .name = "key_pair",
      YAML_TEXT_AT(topology, key_pair),
      .valid = topology_is_word,
      .form = "the name of a key pair such as vockey" },
    { .name = "monitoring",
      .kind = YAML_CHOICE,
      .offset = offsetof(struct topology, monitoring_detailed),
      .choices = monitorings },
    { .name = "credit_mode",
      .kind = YAML_CHOICE,
      .offset = offsetof(struct topology, credit_mode),
      .choices = topology_credit_modes },
    { .name = "algorithm",
      .kind = YAML_CHOICE,
      .offset = offsetof(struct topology, algorithm),
      .choices = topology_algorithms },
    { .name = "clusters", .kind = YAML_NESTED, .read = read_clusters, .required = true },
    { .name = "listener",
      .kind = YAML_NESTED,
      .offset = offsetof(struct topology, listener),
      .read = read_listener,
      .required = true },
    { .name = "health_check",
      .kind = YAML_NESTED,
      .offset = offsetof(struct topology, health_check),
      .read = read_health_check },
    { .name = "ingress", .kind = YAML_NESTED, .read = read_ingress },
    { .name = "instance_types", .kind = YAML_NESTED, .read = topology_read_types, .required = true },
    { .name = "prices",
      .kind = YAML_NESTED,
      .offset = offsetof(struct topology, prices),
      .read = read_prices,
      .required = true },
    { 0 },
};

static void set_defaults(struct topology *t)
{
    *t = (struct topology){
        .monitoring_detailed = 1,
        .listener = { .port = 80 },
        .health_check = { .path = "/",
                          .expect_status = 200,
                          .interval_ns = 10 * NS_PER_S,
                          .timeout_ns = 5 * NS_PER_S,
                          .healthy_n = 2,
                          .unhealthy_n = 2 },
    };
}

static int read_all(struct topology *t, const struct yaml *y, struct err *e)
{
    set_defaults(t);
    if (yaml_read_mapping(y, NULL, yaml_root(y), "a topology", topology_fields, t, e))
        return -1;
    return topology_check(t, y, e);
}

int topology_load(struct topology *t, const char *path, struct err *e)
{
    struct yaml y;
    if (yaml_load(&y, path, e))
        return -1;
    const int status = read_all(t, &y, e);
    yaml_fini(&y);
    return status;
}

int topology_load_text(struct topology *t, const char *path, const char *text, size_t length_bytes,
                       struct err *e)
{
    struct yaml y;
    if (yaml_load_text(&y, path, text, length_bytes, e))
        return -1;
    const int status = read_all(t, &y, e);
    yaml_fini(&y);
    return status;
}

unsigned topology_n_instances(const struct topology *t)
{
    unsigned n = 0;
    for (size_t i = 0; i < t->n_clusters; i++)
        n += t->clusters[i].count;
    return n;
}

double topology_price_usd_per_hour(const struct topology *t)
{
    double sum = t->prices.load_balancer_usd_per_hour;
    for (size_t i = 0; i < t->n_clusters; i++)
        sum += t->clusters[i].count *
               (t->types[t->clusters[i].type].price_usd_per_hour + t->prices.public_ipv4_usd_per_hour);
    return sum;
}
