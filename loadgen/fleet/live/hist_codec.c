/* number of bins; each bin: unused bins before it * 2, + 1 if it holds more than one value, whose count - 2
 * follows; then, unless there are none, minimum and maximum above the lower bounds of the first and last bin,
 * sum; overflow; lost. Most bins of a second hold one value and take one byte or two. */
#include "hist_codec.h"

static void put_bin(struct pack *out, uint32_t *next, uint32_t index, uint64_t count)
{
    pack_number_in_place(out, (uint64_t)(index - *next) << 1 | (count > 1));
    if (count > 1)
        pack_number_in_place(out, count - 2);
    *next = index + 1;
}

void hist_encode(const struct hist *h, struct pack *out)
{
    const uint32_t n_bins = hist_n_bins(h);
    uint32_t next = 0;
    if (!pack_reserve(out, (6 + 2 * (size_t)n_bins) * PACK_NUMBER_BYTES_MOST))
        return;
    pack_number_in_place(out, n_bins);
    for (uint32_t i = 0; i < h->n_bins; i++)
        put_bin(out, &next, h->bins[i].index, h->bins[i].count);
    for (uint32_t i = hist_first(h), last = hist_last(h); h->counts && i <= last; i++)
        if (h->counts[i] > 0)
            put_bin(out, &next, i, h->counts[i]);
    if (n_bins > 0) {
        pack_number_in_place(out, h->min_ns - hist_lowest_ns(hist_first(h)));
        pack_number_in_place(out, h->max_ns - hist_lowest_ns(hist_last(h)));
        pack_number_in_place(out, h->sum_ns);
    }
    pack_number_in_place(out, h->n_overflow);
    pack_number_in_place(out, h->n_lost);
}

static bool get_bins(struct unpack *in, struct hist *h)
{
    const uint32_t most = hist_index(HIST_HIGHEST_NS);
    uint64_t next = 0;
    for (uint32_t i = 0; i < h->n_bins; i++) {
        const uint64_t token = unpack_within(in, 2 * (uint64_t)most + 1);
        const uint64_t count = token & 1 ? unpack_within(in, UINT32_MAX - 2) + 2 : 1;
        const uint64_t index = next + (token >> 1);
        if (index > most || in->is_bad)
            return false;
        h->bins[i] = (struct hist_bin){ (uint32_t)index, (uint32_t)count };
        h->n += count;
        next = index + 1;
    }
    return true;
}

/* True if minimum and maximum lie in the first and last bin. */
static bool get_range(struct unpack *in, struct hist *h)
{
    const uint32_t first = h->bins[0].index;
    const uint32_t last = h->bins[h->n_bins - 1].index;
    h->min_ns = hist_lowest_ns(first) + unpack_within(in, UINT64_MAX / 2);
    h->max_ns = hist_lowest_ns(last) + unpack_within(in, UINT64_MAX / 2);
    h->sum_ns = unpack_number(in);
    return !in->is_bad && h->min_ns <= h->max_ns && hist_first(h) == first && hist_last(h) == last;
}

struct hist hist_decode(struct unpack *in, struct hist_bin *bins)
{
    const struct hist empty = { .min_ns = UINT64_MAX };
    struct hist h = empty;
    h.bins = bins;
    h.n_bins = (uint32_t)unpack_within(in, HIST_N_COUNTS);
    bool is_good = get_bins(in, &h) && (h.n_bins == 0 || get_range(in, &h));
    h.n_overflow = unpack_number(in);
    h.n_lost = unpack_number(in);
    is_good &= !in->is_bad && h.n_overflow <= h.n;
    if (is_good)
        return h;
    in->at = in->end;
    in->is_bad = true;
    return empty;
}
