/* One resource, made exactly once whatever happens: looked for first, adopted if it carries our tags, else
 * created; and looked for again when the creation says that it exists or its outcome is unknown. The
 * deployment is saved before and after. */
#ifndef PROVISION_AWS_MAKE_H
#define PROVISION_AWS_MAKE_H

#include "aws_tags.h"
#include "elb_tags.h"

#include <stdbool.h>
#include <stddef.h>

struct aws_session;
struct err;

struct aws_item {
    const char *kind;     /* of the deployment's resource: "security-group" */
    struct aws_tags tags; /* run and role */
    char id[ELB_ARN_BYTES];
    bool made;        /* created now, not found */
    const void *wish; /* what the functions below need to know; theirs */
};

struct aws_maker {
    /* 1 found, with the id in the item; 0 there is none; -1 failed, or it is there and not ours. */
    int (*find)(struct aws_session *s, struct aws_item *item, struct err *e);
    /* Creates it and writes the id. */
    int (*create)(struct aws_session *s, struct aws_item *item, struct err *e);
};

int aws_make(struct aws_session *s, struct aws_item *item, const struct aws_maker *maker, struct err *e);

/* Whether a find that came upon these tags may adopt: 1; else -1 with a sentence that names what stands in
 * the way. */
int aws_make_adopt(const struct aws_item *item, const struct aws_tags *found, const char *name,
                   struct err *e);

#endif
