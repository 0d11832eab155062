#include "hist.h"

#include "hist_compact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reset_summary(struct hist *h)
{
    h->n = h->n_overflow = h->max_ns = h->sum_ns = h->n_lost = 0;
    h->min_ns = UINT64_MAX;
    h->n_bins = 0;
}

struct hist *hist_new_compact(void)
{
    struct hist *h = calloc(1, sizeof *h);
    if (h)
        reset_summary(h);
    return h;
}

struct hist *hist_new(void)
{
    struct hist *h = hist_new_compact();
    if (h && !(h->counts = hist_counts_new())) {
        free(h);
        return NULL;
    }
    return h;
}

void hist_free(struct hist *h)
{
    if (!h)
        return;
    hist_counts_free(h->counts);
    free(h->bins);
    free(h);
}

void hist_clear(struct hist *h)
{
    if (h->counts && h->n > 0) {
        const uint32_t first = hist_first(h);
        memset(&h->counts[first], 0, (hist_last(h) - first + 1) * sizeof h->counts[0]);
    }
    reset_summary(h);
}

void hist_merge(struct hist *into, const struct hist *from)
{
    into->n_lost += from->n_lost;
    if (from->n == 0)
        return;
    if (into->counts) {
        hist_add_counts(into, from);
    } else if (!hist_compact_merge(into, from)) {
        into->n_lost += from->n;
        return;
    }
    into->n += from->n;
    into->n_overflow += from->n_overflow;
    into->sum_ns += from->sum_ns;
    if (from->min_ns < into->min_ns)
        into->min_ns = from->min_ns;
    if (from->max_ns > into->max_ns)
        into->max_ns = from->max_ns;
}

uint64_t hist_rank(uint64_t n, uint32_t p_ppm)
{
    __extension__ typedef unsigned __int128 wide;
    const uint64_t rank = (uint64_t)(((wide)p_ppm * n + 999999u) / 1000000u);
    return rank > 0 ? rank : 1;
}

static uint32_t listed_index_of_rank(const struct hist *h, uint64_t rank)
{
    uint64_t seen = 0;
    uint32_t i = 0;
    while (i + 1 < h->n_bins && (seen += h->bins[i].count) < rank)
        i++;
    return h->bins[i].index;
}

enum { STRIDE = 16 }; /* bins that are passed over at once */

static uint64_t sum_of_stride(const uint64_t *counts)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < STRIDE; i++)
        sum += counts[i];
    return sum;
}

uint32_t hist_index_of_rank(const struct hist *h, uint64_t rank)
{
    const uint64_t *counts = h->counts;
    const uint32_t last = hist_last(h);
    uint32_t i = hist_first(h);
    uint64_t seen = 0;
    if (h->n_bins > 0)
        return listed_index_of_rank(h, rank);
    for (uint64_t n; i + STRIDE <= last; i += STRIDE, seen += n) {
        n = sum_of_stride(&counts[i]);
        if (seen + n >= rank)
            break;
    }
    for (; i < last; i++) {
        seen += counts[i];
        if (seen >= rank)
            return i;
    }
    return last;
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

uint64_t hist_n_above(const struct hist *h, uint64_t limit_ns)
{
    uint64_t n = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++)
        if (hist_lowest_ns(i) > limit_ns)
            n += hist_count(h, i);
    return n;
}

const char *hist_percentile_name(uint32_t p_ppm, char *out)
{
    snprintf(out, HIST_PERCENTILE_BYTES, "p%.10g", p_ppm / 1e4);
    return out;
}
