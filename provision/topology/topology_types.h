/* The section `instance_types` of a topology: what each type has, costs and is emulated by. */
#ifndef PROVISION_TOPOLOGY_TYPES_H
#define PROVISION_TOPOLOGY_TYPES_H

struct err;
struct yaml_file;
struct yaml_node;

/* A field_read_fn; `into` is the struct topology. */
int topology_read_types(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e);

#endif
