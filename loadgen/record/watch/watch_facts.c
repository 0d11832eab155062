#include "watch_facts.h"

#include <stdlib.h>

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)
#define S  UINT64_C(1000000000)

const uint64_t watch_bucket_ns[WATCH_N_BUCKETS] = {
    10 * US, 20 * US,  50 * US,  100 * US, 200 * US, 500 * US, 1 * MS, 2 * MS, 5 * MS, 10 * MS, 20 * MS,
    50 * MS, 100 * MS, 200 * MS, 500 * MS, 1 * S,    2 * S,    5 * S,  10 * S, 20 * S, 50 * S
};
const uint32_t watch_times_ppm[WATCH_N_TIMES] = { 500000, 900000, 990000, 999000 };

struct watch_facts *watch_facts_new(size_t n_streams, size_t n_phases)
{
    struct watch_facts *f = calloc(1, sizeof *f + n_streams * sizeof f->streams[0]);
    if (!f)
        return NULL;
    f->phases = calloc(n_phases + 1, sizeof *f->phases);
    f->n_streams = n_streams;
    f->n_phases = n_phases;
    if (f->phases)
        return f;
    watch_facts_free(f);
    return NULL;
}

void watch_facts_free(struct watch_facts *f)
{
    if (!f)
        return;
    free(f->claims);
    free(f->phases);
    free(f->steps);
    free(f);
}
