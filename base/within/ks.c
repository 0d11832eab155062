#include "ks.h"

#include "hist.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide;

/* |seen_a / n_a - seen_b / n_b| times n_a n_b, in integers: equal distances compare equal, and the first
 * is kept. */
static wide scaled_distance(uint64_t seen_a, uint64_t n_a, uint64_t seen_b, uint64_t n_b)
{
    const wide of_a = (wide)seen_a * n_b;
    const wide of_b = (wide)seen_b * n_a;
    return of_a > of_b ? of_a - of_b : of_b - of_a;
}

struct ks ks_between(const struct hist *a, const struct hist *b)
{
    if (a->n == 0 || b->n == 0)
        return (struct ks){ .distance = NAN, .share_a = NAN, .share_b = NAN };
    struct ks found = { .distance = 0 };
    const uint32_t first = hist_first(a) < hist_first(b) ? hist_first(a) : hist_first(b);
    const uint32_t last = hist_last(a) > hist_last(b) ? hist_last(a) : hist_last(b);
    uint64_t seen_a = 0;
    uint64_t seen_b = 0;
    wide farthest = 0;
    for (uint32_t i = first; i <= last; i++) {
        seen_a += hist_count(a, i);
        seen_b += hist_count(b, i);
        const wide distance = scaled_distance(seen_a, a->n, seen_b, b->n);
        if (distance <= farthest && i > first)
            continue;
        farthest = distance;
        found.share_a = (double)seen_a / (double)a->n;
        found.share_b = (double)seen_b / (double)b->n;
        found.at_ns = hist_highest_ns(i);
    }
    found.distance = fabs(found.share_a - found.share_b);
    return found;
}
