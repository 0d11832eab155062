/* The instance types of a topology file: their tables of keys, and the map that names them. */
#ifndef PROVISION_TOPOLOGY_TYPES_H
#define PROVISION_TOPOLOGY_TYPES_H

struct err;
struct field;
struct yaml_file;
struct yaml_node;

extern const struct field *const topology_types_fields; /* of one type */
extern const struct field *const topology_types_credits;
extern const struct field *const topology_types_emulation;

/* Reads the map of 'instance_types' into a struct topology. */
int topology_types_read(const struct yaml_file *f, const struct yaml_node *node, void *into, struct err *e);

#endif
