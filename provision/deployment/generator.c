#include "generator.h"

#include "deployment.h"

#include <string.h>
#include <unistd.h>

struct remote generator_remote(const struct deployment *d)
{
    const struct deployment_generator *g = &d->generator;
    return (struct remote){ .name = g->id,
                            .user = g->user,
                            .address = g->address,
                            .port = g->port,
                            .key_file = g->ssh_key,
                            .host_keys_file = g->host_keys_file };
}

void generator_remove_host_keys(const struct deployment *d)
{
    const char *path = d->generator.host_keys_file;
    const size_t length = strlen(path), ending = strlen(GENERATOR_HOST_KEYS_ENDING);
    if (length > ending && strcmp(path + length - ending, GENERATOR_HOST_KEYS_ENDING) == 0)
        unlink(path);
}
