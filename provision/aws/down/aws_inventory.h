/* Our resources in the account: those with our tags, and those that the deployment file records. A recorded
 * one without our tags is a stranger: it is listed and left alone. */
#ifndef PROVISION_AWS_INVENTORY_H
#define PROVISION_AWS_INVENTORY_H

#include "aws_tags.h"
#include "elb_tags.h"

#include <stdbool.h>
#include <stddef.h>

struct aws_session;
struct err;

enum aws_kind {
    AWS_KIND_INSTANCE,
    AWS_KIND_SECURITY_GROUP,
    AWS_KIND_BALANCER,
    AWS_KIND_TARGET_GROUP,
    AWS_N_KINDS
};
extern const char *const aws_kind_names[AWS_N_KINDS]; /* as in the deployment file: "instance", ... */

struct aws_found {
    enum aws_kind kind;
    char id[ELB_ARN_BYTES]; /* or ARN */
    char name[96];
    struct aws_tags tags;
    bool is_stranger; /* recorded, but without our tags */
    bool is_ending;   /* an instance that is shutting down */
    bool gone;        /* removed */
    bool is_refused;  /* AWS does not remove it */
    char why[400];    /* why it could not be removed, or "" */
};

struct aws_inventory {
    struct aws_found *items; /* owned */
    size_t n;
    bool is_partial; /* some kind could not be listed */
};

/* Finds everything tagged with that run, its terminated instances as `gone`; with NULL everything of any run,
 * except terminated instances. -1: some kind could not be listed, and the inventory has the others. */
int aws_inventory_read(struct aws_session *s, const char *run, struct aws_inventory *inventory,
                       struct err *e);
/* Adds what the session's deployment records and the search by tags did not find. */
int aws_inventory_add_recorded(struct aws_session *s, struct aws_inventory *inventory, struct err *e);
/* Adds copies of those in `more` that are not in the inventory yet. */
int aws_inventory_merge(struct aws_inventory *inventory, const struct aws_inventory *more, struct err *e);
void aws_inventory_fini(struct aws_inventory *inventory);

size_t aws_inventory_count(const struct aws_inventory *inventory, enum aws_kind kind, bool gone);

#endif
