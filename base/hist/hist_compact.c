#include "hist_compact.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    BINS_FIRST = 4,
    ADDED_MOST = 128,        /* values recorded one by one: from then on speed matters */
    READ_BINS_MOST = 256,    /* bins that come one by one, as from a log */
    MERGED_BINS_MOST = 2048, /* a longer list is no longer small */
};
#define COUNTS_BYTES (HIST_N_COUNTS * sizeof(uint64_t))

/* Straight from the kernel, which zeroes only the pages that are touched; calloc may reuse a freed block and
 * so clear, and touch, all of it. */
uint64_t *hist_counts_new(void)
{
    void *counts = mmap(NULL, COUNTS_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return counts == MAP_FAILED ? NULL : counts;
}

void hist_counts_free(uint64_t *counts)
{
    if (counts)
        munmap(counts, COUNTS_BYTES);
}

void hist_add_counts(struct hist *dense, const struct hist *from)
{
    if (from->counts)
        for (uint32_t i = hist_first(from), last = hist_last(from); i <= last; i++)
            dense->counts[i] += from->counts[i];
    for (uint32_t i = 0; i < from->n_bins; i++)
        dense->counts[from->bins[i].index] += from->bins[i].count;
}

static bool make_dense(struct hist *h)
{
    uint64_t *counts = hist_counts_new();
    if (!counts)
        return false;
    for (uint32_t i = 0; i < h->n_bins; i++)
        counts[h->bins[i].index] = h->bins[i].count;
    h->counts = counts;
    free(h->bins);
    h->bins = NULL;
    h->n_bins = h->n_bins_most = 0;
    return true;
}

static bool reserve(struct hist *h, uint32_t n_bins)
{
    uint32_t most = h->n_bins_most > 0 ? h->n_bins_most : BINS_FIRST;
    if (n_bins <= h->n_bins_most)
        return true;
    while (most < n_bins)
        most += most / 2;
    struct hist_bin *larger = realloc(h->bins, most * sizeof *larger);
    if (!larger)
        return false;
    h->bins = larger;
    h->n_bins_most = most;
    return true;
}

/* Position of the first bin whose index is at least `index`. */
static uint32_t place_of(const struct hist *h, uint32_t index)
{
    uint32_t low = 0;
    uint32_t high = h->n_bins;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (h->bins[middle].index < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t hist_count_listed(const struct hist *h, uint32_t index)
{
    const uint32_t at = place_of(h, index);
    return at < h->n_bins && h->bins[at].index == index ? h->bins[at].count : 0;
}

static bool count_in_list(struct hist *h, uint32_t index, uint64_t count)
{
    const uint32_t at = place_of(h, index);
    if (at == h->n_bins || h->bins[at].index != index) {
        if (!reserve(h, h->n_bins + 1))
            return false;
        memmove(&h->bins[at + 1], &h->bins[at], (h->n_bins - at) * sizeof *h->bins);
        h->bins[at] = (struct hist_bin){ .index = index };
        h->n_bins++;
    }
    h->bins[at].count += (uint32_t)count;
    return true;
}

/* No count of a list exceeds the number of all values. */
static bool fits_list(uint64_t n, uint64_t n_more)
{
    return n <= UINT32_MAX && n_more <= UINT32_MAX - n;
}

/* A list that should become dense, but finds no memory, stays a list for as long as it can. */
static bool count_compact(struct hist *h, uint32_t index, uint64_t count, bool is_dense_due)
{
    if ((is_dense_due || !fits_list(h->n, count)) && make_dense(h)) {
        h->counts[index] += count;
        return true;
    }
    if (fits_list(h->n, count) && count_in_list(h, index, count))
        return true;
    h->n_lost += count;
    return false;
}

bool hist_add_compact(struct hist *h, uint32_t index)
{
    return count_compact(h, index, 1, h->n >= ADDED_MOST);
}

bool hist_add_bin_compact(struct hist *h, uint32_t index, uint64_t count)
{
    return count_compact(h, index, count, h->n_bins >= READ_BINS_MOST);
}

uint32_t hist_n_bins(const struct hist *h)
{
    uint32_t n = 0;
    if (!h->counts)
        return h->n_bins;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++)
        n += h->counts[i] > 0;
    return n;
}

/* Goes down through the bins in use. False when there is none below `*index`. */
static bool bin_below(const struct hist *h, uint32_t *place, uint32_t *index, uint32_t *count)
{
    if (!h->counts) {
        if (*place == 0)
            return false;
        *index = h->bins[--*place].index;
        *count = h->bins[*place].count;
        return true;
    }
    for (uint32_t i = *index, first = hist_first(h); i > first; i--)
        if (h->counts[i - 1] > 0) {
            *index = i - 1;
            *count = (uint32_t)h->counts[i - 1];
            return true;
        }
    return false;
}

/* From the highest down, so that the list grows within its own memory. */
static void merge_lists(struct hist *into, const struct hist *from, uint32_t n_from)
{
    uint32_t kept = into->n_bins;
    uint32_t place = n_from;
    uint32_t index = hist_last(from) + 1;
    uint32_t count = 0;
    uint32_t to = kept + n_from;
    const uint32_t end = to;
    while (bin_below(from, &place, &index, &count)) {
        while (kept > 0 && into->bins[kept - 1].index > index)
            into->bins[--to] = into->bins[--kept];
        if (kept > 0 && into->bins[kept - 1].index == index)
            count += into->bins[--kept].count;
        into->bins[--to] = (struct hist_bin){ index, count };
    }
    /* The bins below stay in place; every bin that both had leaves a gap of one. */
    memmove(&into->bins[kept], &into->bins[to], (end - to) * sizeof *into->bins);
    into->n_bins = kept + end - to;
}

bool hist_compact_merge(struct hist *into, const struct hist *from)
{
    const uint32_t n_from = hist_n_bins(from);
    const bool fits = fits_list(into->n, from->n);
    if ((into->n_bins + n_from > MERGED_BINS_MOST || !fits) && make_dense(into)) {
        hist_add_counts(into, from);
        return true;
    }
    if (!fits || !reserve(into, into->n_bins + n_from))
        return false;
    merge_lists(into, from, n_from);
    return true;
}
