#include "status_counts.h"

#include <stdbool.h>
#include <string.h>

/* The row of the status, or where it belongs. */
static uint32_t place_of(const struct status_counts *counts, unsigned status)
{
    uint32_t i = 0;
    while (i < counts->n && counts->rows[i].status < status)
        i++;
    return i;
}

void status_counts_add(struct status_counts *counts, unsigned status, uint64_t n)
{
    uint32_t at = place_of(counts, status);
    const bool is_known = at < counts->n && counts->rows[at].status == status;
    if (!is_known && status > 0 && counts->n >= STATUS_COUNTS_MOST) {
        status_counts_add(counts, 0, n);
        return;
    }
    struct status_count *row = &counts->rows[at];
    if (!is_known) {
        memmove(row + 1, row, (counts->n - at) * sizeof *row);
        *row = (struct status_count){ .status = status };
        counts->n++;
    }
    row->n += n;
}

void status_counts_merge(struct status_counts *into, const struct status_counts *from)
{
    for (uint32_t i = 0; i < from->n; i++)
        status_counts_add(into, from->rows[i].status, from->rows[i].n);
}
