#include "summary.h"
#include "units.h"
#include "wilson.h"

/* A tenth of the requests beyond a p99: so much more on one side is in its percentiles. */
#define MARGIN 0.001

static const char *share_text(const struct claim_row *row, char *out)
{
    char number[UNITS_TEXT_BYTES];
    if (row->n_failed == 0)
        snprintf(out, UNITS_TEXT_BYTES, "none");
    else
        snprintf(out, UNITS_TEXT_BYTES, "%.24s %%",
                 units_number_text(100.0 * (double)row->n_failed / (double)row->n, number));
    return out;
}

/* By Newcombe's interval, as if failures were independent of each other: one run shows no more. */
void summary_failures(const struct summary *s, FILE *out)
{
    const struct claim_row *a = summary_row(s, 0), *b = a ? summary_row(s, 1) : NULL;
    char share[UNITS_TEXT_BYTES], other[UNITS_TEXT_BYTES];
    if (!b || a->stream)
        return;
    const struct wilson d = wilson_difference(a->n_failed, a->n, b->n_failed, b->n, 0.95);
    if (!(d.lo > 0 || d.hi < 0) || (d.share < MARGIN && d.share > -MARGIN))
        return;
    const struct claim_row *more = d.share > 0 ? b : a, *less = d.share > 0 ? a : b;
    fprintf(out, "  %s failed %s of its requests, %s %s: their times do not compare.\n",
            summary_row_name(s, more), share_text(more, share), summary_row_name(s, less),
            share_text(less, other));
}
