/* The environment as the AWS tools read it: an empty variable is an absent one. */
#ifndef PROVISION_AWS_ENV_H
#define PROVISION_AWS_ENV_H

#include <stdbool.h>

/* Where variables are looked up; tests have their own environment. */
struct aws_env {
    const char *(*look_up)(void *payload, const char *name); /* NULL: getenv */
    void *payload;
};

/* The variable's value; NULL if it is unset or empty. */
const char *aws_env_get(const struct aws_env *env, const char *name);

/* Whether the value of a setting is "true" in any case; NULL is not. */
bool aws_env_is_true(const char *value);

#endif
