/* The deployment's generator as a machine that ssh reaches. */
#ifndef PROVISION_GENERATOR_H
#define PROVISION_GENERATOR_H

#include "remote.h"

struct deployment;

/* Borrows the deployment's texts. */
struct remote generator_remote(const struct deployment *d);

#endif
