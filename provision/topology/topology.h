/* What to bring up, read from topologies/NAME.yaml: clusters of instances behind one load balancer with path
 * rules. A plain value without pointers; both providers read it and neither changes it. */
#ifndef PROVISION_TOPOLOGY_H
#define PROVISION_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum {
    TOPOLOGY_NAME_BYTES = 33,
    TOPOLOGY_PATH_BYTES = 65,
    TOPOLOGY_SPECIFICATION_BYTES = 161,
    TOPOLOGY_ARN_BYTES = 257,
    TOPOLOGY_HOST_BYTES = 254,
    TOPOLOGY_BLOCK_BYTES = 48,
    TOPOLOGY_KEY_BYTES = 256,
    TOPOLOGY_CLUSTERS_MOST = 8,
    TOPOLOGY_TYPES_MOST = 8,
    TOPOLOGY_ZONES_MOST = 6,
    TOPOLOGY_INGRESS_MOST = 16,
    TOPOLOGY_INSTANCES_MOST = 64, /* of one cluster */
};

enum topology_algorithm { TOPOLOGY_ROUND_ROBIN, TOPOLOGY_LEAST_OUTSTANDING, TOPOLOGY_WEIGHTED_RANDOM };
extern const char *const topology_algorithms[]; /* as AWS spells them: "round_robin", ... */

enum topology_scheme { TOPOLOGY_INTERNET_FACING, TOPOLOGY_INTERNAL };
extern const char *const topology_schemes[]; /* as AWS spells them: "internet-facing", "internal" */

enum topology_ip_address_type { TOPOLOGY_IPV4, TOPOLOGY_DUALSTACK };
extern const char *const topology_ip_address_types[]; /* as AWS spells them: "ipv4", "dualstack" */

enum topology_credit_mode { TOPOLOGY_CREDITS_STANDARD, TOPOLOGY_CREDITS_UNLIMITED };
extern const char *const topology_credit_modes[]; /* "standard", "unlimited" */

enum topology_protocol { TOPOLOGY_HTTP, TOPOLOGY_HTTPS };
extern const char *const topology_protocols[]; /* "HTTP", "HTTPS" */

/* CPU credits of a burstable type. One credit is one vCPU at 100 % for one minute; the baseline is per vCPU.
 * Source: Amazon EC2 User Guide, "CPU credits and baseline utilization". */
struct topology_credits {
    bool limited; /* false: the type has no credits and runs at full speed */
    double launch;
    double earned_per_hour;
    double most;
    double baseline_pct;
};

/* How the emulator models the type: service time of one request on one vCPU at full speed, and its
 * coefficient of variation. */
struct topology_emulation {
    uint64_t service_time_ns;
    double variation;
};

struct topology_type {
    char name[TOPOLOGY_NAME_BYTES]; /* "m4.large" */
    unsigned vcpus;
    double memory_gib;
    char specification[TOPOLOGY_SPECIFICATION_BYTES];
    double price_usd_per_hour;
    struct topology_credits credits;
    struct topology_emulation emulation;
};

struct topology_cluster {
    char name[TOPOLOGY_NAME_BYTES];
    char label[TOPOLOGY_NAME_BYTES]; /* short name for figures; by default the family of the type, "m4" */
    char path[TOPOLOGY_PATH_BYTES];  /* the rule matches exactly this path and everything below it */
    char instance_type[TOPOLOGY_NAME_BYTES];
    char zone[TOPOLOGY_NAME_BYTES]; /* "us-east-1b", or the region: spread over the balancer's zones */
    unsigned count;
    unsigned type; /* index into types */
};

struct topology_forward {
    char cluster_name[TOPOLOGY_NAME_BYTES];
    unsigned weight;
    unsigned cluster; /* index into clusters */
};

/* The certificate and its name are those of the balancer on AWS: the lab makes its own certificate. */
struct topology_listener {
    int protocol;                          /* enum topology_protocol */
    char certificate[TOPOLOGY_ARN_BYTES];  /* its ARN; empty: none */
    char server_name[TOPOLOGY_HOST_BYTES]; /* a name in it, which runs verify; empty: the balancer's own */
    bool is_http2;                         /* over TLS it offers HTTP/2 beside HTTP/1.1 */
    unsigned port;                         /* of the balancer on AWS; the local provider takes a free port */
    struct topology_forward defaults[TOPOLOGY_CLUSTERS_MOST];
    size_t n_defaults;
};

struct topology_health_check {
    char path[TOPOLOGY_PATH_BYTES];
    unsigned expect_status;
    uint64_t interval_ns;
    uint64_t timeout_ns;
    unsigned healthy_n;   /* passed checks in a row that make a target healthy */
    unsigned unhealthy_n; /* failed checks in a row that make it unhealthy */
};

enum topology_source { TOPOLOGY_FROM_ANYWHERE, TOPOLOGY_FROM_CALLER, TOPOLOGY_FROM_CIDR };

struct topology_ingress {
    unsigned port;                   /* TCP */
    char from[TOPOLOGY_BLOCK_BYTES]; /* as written: "anywhere", "caller" or "10.0.0.0/8" */
    enum topology_source source;
};

/* A load machine in the region of the clusters, which no request reaches. */
struct topology_generator {
    char instance_type[TOPOLOGY_NAME_BYTES];
    char zone[TOPOLOGY_NAME_BYTES]; /* one of the balancer's zones */
    char user[TOPOLOGY_NAME_BYTES]; /* who logs in by ssh */
    unsigned type;                  /* index into types */
};

struct topology_prices {
    char as_of[TOPOLOGY_NAME_BYTES]; /* "2024-02-01": when the prices of this file were looked up */
    double load_balancer_usd_per_hour;
    double public_ipv4_usd_per_hour;
    double volume_usd_per_hour;              /* root volume of an instance */
    double detailed_monitoring_usd_per_hour; /* of an instance */
};

struct topology {
    char name[TOPOLOGY_NAME_BYTES];
    char description[TOPOLOGY_SPECIFICATION_BYTES];
    char region[TOPOLOGY_NAME_BYTES];
    char zones[TOPOLOGY_ZONES_MOST][TOPOLOGY_NAME_BYTES]; /* of the balancer: at least two, one subnet each */
    size_t n_zones;
    char image[TOPOLOGY_NAME_BYTES];   /* "ami-..."; empty: the newest Ubuntu */
    char key_pair[TOPOLOGY_KEY_BYTES]; /* empty: none */
    int monitoring_detailed;           /* 0 basic, 1 detailed */
    int credit_mode;                   /* enum topology_credit_mode */
    int algorithm;                     /* enum topology_algorithm */
    int scheme;                        /* enum topology_scheme, of the balancer */
    int ip_address_type;               /* enum topology_ip_address_type, of the balancer */
    struct topology_cluster clusters[TOPOLOGY_CLUSTERS_MOST];
    size_t n_clusters;
    struct topology_listener listener;
    struct topology_health_check health_check;
    struct topology_ingress ingress[TOPOLOGY_INGRESS_MOST];
    size_t n_ingress;
    bool has_generator;
    struct topology_generator generator;
    struct topology_type types[TOPOLOGY_TYPES_MOST];
    size_t n_types;
    struct topology_prices prices;
};

/* Whose rules a topology must keep besides those that every provider has. */
enum topology_rules { TOPOLOGY_RULES_LOCAL, TOPOLOGY_RULES_AWS };

/* Reads and checks `path`. On -1 the message is `file:line:col: error: ...` with the line quoted. */
int topology_load(struct topology *t, const char *path, enum topology_rules rules, struct err *e);
/* The same from memory; `path` names it in messages. */
int topology_load_text(struct topology *t, const char *path, const char *text, size_t length_bytes,
                       enum topology_rules rules, struct err *e);

/* Those of the clusters, without the generator. */
unsigned topology_n_instances(const struct topology *t);
#endif
