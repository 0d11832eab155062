#include "topology_types.h"

#include "err.h"
#include "fields.h"
#include "topology.h"
#include "topology_words.h"
#include "units.h"

#include <string.h>

static const struct field credits_fields[] = {
    { FIELD("launch", FIELD_REAL, struct topology_credits, launch), .is_required = true, .highest = 10000 },
    { FIELD("earned_per_hour", FIELD_REAL, struct topology_credits, earned_per_hour), .is_required = true,
      .lowest = 0.1, .highest = 10000 },
    { FIELD("most", FIELD_REAL, struct topology_credits, most), .is_required = true, .highest = 1e6 },
    { FIELD("baseline_pct", FIELD_REAL, struct topology_credits, baseline_pct), .is_required = true,
      .lowest = 1, .highest = 100 },
    { 0 },
};
const struct field *const topology_types_credits = credits_fields;

static const struct field emulation_fields[] = {
    { FIELD("service_time", FIELD_DURATION, struct topology_emulation, service_time_ns), .is_required = true,
      .most = 60 * NS_PER_S },
    { FIELD("variation", FIELD_REAL, struct topology_emulation, variation), .highest = 5 },
    { 0 },
};
const struct field *const topology_types_emulation = emulation_fields;

static int read_credits(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    struct topology_credits *c = into;
    c->limited = true;
    return fields_read(f, node, "'credits'", credits_fields, c, e);
}

static int read_emulation(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    return fields_read(f, node, "'emulation'", emulation_fields, into, e);
}

static const struct field type_fields[] = {
    { FIELD("vcpus", FIELD_COUNT, struct topology_type, vcpus), .is_required = true, .least = 1,
      .most = 128 },
    { FIELD("memory_gib", FIELD_REAL, struct topology_type, memory_gib), .is_required = true, .lowest = 0.25,
      .highest = 4096 },
    { FIELD("specification", FIELD_WORD, struct topology_type, specification), .is_required = true,
      .is_right = topology_is_printable, .form = "a line of text" },
    { FIELD("price_usd_per_hour", FIELD_REAL, struct topology_type, price_usd_per_hour), .is_required = true,
      .highest = 1000 },
    { FIELD("credits", FIELD_NESTED, struct topology_type, credits), .read = read_credits },
    { FIELD("emulation", FIELD_NESTED, struct topology_type, emulation), .is_required = true,
      .read = read_emulation },
    { 0 },
};
const struct field *const topology_types_fields = type_fields;

static int read_type(const struct yaml_file *f, const struct yaml_node *node, struct topology_type *type,
                     struct err *e)
{
    const char *name = node->key->text;
    if (!name[0] || strlen(name) >= sizeof type->name || !topology_is_word(name))
        return yaml_mistake(f, node->key, e, "an instance type is named like m4.large, not '%.64s'", name);
    memcpy(type->name, name, strlen(name) + 1);
    return fields_read(f, node, "an instance type", type_fields, type, e);
}

int topology_types_read(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e)
{
    struct topology *t = into;
    if (node->kind != YAML_MAP)
        return fields_wrong(f, node, "a map of type names to what they are", e);
    for (const struct yaml_node *item = node->first; item; item = item->next) {
        if (t->n_types == TOPOLOGY_TYPES_MOST)
            return yaml_mistake(f, item->key, e, "there may be at most %d instance types",
                                TOPOLOGY_TYPES_MOST);
        if (read_type(f, item, &t->types[t->n_types++], e))
            return -1;
    }
    return 0;
}
