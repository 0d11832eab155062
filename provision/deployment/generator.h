/* The deployment's generator as a machine that ssh reaches. */
#ifndef PROVISION_GENERATOR_H
#define PROVISION_GENERATOR_H

#include "remote.h"

struct deployment;

/* The name of the file of host keys: that of the deployment file with this at its end. */
#define GENERATOR_HOST_KEYS_ENDING ".host-keys"

/* Borrows the deployment's texts. */
struct remote generator_remote(const struct deployment *d);

/* Removes the file of host keys; a path that an edited deployment file has in its place is left alone. */
void generator_remove_host_keys(const struct deployment *d);

#endif
