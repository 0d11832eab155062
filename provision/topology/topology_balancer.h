/* The way of the traffic in a topology file: the listener with its default rule, the health check, and who
 * may connect. */
#ifndef PROVISION_TOPOLOGY_BALANCER_H
#define PROVISION_TOPOLOGY_BALANCER_H

struct err;
struct field;
struct yaml_file;
struct yaml_node;

extern const struct field *const topology_balancer_listener;
extern const struct field *const topology_balancer_forward;
extern const struct field *const topology_balancer_health_check;
extern const struct field *const topology_balancer_ingress;

/* Each reads one map or list into its struct; the ingress into a struct topology. */
int topology_balancer_read_listener(const struct yaml_file *f, const struct yaml_node *node, void *into,
                                    struct err *e);
int topology_balancer_read_health_check(const struct yaml_file *f, const struct yaml_node *node, void *into,
                                        struct err *e);
int topology_balancer_read_ingress(const struct yaml_file *f, const struct yaml_node *node, void *into,
                                   struct err *e);

#endif
