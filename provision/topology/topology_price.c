#include "topology_price.h"

#include "topology.h"

double topology_price_instance_usd_per_hour(const struct topology *t, const struct topology_type *type)
{
    return type->price_usd_per_hour + t->prices.public_ipv4_usd_per_hour + t->prices.volume_usd_per_hour +
           (t->monitoring_detailed ? t->prices.detailed_monitoring_usd_per_hour : 0);
}

double topology_price_balancer_usd_per_hour(const struct topology *t)
{
    const double n_public = t->scheme == TOPOLOGY_INTERNAL ? 0 : (double)t->n_zones;
    return t->prices.load_balancer_usd_per_hour + n_public * t->prices.public_ipv4_usd_per_hour;
}

double topology_price_usd_per_hour(const struct topology *t)
{
    double sum = topology_price_balancer_usd_per_hour(t);
    for (size_t i = 0; i < t->n_clusters; i++)
        sum += t->clusters[i].count * topology_price_instance_usd_per_hour(t, &t->types[t->clusters[i].type]);
    if (t->has_generator)
        sum += topology_price_instance_usd_per_hour(t, &t->types[t->generator.type]);
    return sum;
}
