/* For tests: an environment as a list of NAME=VALUE, ended by NULL. */
#ifndef TESTS_LISTED_ENV_H
#define TESTS_LISTED_ENV_H

#include <stddef.h>
#include <string.h>

/* Looks up a name, as a function of struct aws_env; `payload` is the list, or NULL. */
static inline const char *listed_env(void *payload, const char *name)
{
    const size_t length = strlen(name);
    for (const char *const *at = payload; at && *at; at++)
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
            return *at + length + 1;
    return NULL;
}

#endif
