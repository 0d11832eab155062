#include "changepoint.h"

#include "err.h"
#include "mean.h"

#include <math.h>
#include <stdlib.h>

/* Sums over the first t values, so that the spread of their partial sums S_1..S_t about the line from 0 to
 * S_t is known at once: the sum of (S_i - i S_t / t)^2. */
struct partial {
    double t, s;                       /* t and S_t */
    double squares, products, indices; /* sums of S_i^2, i S_i, i^2 */
};

static double add(struct partial *p, double value)
{
    p->t += 1;
    p->s += value;
    p->squares += p->s * p->s;
    p->products += p->t * p->s;
    p->indices += p->t * p->t;
    const double slope = p->s / p->t;
    return fmax(0, p->squares - 2 * slope * p->products + slope * slope * p->indices);
}

/* `before[t]` is the spread of the first t values. */
static struct changepoint find(const double *x, size_t n, double *before)
{
    const double mean = mean_of(x, n);
    struct partial p = { 0 };
    for (size_t t = 1; t < n; t++)
        before[t] = add(&p, x[t - 1] - mean);
    struct changepoint found = { .at = 1, .g = -1 };
    p = (struct partial){ 0 };
    for (size_t k = n - 1; k > 0; k--) {
        const double spread = before[k] + add(&p, x[k] - mean);
        const double difference = p.s * p.s; /* sums on either side are opposite */
        const double g = difference > 0 ? (double)n * difference / spread : 0;
        if (g >= found.g)
            found = (struct changepoint){ .at = k, .g = g };
    }
    return found;
}

int changepoint_find(const double *x, size_t n, struct changepoint *out, struct err *e)
{
    if (n < 2)
        return err_set(e, ERR_FAILED, "a change of level needs at least two values, not %zu", n);
    double *before = malloc(n * sizeof *before);
    if (!before)
        return err_errno(e, ERR_FAILED, "cannot look for a change of level in %zu values", n);
    *out = find(x, n, before);
    free(before);
    return 0;
}
