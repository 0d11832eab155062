/* What the name of a provider's instance type says of the machine. */
#ifndef BASE_INSTANCE_TYPE_H
#define BASE_INSTANCE_TYPE_H

#include <stdbool.h>

/* Whether it is only as fast as its CPU credits let it be: "t2.large", "t3a.nano", "t4g.small". NULL: no. */
bool instance_type_is_burstable(const char *type);

#endif
