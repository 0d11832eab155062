/* The tables of keys that a topology may have, one per kind of map. They are the only list of them; documents
 * and schema are compared with it (test_topology_schema.c). */
#ifndef PROVISION_TOPOLOGY_FIELDS_H
#define PROVISION_TOPOLOGY_FIELDS_H

struct field;

/* The rows (yaml/fields.h) of "file", "cluster" or another definition of docs/schema/topology.schema.json;
 * NULL for any other word. */
const struct field *topology_fields_of(const char *map);

#endif
