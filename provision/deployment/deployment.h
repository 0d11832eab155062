/* The deployment: what was brought up, and for each resource what is needed to take it down. On disk it is
 * the JSON of results/README.md, written atomically with mode 0600 before anything is created and again
 * whenever an id becomes known, so that a crash at any point loses nothing. Never holds a secret. */
#ifndef PROVISION_DEPLOYMENT_H
#define PROVISION_DEPLOYMENT_H

#include "topology.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { DEPLOYMENT_SCHEMA_VERSION = 1 };

enum deployment_state { DEPLOYMENT_CREATING, DEPLOYMENT_UP, DEPLOYMENT_FAILED, DEPLOYMENT_REMOVING };
extern const char *const deployment_states[]; /* "creating", ... */

enum {
    DEPLOYMENT_RUN_ID_BYTES = 16,
    DEPLOYMENT_WORD_BYTES = 64,
    DEPLOYMENT_URL_BYTES = 320,
    DEPLOYMENT_PATH_BYTES = 4096,
    DEPLOYMENT_OWNER_BYTES = 200
};

struct deployment_balancer {
    char kind[DEPLOYMENT_WORD_BYTES];    /* "haproxy", "alb" */
    char version[DEPLOYMENT_WORD_BYTES]; /* of HAProxy; empty until it is known, and of ALB */
    char name[DEPLOYMENT_WORD_BYTES];
    char address[DEPLOYMENT_URL_BYTES]; /* address or DNS name, without the port */
    unsigned port;                      /* 0: not known yet */
};

struct deployment_cluster {
    struct topology_cluster is; /* `type` is not kept */
    unsigned vcpus;
    double memory_gib;
    char specification[TOPOLOGY_SPECIFICATION_BYTES];
    double price_usd_per_hour; /* of one instance */
};

struct deployment_instance {
    char id[DEPLOYMENT_WORD_BYTES];
    char cluster[TOPOLOGY_NAME_BYTES];
    char instance_type[TOPOLOGY_NAME_BYTES];
    char zone[TOPOLOGY_NAME_BYTES];
    char address[DEPLOYMENT_WORD_BYTES];
    unsigned port;
};

/* The load machine of the topology. No target group has it, and `instances` does not list it. */
struct deployment_generator {
    char id[DEPLOYMENT_WORD_BYTES];          /* empty: not launched yet */
    char instance_type[TOPOLOGY_NAME_BYTES]; /* empty: the deployment has no generator */
    char zone[TOPOLOGY_NAME_BYTES];
    char address[DEPLOYMENT_WORD_BYTES];
    unsigned port;                              /* of ssh */
    char user[TOPOLOGY_NAME_BYTES];             /* of ssh */
    char ssh_key[DEPLOYMENT_PATH_BYTES];        /* absolute path of the private key; empty: ssh chooses */
    char host_keys_file[DEPLOYMENT_PATH_BYTES]; /* absolute path; in ssh's form of known hosts */
    char package[DEPLOYMENT_URL_BYTES];         /* what was installed: name and SHA-256; empty: nothing yet */
};

/* A set of strings by key: `kind`, and what the provider needs later (`role`, `id`, `name`, `cluster`,
 * `state`, `token`, ...). Use deployment_resource_get and _set. */
struct deployment_resource {
    struct deployment_member {
        char *key;   /* owned */
        char *value; /* owned */
    } * members;     /* owned */
    size_t n_members;
};

struct deployment {
    char provider[DEPLOYMENT_WORD_BYTES];
    bool emulated;
    char run_id[DEPLOYMENT_RUN_ID_BYTES]; /* 8 random hexadecimal digits: part of every name and tag */
    enum deployment_state state;
    char created_utc[DEPLOYMENT_WORD_BYTES];
    char expires_utc[DEPLOYMENT_WORD_BYTES]; /* when its instances end themselves (expiry.h); empty: never */
    char topology[TOPOLOGY_NAME_BYTES];
    char region[TOPOLOGY_NAME_BYTES];
    char account[DEPLOYMENT_WORD_BYTES]; /* empty: none */
    char owner[DEPLOYMENT_OWNER_BYTES];  /* who brought it up, as the tag says; empty: unknown */
    char app[DEPLOYMENT_WORD_BYTES];     /* "emulator", "flask" */
    char image[DEPLOYMENT_URL_BYTES]; /* AMI of the instances, its name and how it was found; empty: none */
    char url[DEPLOYMENT_URL_BYTES];   /* of the load balancer; empty until it is known */
    char ca_file[DEPLOYMENT_PATH_BYTES]; /* absolute path of the CA that `url` is verified by; empty: the
                                            system's */
    bool redacted;             /* a run's copy: `metrics` can use it, the other commands lack something */
    int algorithm;             /* enum topology_algorithm */
    double price_usd_per_hour; /* in total; 0 when nothing is charged */
    char prices_as_of[DEPLOYMENT_WORD_BYTES]; /* "2024-02-01 in us-east-1" */
    struct deployment_balancer balancer;
    struct topology_listener listener;         /* `cluster` indices refer to `clusters` */
    struct topology_health_check health_check; /* only path and status are kept */
    struct deployment_cluster clusters[TOPOLOGY_CLUSTERS_MOST];
    size_t n_clusters;
    struct deployment_instance *instances; /* owned */
    size_t n_instances;
    struct deployment_generator generator;
    struct deployment_resource asked;      /* what `up` was asked for (provision/asked.h) */
    struct deployment_resource *resources; /* owned; in order of creation */
    size_t n_resources;
};

/* A fresh deployment of a topology, state `creating`, with a random run id, no instances and no resources. */
int deployment_init(struct deployment *d, const struct topology *t, const char *provider, const char *app,
                    uint64_t realtime_ns, struct err *e);
/* Frees what it owns; a zeroed one is fine. */
void deployment_fini(struct deployment *d);

/* 1 loaded, 0 there is no such file (and `d` is zeroed), -1 unreadable or not a deployment file. */
int deployment_load(struct deployment *d, const char *path, struct err *e);
/* Replaces the file, in the folder that lock_take has made. */
int deployment_save(const struct deployment *d, const char *path, struct err *e);

/* Records a copy of what was asked for. */
int deployment_set_asked(struct deployment *d, const struct deployment_resource *asked, struct err *e);

/* Appends a copy. */
int deployment_add_instance(struct deployment *d, const struct deployment_instance *instance, struct err *e);
const struct deployment_cluster *deployment_find_cluster(const struct deployment *d, const char *name);

/* 0 when the deployment is up, has its load balancer, and all of its instances run and are healthy; else -1
 * and what is wrong. */
int deployment_check(const struct deployment *d, bool has_balancer, size_t n_healthy, struct err *e);

/* Appends a resource; `role` and `id` may be NULL. The pointer is borrowed until the next add or remove; NULL
 * and `e` when memory is out. */
struct deployment_resource *deployment_add_resource(struct deployment *d, const char *kind, const char *role,
                                                    const char *id, struct err *e);
/* The first resource of that kind and role (NULL: any); NULL when there is none. */
struct deployment_resource *deployment_find_resource(const struct deployment *d, const char *kind,
                                                     const char *role);
void deployment_remove_resource(struct deployment *d, struct deployment_resource *r);
/* The value, borrowed until the member changes; NULL when there is none. */
const char *deployment_resource_get(const struct deployment_resource *r, const char *key);
/* Sets, replaces or (value NULL) removes a member. */
int deployment_resource_set(struct deployment_resource *r, const char *key, const char *value, struct err *e);
/* Frees its members; for a set that is no part of a deployment. */
void deployment_resource_fini(struct deployment_resource *r);

#endif
