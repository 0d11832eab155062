/* What the region has: images, instance types by zone, key pairs. */
#ifndef PROVISION_EC2_CATALOGUE_H
#define PROVISION_EC2_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

struct aws_client;
struct err;

struct ec2_image {
    char id[32];
    char name[160];
    char created[32]; /* ISO 8601: compares as text */
    char architecture[16];
    char state[16];
    char platform[16]; /* "windows", or "" */
};

/* Describes the image of that id; a missing one is a failure (InvalidAMIID.NotFound). */
int ec2_catalogue_image(struct aws_client *c, const char *id, struct ec2_image *image, struct err *e);
/* The newest available HVM image of that owner, name pattern and architecture; an empty id if there is
 * none. */
int ec2_catalogue_newest_image(struct aws_client *c, const char *owner, const char *pattern,
                               const char *architecture, struct ec2_image *image, struct err *e);

/* An instance type as AWS describes it. */
struct ec2_type {
    char name[32];
    unsigned vcpus;
    unsigned memory_mib;
    bool is_x86_64;
    bool is_arm64;
};
/* Writes up to `most` of the types; one that AWS does not know is a failure (InvalidInstanceType). */
int ec2_catalogue_types(struct aws_client *c, const char *const *names, size_t n_names,
                        struct ec2_type *types, size_t most, size_t *n, struct err *e);

/* An instance type that a zone offers. */
struct ec2_offering {
    char type[32];
    char zone[32];
};
/* Writes up to `most` offerings of the types. */
int ec2_catalogue_offerings(struct aws_client *c, const char *const *types, size_t n_types,
                            struct ec2_offering *offerings, size_t most, size_t *n, struct err *e);

struct ec2_region {
    char name[32];
};
/* Writes up to `most` regions that the account may use. */
int ec2_catalogue_regions(struct aws_client *c, struct ec2_region *regions, size_t most, size_t *n,
                          struct err *e);

/* 0 when the key pair exists; else -1, the failure in the client. */
int ec2_catalogue_key_pair(struct aws_client *c, const char *name, struct err *e);

#endif
