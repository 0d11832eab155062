#include "aws_env.h"

#include <stdlib.h>
#include <strings.h>

const char *aws_env_get(const struct aws_env *env, const char *name)
{
    const char *value = env->look_up ? env->look_up(env->payload, name) : getenv(name);
    return value && *value ? value : NULL;
}

bool aws_env_is_true(const char *value)
{
    return value && strcasecmp(value, "true") == 0;
}
