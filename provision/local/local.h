/* The provider "local": one process per instance and HAProxy in front of them, on this machine, in a work
 * folder of their own. */
#ifndef PROVISION_LOCAL_H
#define PROVISION_LOCAL_H

#include "provider.h"

extern const struct provider provider_local;

/* Its functions: see struct provider. */
int local_up(struct provider_context *c, struct err *e);
int local_status(struct provider_context *c, struct err *e);
int local_metrics(struct provider_context *c, struct err *e);
int local_down(struct provider_context *c, struct err *e);
int local_disturb(struct provider_context *c, enum provider_disturbance what, const char *instance,
                  struct err *e);

/* Ends every recorded process that is still the same, removes the work folder, and takes both out of the
 * deployment, which is saved on -1; `e` then says what is left. */
int local_remove(struct provider_context *c, struct err *e);

#endif
