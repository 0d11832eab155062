#include "hist.h"

#include <stdlib.h>
#include <string.h>

static void reset_summary(struct hist *h)
{
    h->n = h->n_overflow = h->max_ns = h->sum_ns = 0;
    h->min_ns = UINT64_MAX;
    h->first = HIST_N_COUNTS;
    h->last = 0;
}

struct hist *hist_new(void)
{
    struct hist *h = calloc(1, sizeof *h);
    if (h)
        reset_summary(h);
    return h;
}

void hist_free(struct hist *h)
{
    free(h);
}

void hist_clear(struct hist *h)
{
    if (h->n > 0)
        memset(&h->counts[h->first], 0, (h->last - h->first + 1) * sizeof h->counts[0]);
    reset_summary(h);
}

void hist_merge(struct hist *into, const struct hist *from)
{
    if (from->n == 0)
        return;
    for (uint32_t i = from->first; i <= from->last; i++)
        into->counts[i] += from->counts[i];
    into->n += from->n;
    into->n_overflow += from->n_overflow;
    into->sum_ns += from->sum_ns;
    if (from->min_ns < into->min_ns)
        into->min_ns = from->min_ns;
    if (from->max_ns > into->max_ns)
        into->max_ns = from->max_ns;
    if (from->first < into->first)
        into->first = from->first;
    if (from->last > into->last)
        into->last = from->last;
}

uint64_t hist_rank(uint64_t n, uint32_t p_ppm)
{
    __extension__ typedef unsigned __int128 wide;
    const uint64_t rank = (uint64_t)(((wide)p_ppm * n + 999999u) / 1000000u);
    return rank > 0 ? rank : 1;
}

uint32_t hist_index_of_rank(const struct hist *h, uint64_t rank)
{
    uint64_t seen = 0;
    for (uint32_t i = h->first; i < h->last; i++) {
        seen += h->counts[i];
        if (seen >= rank)
            return i;
    }
    return h->last;
}

uint64_t hist_value_at_ppm(const struct hist *h, uint32_t p_ppm)
{
    if (h->n == 0)
        return 0;
    const uint64_t high_ns = hist_highest_ns(hist_index_of_rank(h, hist_rank(h->n, p_ppm)));
    return high_ns < h->max_ns ? high_ns : h->max_ns;
}

uint64_t hist_n_beyond(uint64_t n, uint32_t p_ppm)
{
    return n > 0 ? n - hist_rank(n, p_ppm) : 0;
}
