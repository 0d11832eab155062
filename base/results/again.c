#include "again.h"

const char *again_name(enum again cause)
{
    static const char *const names[N_AGAIN] = {
        "unprocessed", "refused", "idle", "timeout", "broken", "closed",
    };
    return names[cause];
}

void again_counts_merge(struct again_counts *into, const struct again_counts *from)
{
    for (int cause = 0; cause < N_AGAIN; cause++)
        into->n[cause] += from->n[cause];
}

void again_counts_raise(struct again_counts *counts, const struct again_counts *known)
{
    for (int cause = 0; cause < N_AGAIN; cause++)
        if (counts->n[cause] < known->n[cause])
            counts->n[cause] = known->n[cause];
}

uint64_t again_counts_sum(const struct again_counts *counts)
{
    uint64_t n = 0;
    for (int cause = 0; cause < N_AGAIN; cause++)
        n += counts->n[cause];
    return n;
}
