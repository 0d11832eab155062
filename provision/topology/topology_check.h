/* What a topology must hold across its parts, once every part has been read: names are distinct, what is
 * referred to exists, zones belong to the region. Fills in the indices that stand for names. */
#ifndef PROVISION_TOPOLOGY_CHECK_H
#define PROVISION_TOPOLOGY_CHECK_H

struct err;
struct topology;
struct topology_ingress;
struct yaml_file;

int topology_check(struct topology *t, const struct yaml_file *f, struct err *e);
/* Sets `source` from the text `from`; -1 when it is none of the forms. */
int topology_check_source(struct topology_ingress *rule);

#endif
