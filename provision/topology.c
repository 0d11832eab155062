#include "topology.h"

#include "err.h"
#include "topology_check.h"
#include "units.h"
#include "yaml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const topology_algorithms[] = { "round_robin", "least_outstanding_requests", "weighted_random",
                                            NULL };
const char *const topology_credit_modes[] = { "standard", "unlimited", NULL };
static const char *const monitorings[] = { "basic", "detailed", NULL };

#define NAME_FORM "1 to 32 of A-Z a-z 0-9 _ -"
#define PATH_FORM "a path such as /cluster1, of A-Z a-z 0-9 _ - . and /, at most 64 characters"
#define TEXT_AT(type, member)                                                                                \
    .kind = YAML_TEXT, .offset = offsetof(struct type, member), .bytes = sizeof(((struct type *)0)->member)

static bool only(const char *text, const char *also)
{
    for (; *text; text++) {
        const bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
                           (*text >= '0' && *text <= '9');
        if (!plain && !strchr(also, *text))
            return false;
    }
    return true;
}

static bool is_name(const char *text)
{
    return only(text, "_-");
}

static bool is_word(const char *text)
{
    return only(text, "_-.");
}

static bool is_path(const char *text)
{
    const size_t length = strlen(text);
    return text[0] == '/' && only(text, "_-./") && !strstr(text, "//") &&
           (length == 1 || text[length - 1] != '/');
}

/* A cluster's path has a name: `/` is the health check's. */
static bool is_cluster_path(const char *text)
{
    return is_path(text) && text[1] != '\0';
}

static bool is_printable(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

static bool is_image(const char *text)
{
    return strncmp(text, "ami-", 4) == 0 && text[4] &&
           strspn(text + 4, "0123456789abcdef") == strlen(text + 4);
}

static bool is_date(const char *text)
{
    unsigned year, month, day;
    int used = 0;
    return sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &used) == 3 && used == 10 && text[10] == '\0' &&
           month - 1 < 12 && day - 1 < 31;
}

static const struct yaml_field cluster_fields[] = {
    { .name = "name",
      TEXT_AT(topology_cluster, name),
      .required = true,
      .valid = is_name,
      .form = NAME_FORM },
    { .name = "label", TEXT_AT(topology_cluster, label), .valid = is_name, .form = NAME_FORM },
    { .name = "path",
      TEXT_AT(topology_cluster, path),
      .required = true,
      .valid = is_cluster_path,
      .form = PATH_FORM },
    { .name = "instance_type",
      TEXT_AT(topology_cluster, instance_type),
      .required = true,
      .valid = is_word,
      .form = "an instance type such as m4.large" },
    { .name = "zone",
      TEXT_AT(topology_cluster, zone),
      .required = true,
      .valid = is_name,
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
      TEXT_AT(topology_forward, cluster_name),
      .required = true,
      .valid = is_name,
      .form = NAME_FORM },
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
    { .name = "from", TEXT_AT(topology_ingress, from), .required = true },
    { 0 },
};

/* The limits are those of the ELBv2 API: CreateTargetGroup. */
static const struct yaml_field health_check_fields[] = {
    { .name = "path", TEXT_AT(topology_health_check, path), .valid = is_path, .form = PATH_FORM },
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

static const struct yaml_field credits_fields[] = {
    { .name = "launch",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_credits, launch),
      .required = true,
      .most = 10000 },
    { .name = "earned_per_hour",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_credits, earned_per_hour),
      .required = true,
      .least = 0.1,
      .most = 10000 },
    { .name = "most",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_credits, most),
      .required = true,
      .most = 1e6 },
    { .name = "baseline_pct",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_credits, baseline_pct),
      .required = true,
      .least = 1,
      .most = 100 },
    { 0 },
};

static const struct yaml_field emulation_fields[] = {
    { .name = "service_time",
      .kind = YAML_DURATION,
      .offset = offsetof(struct topology_emulation, service_time_ns),
      .required = true,
      .most = 60e9 },
    { .name = "variation",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_emulation, variation),
      .most = 5 },
    { 0 },
};

static const struct yaml_field prices_fields[] = {
    { .name = "as_of",
      TEXT_AT(topology_prices, as_of),
      .required = true,
      .valid = is_date,
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

static int read_credits(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                        struct err *e)
{
    struct topology_credits *c = into;
    c->limited = true;
    return yaml_read_mapping(y, key, node, "'credits'", credits_fields, c, e);
}

static int read_emulation(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                          struct err *e)
{
    return yaml_read_mapping(y, key, node, "'emulation'", emulation_fields, into, e);
}

static int read_prices(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                       struct err *e)
{
    return yaml_read_mapping(y, key, node, "'prices'", prices_fields, into, e);
}

static const struct yaml_field type_fields[] = {
    { .name = "vcpus",
      .kind = YAML_COUNT,
      .offset = offsetof(struct topology_type, vcpus),
      .required = true,
      .least = 1,
      .most = 128 },
    { .name = "memory_gib",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_type, memory_gib),
      .required = true,
      .least = 0.25,
      .most = 4096 },
    { .name = "specification",
      TEXT_AT(topology_type, specification),
      .required = true,
      .valid = is_printable,
      .form = "a line of text" },
    { .name = "price_usd_per_hour",
      .kind = YAML_REAL,
      .offset = offsetof(struct topology_type, price_usd_per_hour),
      .required = true,
      .most = 1000 },
    { .name = "credits",
      .kind = YAML_NESTED,
      .offset = offsetof(struct topology_type, credits),
      .read = read_credits },
    { .name = "emulation",
      .kind = YAML_NESTED,
      .offset = offsetof(struct topology_type, emulation),
      .required = true,
      .read = read_emulation },
    { 0 },
};

static int read_types(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
                      struct err *e)
{
    struct topology *t = into;
    void *cursor = NULL;
    struct fy_node *name;
    struct fy_node *value;

    if (!yaml_is_mapping(node))
        return yaml_error(y, key, e, "'instance_types' must be a mapping of type names to what they are");
    while (yaml_next_pair(node, &cursor, &name, &value)) {
        if (t->n_types == TOPOLOGY_TYPES_MOST)
            return yaml_error(y, name, e, "there may be at most %d instance types", TOPOLOGY_TYPES_MOST);
        struct topology_type *type = &t->types[t->n_types++];
        if (yaml_read_text(y, name, name, type->name, sizeof type->name, e) ||
            yaml_read_mapping(y, name, value, "an instance type", type_fields, type, e))
            return -1;
    }
    return 0;
}

static const struct yaml_field topology_fields[] = {
    { .name = "name", TEXT_AT(topology, name), .required = true, .valid = is_name, .form = NAME_FORM },
    { .name = "description",
      TEXT_AT(topology, description),
      .valid = is_printable,
      .form = "a line of text" },
    { .name = "region",
      TEXT_AT(topology, region),
      .required = true,
      .valid = is_name,
      .form = "a region such as us-east-1" },
    { .name = "zones", .kind = YAML_NESTED, .read = read_zones, .required = true },
    { .name = "image",
      TEXT_AT(topology, image),
      .valid = is_image,
      .form = "an image id such as ami-08c40ec9ead489470" },
    { .name = "key_pair",
      TEXT_AT(topology, key_pair),
      .valid = is_word,
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
    { .name = "instance_types", .kind = YAML_NESTED, .read = read_types, .required = true },
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
