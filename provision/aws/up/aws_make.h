/* Idempotent creation of one resource: looked up first and adopted if it has our tags, else created; and
 * looked up again when AWS answers that it exists or the outcome is unknown. The deployment is saved before
 * and after. */
#ifndef PROVISION_AWS_MAKE_H
#define PROVISION_AWS_MAKE_H

#include "aws_tags.h"
#include "elb_tags.h"

#include <stdbool.h>

struct aws_session;
struct err;

struct aws_item {
    const char *kind;     /* of the deployment's resource, "security-group" */
    struct aws_tags tags; /* run and role */
    char id[ELB_ARN_BYTES];
    bool made;        /* created, not found */
    const void *wish; /* input of the functions below, which know its type */
};

struct aws_maker {
    /* 1 found, with its id in the item; 0 none; -1 failed, or it exists and is not ours. */
    int (*find)(struct aws_session *s, struct aws_item *item, struct err *e);
    /* Creates it and sets the item's id. */
    int (*create)(struct aws_session *s, struct aws_item *item, struct err *e);
};

int aws_make(struct aws_session *s, struct aws_item *item, const struct aws_maker *maker, struct err *e);

/* For `find`: 1 if a resource with these tags may be adopted, else -1 and `e` names it. */
int aws_make_adopt(const struct aws_item *item, const struct aws_tags *found, const char *name,
                   struct err *e);

#endif
