#include "timeline.h"

#include "err.h"
#include "hist.h"

#include <inttypes.h>
#include <stdlib.h>

struct timeline *timeline_new(struct err *e)
{
    struct timeline *t = calloc(1, sizeof *t);
    if (t)
        t->open = hist_new();
    if (!t || !t->open) {
        err_errno(e, ERR_FAILED, "cannot make a timeline");
        timeline_free(t);
        return NULL;
    }
    t->unit_s = 1;
    return t;
}

void timeline_free(struct timeline *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_units; i++)
        free(t->units[i].bins);
    hist_free(t->open);
    free(t);
}

/* Adds `from` to `into` and empties it, unless it fails. */
static int absorb(struct timeline_unit *into, struct timeline_unit *from, struct err *e)
{
    if (from->n_bins == 0)
        return 0;
    if (into->n_bins == 0) {
        *into = *from;
        *from = (struct timeline_unit){ 0 };
        return 0;
    }
    struct timeline_bin *merged = malloc((into->n_bins + from->n_bins) * sizeof *merged);
    if (!merged)
        return err_errno(e, ERR_FAILED, "cannot merge two histograms");
    size_t n = 0;
    for (size_t i = 0, j = 0; i < into->n_bins || j < from->n_bins;) {
        const uint32_t left = i < into->n_bins ? into->bins[i].index : HIST_N_COUNTS;
        const uint32_t right = j < from->n_bins ? from->bins[j].index : HIST_N_COUNTS;
        merged[n] = (struct timeline_bin){ .index = left < right ? left : right };
        merged[n].count += left <= right ? into->bins[i++].count : 0;
        merged[n].count += right <= left ? from->bins[j++].count : 0;
        n++;
    }
    free(into->bins);
    free(from->bins);
    *into = (struct timeline_unit){ .bins = merged, .n_bins = n, .n = into->n + from->n };
    *from = (struct timeline_unit){ 0 };
    return 0;
}

static int double_unit(struct timeline *t, struct err *e)
{
    for (size_t i = 0; i < t->n_units; i++) {
        struct timeline_unit moved = t->units[i];
        t->units[i] = (struct timeline_unit){ 0 };
        const int status = absorb(&t->units[i / 2], &moved, e);
        free(moved.bins);
        if (status != 0)
            return -1;
    }
    t->n_units = (t->n_units + 1) / 2;
    t->unit_s *= 2;
    return 0;
}

static int sparse_of(const struct hist *h, struct timeline_unit *unit, struct err *e)
{
    size_t n_bins = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++)
        n_bins += hist_count(h, i) > 0 ? 1 : 0;
    *unit = (struct timeline_unit){ 0 };
    if (n_bins == 0)
        return 0;
    unit->bins = calloc(n_bins, sizeof *unit->bins);
    if (!unit->bins) {
        err_errno(e, ERR_FAILED, "cannot keep a histogram of %zu bins", n_bins);
        return -1;
    }
    unit->n_bins = n_bins;
    unit->n = h->n;
    size_t next = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++)
        if (hist_count(h, i) > 0)
            unit->bins[next++] = (struct timeline_bin){ i, hist_count(h, i) };
    return 0;
}

int timeline_settle(struct timeline *t, struct err *e)
{
    struct timeline_unit added;
    if (sparse_of(t->open, &added, e) != 0)
        return -1;
    const int status = absorb(&t->units[t->open_at], &added, e);
    free(added.bins);
    if (status == 0)
        hist_clear(t->open);
    return status;
}

/* Makes the unit of that second the open one; doubles the unit of time until it fits. */
static int open_unit(struct timeline *t, uint64_t second, struct err *e)
{
    if (t->open_at != second / t->unit_s && timeline_settle(t, e) != 0)
        return -1;
    while (second / t->unit_s >= TIMELINE_UNITS_MOST)
        if (double_unit(t, e) != 0)
            return -1;
    t->open_at = (size_t)(second / t->unit_s);
    if (t->open_at >= t->n_units)
        t->n_units = t->open_at + 1;
    return 0;
}

int timeline_add(struct timeline *t, uint64_t second, const struct hist *h, struct err *e)
{
    if (second >= TIMELINE_SECONDS_MOST)
        return err_set(e, ERR_INPUT,
                       "a histogram lies %" PRIu64 " s after the start: at most %" PRIu64 " s are kept",
                       second, TIMELINE_SECONDS_MOST);
    if (open_unit(t, second, e) != 0)
        return -1;
    hist_merge(t->open, h);
    return 0;
}

uint64_t timeline_n(const struct timeline *t)
{
    uint64_t n = t->open->n;
    for (size_t i = 0; i < t->n_units; i++)
        n += t->units[i].n;
    return n;
}

static uint32_t index_of_rank(const struct timeline_unit *unit, uint64_t rank)
{
    uint64_t seen = 0;
    size_t i = 0;
    while ((seen += unit->bins[i].count) < rank)
        i++;
    return unit->bins[i].index;
}

int timeline_percentiles(struct timeline *t, uint32_t p_ppm, double *value_ns, size_t *n_values,
                         struct err *e)
{
    if (timeline_settle(t, e) != 0)
        return -1;
    *n_values = 0;
    for (size_t i = 0; i < t->n_units; i++) {
        const struct timeline_unit *unit = &t->units[i];
        if (unit->n > 0)
            value_ns[(*n_values)++] = (double)hist_highest_ns(index_of_rank(unit, hist_rank(unit->n, p_ppm)));
    }
    return 0;
}
