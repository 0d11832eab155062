/* deployment.json of a run folder as structs. Texts are borrowed from the parsed document. */
#ifndef RUN_DEPLOYMENT_H
#define RUN_DEPLOYMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct deployment_cluster {
    const char *name, *path;
    const char *label, *instance_type, *zone, *specification; /* NULL when unknown */
    uint64_t count;
    double price_usd_per_hour; /* of one instance on AWS; NAN when unknown */
};

struct deployment_instance {
    const char *id, *cluster;
};

struct deployment_share {
    const char *cluster;
    uint64_t weight;
};

struct deployment_rule {
    uint64_t priority;
    const json_t *paths; /* array of texts */
    const char *cluster;
};

struct deployment {
    json_t *root; /* owned */
    bool emulated;
    const char *provider, *topology;
    const char *region, *app, *image, *prices_as_of; /* NULL when unknown */
    double price_usd_per_hour;                       /* in total; NAN when unknown */
    const char *balancer, *algorithm, *protocol, *health_path;
    const char *balancer_version; /* NULL when unknown */
    uint64_t port, health_status;
    struct deployment_share *shares; /* owned: targets of the default rule */
    size_t n_shares;
    struct deployment_rule *rules; /* owned */
    size_t n_rules;
    struct deployment_cluster *clusters; /* owned */
    size_t n_clusters;
    struct deployment_instance *instances; /* owned */
    size_t n_instances;
};

/* Reads FOLDER/deployment.json: 1 on success, 0 when there is none, -1 when it is broken. Call
 * run_deployment_fini even on failure. */
int run_deployment_read(struct deployment *d, const char *folder, struct err *e);
void run_deployment_fini(struct deployment *d);

#endif
