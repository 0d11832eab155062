#include "topology_types.h"

#include "err.h"
#include "topology.h"
#include "topology_words.h"
#include "yaml.h"

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
      YAML_TEXT_AT(topology_type, specification),
      .required = true,
      .valid = topology_is_printable,
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

int topology_read_types(const struct yaml *y, struct fy_node *key, struct fy_node *node, void *into,
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
