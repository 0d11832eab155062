#include "instance_type.h"

bool instance_type_is_burstable(const char *type)
{
    return type && type[0] == 't' && type[1] >= '2' && type[1] <= '9';
}
