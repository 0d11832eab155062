/* What a topology costs on AWS, without traffic. */
#ifndef PROVISION_TOPOLOGY_PRICE_H
#define PROVISION_TOPOLOGY_PRICE_H

struct topology;
struct topology_type;

/* An instance with its public address, root volume and detailed monitoring. */
double topology_price_instance_usd_per_hour(const struct topology *t, const struct topology_type *type);
/* The load balancer with its public address in each zone, unless it is internal. */
double topology_price_balancer_usd_per_hour(const struct topology *t);
/* All instances, the generator and the load balancer. */
double topology_price_usd_per_hour(const struct topology *t);

#endif
