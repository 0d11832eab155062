#include "lend.h"

#include "plan.h"

#include <stdlib.h>

int lend_init(struct lend *l, const struct plan *plan, const struct plan_feed *feed, uint32_t thread)
{
    const size_t n_shares = share_count(&plan->share);
    const size_t first = plan->share.index + n_shares * thread;
    const size_t step = n_shares * plan->n_threads;
    const size_t n = first < feed->n_rows ? (feed->n_rows - first - 1) / step + 1 : 0;
    *l = (struct lend){ .rows = malloc((n ? n : 1) * sizeof *l->rows) };
    if (!l->rows)
        return -1;
    for (size_t row = first; row < feed->n_rows; row += step)
        l->rows[l->n_rows++] = (uint32_t)row;
    l->n_free = l->n_rows;
    return 0;
}

void lend_fini(struct lend *l)
{
    free(l->rows);
    *l = (struct lend){ 0 };
}

uint32_t lend_take(struct lend *l)
{
    if (l->n_free == 0)
        return LEND_NONE;
    const uint32_t row = l->rows[l->first];
    l->first = l->first + 1 == l->n_rows ? 0 : l->first + 1;
    l->n_free--;
    return row;
}

void lend_give(struct lend *l, uint32_t row)
{
    const uint64_t end = (uint64_t)l->first + l->n_free;
    l->rows[end < l->n_rows ? end : end - l->n_rows] = row;
    l->n_free++;
}
