/* The expiry of a deployment: the UTC time at which its instances end themselves, so that a deployment that
 * is forgotten stops costing money. It is recorded before anything is made and never changes afterwards,
 * because the instances know it from their first boot. */
#ifndef PROVISION_EXPIRY_H
#define PROVISION_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>

struct deployment;
struct err;

/* Records the expiry of a fresh deployment, `expire_ns` after its creation; 0: none. For an existing one, -1
 * when another `expire_ns` than the recorded one is asked for, or when it has expired. */
int expiry_settle(struct deployment *d, bool existing, uint64_t expire_ns, uint64_t realtime_ns,
                  struct err *e);

/* Since the epoch; 0: none. */
uint64_t expiry_ns(const struct deployment *d);

#endif
