/* What only AWS refuses in a topology, and what it would accept and never make work: checked before anything
 * is made, because AWS finds it out after instances were launched. */
#ifndef PROVISION_TOPOLOGY_AWS_H
#define PROVISION_TOPOLOGY_AWS_H

struct err;
struct topology;
struct yaml_file;

/* Checks a topology that topology_check has accepted; on -1 `e` has the place in the file. */
int topology_aws_check(const struct topology *t, const struct yaml_file *f, struct err *e);

#endif
