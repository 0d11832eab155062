/* Whether this machine can reach the targets: a connection to each of their addresses, which is closed again.
 * Nothing is sent. Cold. */
#ifndef ENGINE_PROBE_H
#define ENGINE_PROBE_H

#include <stdatomic.h>

struct endpoints;
struct err;

/* Blocks for three seconds at most. -1 and a sentence, ERR_INPUT, that names an address that does not answer.
 * `*stop` turning non-zero ends it without one. */
int probe_endpoints(const struct endpoints *endpoints, const atomic_int *stop, struct err *e);

#endif
