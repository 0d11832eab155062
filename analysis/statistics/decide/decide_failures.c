#include "decide_failures.h"

#include "centre.h"
#include "decide.h"
#include "err.h"
#include "mean.h"

#include <math.h>
#include <stdlib.h>

/* A difference at the limit must not pass it by rounding. */
static const double ROUNDING = 1e-12;

static void summarise(double *a, double *b, size_t n, double confidence, struct decide_failures *out)
{
    out->n = n;
    out->a = mean_of(a, n);
    out->b = mean_of(b, n);
    for (size_t i = 0; i < n; i++)
        b[i] -= a[i];
    const struct centre centre = centre_mean(b, n);
    const double half_width = n < DECIDE_PAIRS_LEAST ? NAN : centre_half_width(&centre, confidence);
    out->difference =
        (struct decide_interval){ centre.value, centre.value - half_width, centre.value + half_width };
    out->is_certain = out->difference.lo > 0 || out->difference.hi < 0;
}

int decide_failures_of(const struct decide_pair *pairs, size_t n, double confidence,
                       struct decide_failures *out, struct err *e)
{
    double *shares = malloc((2 * n + 1) * sizeof *shares);
    if (!shares)
        return err_errno(e, ERR_FAILED, "cannot compare the failures of %zu pairs of runs", n);
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        shares[known] = pairs[i].a.failed;
        shares[n + known] = pairs[i].b.failed;
        known += isfinite(pairs[i].a.failed) && isfinite(pairs[i].b.failed);
    }
    *out = (struct decide_failures){ 0 };
    summarise(shares, shares + n, known, confidence, out);
    free(shares);
    return 0;
}

bool decide_failures_matter(const struct decide_failures *f, uint32_t p_ppm)
{
    return p_ppm > 0 && fabs(f->b - f->a) >= (1e6 - p_ppm) / 1e7 - ROUNDING;
}
