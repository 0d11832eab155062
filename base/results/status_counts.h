/* How many answers had which HTTP status code. A run sees few codes, so they are a short list, by status. */
#ifndef BASE_STATUS_COUNTS_H
#define BASE_STATUS_COUNTS_H

#include <stdint.h>

enum { STATUS_COUNTS_MOST = 32 }; /* more codes count together as 0 */

struct status_count {
    unsigned status; /* 0: codes that found no room */
    uint64_t n;
};

struct status_counts {
    struct status_count rows[STATUS_COUNTS_MOST + 1];
    uint32_t n;
};

void status_counts_add(struct status_counts *counts, unsigned status, uint64_t n);
void status_counts_merge(struct status_counts *into, const struct status_counts *from);

/* The hot path: nearly always the status of the first row. */
static inline void status_counts_count(struct status_counts *counts, unsigned status)
{
    if (status > 0 && counts->rows[0].status == status)
        counts->rows[0].n++;
    else
        status_counts_add(counts, status, 1);
}

#endif
