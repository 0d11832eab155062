/* Checks across the parts of a topology, once all are read: names are distinct, references exist, zones
 * belong to the region. Resolves names to indices. */
#ifndef PROVISION_TOPOLOGY_CHECK_H
#define PROVISION_TOPOLOGY_CHECK_H

struct err;
struct topology;
struct topology_ingress;
struct yaml_file;

int topology_check(struct topology *t, const struct yaml_file *f, struct err *e);
/* Sets `source` from the text `from`; -1 if it has none of the forms. */
int topology_check_source(struct topology_ingress *rule);

#endif
