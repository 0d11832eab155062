/* What the name of an instance type says about the machine. */
#ifndef BASE_INSTANCE_TYPE_H
#define BASE_INSTANCE_TYPE_H

#include <stdbool.h>

/* Whether its speed depends on CPU credits: "t2.large", "t3a.nano", "t4g.small". NULL: no. */
static inline bool instance_type_is_burstable(const char *type)
{
    return type && type[0] == 't' && type[1] >= '2' && type[1] <= '9';
}

#endif
