#include "metric.h"

#include <string.h>

static const char *const names[] = {
#define METRIC_NAME(constant, name) name,
    METRICS(METRIC_NAME)
#undef METRIC_NAME
};
_Static_assert(sizeof names / sizeof *names == N_METRICS, "every metric has a name");

const char *metric_name(enum metric metric)
{
    return names[metric];
}

enum metric metric_find(const char *name)
{
    unsigned i = 0;
    while (i < N_METRICS && strcmp(names[i], name) != 0)
        i++;
    return (enum metric)i;
}
