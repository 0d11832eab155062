#include "topology.h"

#include "err.h"
#include "fields.h"
#include "topology_aws.h"
#include "topology_balancer.h"
#include "topology_check.h"
#include "topology_fields.h"
#include "topology_types.h"
#include "topology_words.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

const char *const topology_algorithms[] = { "round_robin", "least_outstanding_requests", "weighted_random",
                                            NULL };
const char *const topology_schemes[] = { "internet-facing", "internal", NULL };
const char *const topology_ip_address_types[] = { "ipv4", "dualstack", NULL };
const char *const topology_credit_modes[] = { "standard", "unlimited", NULL };
static const char *const monitorings[] = { "basic", "detailed", NULL };

#define ZONE_FORM "a zone such as us-east-1a"

static const struct field cluster_fields[] = {
    { FIELD("name", FIELD_NAME, struct topology_cluster, name), .is_required = true },
    { FIELD("label", FIELD_NAME, struct topology_cluster, label) },
    { FIELD("path", FIELD_WORD, struct topology_cluster, path), .is_required = true,
      .is_right = topology_is_cluster_path, .form = TOPOLOGY_PATH_FORM },
    { FIELD("instance_type", FIELD_WORD, struct topology_cluster, instance_type), .is_required = true,
      .is_right = topology_is_word, .form = "an instance type such as m4.large" },
    { FIELD("zone", FIELD_WORD, struct topology_cluster, zone), .is_required = true,
      .is_right = topology_is_name, .form = ZONE_FORM },
    { FIELD("count", FIELD_COUNT, struct topology_cluster, count), .is_required = true, .least = 1,
      .most = TOPOLOGY_INSTANCES_MOST },
    { 0 },
};

static const struct field generator_fields[] = {
    { FIELD("type", FIELD_WORD, struct topology_generator, instance_type), .is_required = true,
      .is_right = topology_is_word, .form = "an instance type such as m4.large" },
    { FIELD("zone", FIELD_WORD, struct topology_generator, zone), .is_required = true,
      .is_right = topology_is_name, .form = ZONE_FORM },
    { FIELD("user", FIELD_NAME, struct topology_generator, user) },
    { 0 },
};

static const struct field prices_fields[] = {
    { FIELD("as_of", FIELD_WORD, struct topology_prices, as_of), .is_required = true,
      .is_right = topology_is_date, .form = "a date such as 2024-02-01" },
    { FIELD("load_balancer_usd_per_hour", FIELD_REAL, struct topology_prices, load_balancer_usd_per_hour),
      .is_required = true, .highest = 1000 },
    { FIELD("public_ipv4_usd_per_hour", FIELD_REAL, struct topology_prices, public_ipv4_usd_per_hour),
      .is_required = true, .highest = 1000 },
    { FIELD("volume_usd_per_hour", FIELD_REAL, struct topology_prices, volume_usd_per_hour),
      .highest = 1000 },
    { FIELD("detailed_monitoring_usd_per_hour", FIELD_REAL, struct topology_prices,
            detailed_monitoring_usd_per_hour),
      .highest = 1000 },
    { 0 },
};

static int read_cluster(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    struct topology_cluster *c = into;
    if (fields_read(f, node, "a cluster", cluster_fields, c, e))
        return -1;
    if (!c->label[0])
        snprintf(c->label, sizeof c->label, "%.*s", (int)strcspn(c->instance_type, "."), c->instance_type);
    return 0;
}

static int read_clusters(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    static const struct field_list list = { "clusters", read_cluster, sizeof(struct topology_cluster),
                                            TOPOLOGY_CLUSTERS_MOST };
    struct topology *t = into;
    return fields_read_list(f, node, &list, t->clusters, &t->n_clusters, e);
}

static int read_zone(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    const char *text = fields_text(f, node, ZONE_FORM, e);
    if (!text)
        return -1;
    if (strlen(text) >= TOPOLOGY_NAME_BYTES || !topology_is_name(text))
        return fields_wrong(f, node, ZONE_FORM, e);
    memcpy(into, text, strlen(text) + 1);
    return 0;
}

static int read_zones(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    static const struct field_list list = { "zones", read_zone, TOPOLOGY_NAME_BYTES, TOPOLOGY_ZONES_MOST };
    struct topology *t = into;
    return fields_read_list(f, node, &list, t->zones, &t->n_zones, e);
}

static int read_generator(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    struct topology *t = into;
    t->has_generator = true;
    return fields_read(f, node, "the generator", generator_fields, &t->generator, e);
}

static int read_prices(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    return fields_read(f, node, "'prices'", prices_fields, into, e);
}

static const struct field file_fields[] = {
    { FIELD("name", FIELD_NAME, struct topology, name), .is_required = true },
    { FIELD("description", FIELD_WORD, struct topology, description), .is_right = topology_is_printable,
      .form = "a line of text" },
    { FIELD("region", FIELD_WORD, struct topology, region), .is_required = true, .is_right = topology_is_name,
      .form = "a region such as us-east-1" },
    { .key = "zones", .kind = FIELD_NESTED, .read = read_zones, .is_required = true },
    { FIELD("image", FIELD_WORD, struct topology, image), .is_right = topology_is_image,
      .form = "an image id such as ami-08c40ec9ead489470" },
    { FIELD("key_pair", FIELD_WORD, struct topology, key_pair), .is_right = topology_is_printable,
      .form = "the name of a key pair such as vockey" },
    { FIELD("monitoring", FIELD_CHOICE, struct topology, monitoring_detailed), .choices = monitorings },
    { FIELD("credit_mode", FIELD_CHOICE, struct topology, credit_mode), .choices = topology_credit_modes },
    { FIELD("algorithm", FIELD_CHOICE, struct topology, algorithm), .choices = topology_algorithms },
    { FIELD("scheme", FIELD_CHOICE, struct topology, scheme), .choices = topology_schemes },
    { FIELD("ip_address_type", FIELD_CHOICE, struct topology, ip_address_type),
      .choices = topology_ip_address_types },
    { .key = "clusters", .kind = FIELD_NESTED, .read = read_clusters, .is_required = true },
    { FIELD("listener", FIELD_NESTED, struct topology, listener), .read = topology_balancer_read_listener,
      .is_required = true },
    { FIELD("health_check", FIELD_NESTED, struct topology, health_check),
      .read = topology_balancer_read_health_check },
    { .key = "ingress", .kind = FIELD_NESTED, .read = topology_balancer_read_ingress },
    { .key = "generator", .kind = FIELD_NESTED, .read = read_generator },
    { .key = "instance_types", .kind = FIELD_NESTED, .read = topology_types_read, .is_required = true },
    { FIELD("prices", FIELD_NESTED, struct topology, prices), .read = read_prices, .is_required = true },
    { 0 },
};

static void set_defaults(struct topology *t)
{
    *t = (struct topology){
        .monitoring_detailed = 1,
        .health_check = { .path = "/",
                          .expect_status = 200,
                          .interval_ns = 10 * NS_PER_S,
                          .timeout_ns = 5 * NS_PER_S,
                          .healthy_n = 2,
                          .unhealthy_n = 2 },
        .generator = { .user = "ubuntu" },
    };
}

/* Consumes the file. */
static int read_all(struct topology *t, struct yaml_file *f, int parsed, enum topology_rules rules,
                    struct err *e)
{
    set_defaults(t);
    f->manual = "loadgen-topology(5)";
    int status = parsed || fields_read(f, f->root, "a topology", file_fields, t, e) || topology_check(t, f, e)
                     ? -1
                     : 0;
    if (status == 0 && rules == TOPOLOGY_RULES_AWS)
        status = topology_aws_check(t, f, e);
    yaml_fini(f);
    return status;
}

int topology_load(struct topology *t, const char *path, enum topology_rules rules, struct err *e)
{
    struct yaml_file f;
    return read_all(t, &f, yaml_load(&f, path, e), rules, e);
}

int topology_load_text(struct topology *t, const char *path, const char *text, size_t length_bytes,
                       enum topology_rules rules, struct err *e)
{
    struct yaml_file f;
    return read_all(t, &f, yaml_parse(&f, path, text, length_bytes, e), rules, e);
}

unsigned topology_n_instances(const struct topology *t)
{
    unsigned n = 0;
    for (size_t i = 0; i < t->n_clusters; i++)
        n += t->clusters[i].count;
    return n;
}

const struct field *topology_fields_of(const char *map)
{
    const struct {
        const char *map;
        const struct field *rows;
    } tables[] = {
        { "file", file_fields },
        { "cluster", cluster_fields },
        { "listener", topology_balancer_listener },
        { "default_target", topology_balancer_forward },
        { "health_check", topology_balancer_health_check },
        { "ingress", topology_balancer_ingress },
        { "generator", generator_fields },
        { "instance_type", topology_types_fields },
        { "credits", topology_types_credits },
        { "emulation", topology_types_emulation },
        { "prices", prices_fields },
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(tables[i].map, map) == 0)
            return tables[i].rows;
    return NULL;
}
