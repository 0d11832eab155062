/* The user's own tags, `--tag KEY=VALUE`: an organisation may refuse what does not carry them. They are
 * checked against the rules that EC2 and Elastic Load Balancing share before anything is created. */
#ifndef PROVISION_AWS_USER_TAGS_H
#define PROVISION_AWS_USER_TAGS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* A resource takes 50 tags, of which Name and five others are ours. */
enum { AWS_USER_TAGS_MOST = 44 };

struct aws_user_tag {
    const char *key;   /* borrowed */
    const char *value; /* borrowed */
};

struct aws_user_tags {
    struct aws_user_tag items[AWS_USER_TAGS_MOST];
    size_t n;
};

/* Whether there are any. Resources that belong to others are tagged only then, since tagging them takes a
 * permission of its own. */
static inline bool aws_user_tags_are_given(const struct aws_user_tags *tags)
{
    return tags && tags->n > 0;
}

/* Checks one "KEY=VALUE" and finds the length of the key, which ends at the first '='. */
int aws_user_tags_check(const char *text, size_t *key_bytes, struct err *e);

#endif
