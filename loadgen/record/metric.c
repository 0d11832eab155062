#include "metric.h"

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
