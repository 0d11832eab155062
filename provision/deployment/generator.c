#include "generator.h"

#include "deployment.h"

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
