/* Every value of a topology as a name and a text, to compare two of them: "clusters.cluster1.zone" is
 * "us-east-1b". The names and texts follow the tables of keys, so that a new key is compared too. */
#ifndef PROVISION_TOPOLOGY_VALUES_H
#define PROVISION_TOPOLOGY_VALUES_H

struct err;
struct topology;

typedef int topology_value_fn(void *payload, const char *name, const char *text, struct err *e);

/* Calls `visit` for each value, defaults included; only the description is left out. Stops at the first -1.
 */
int topology_values(const struct topology *t, topology_value_fn *visit, void *payload, struct err *e);

#endif
