#include "changepoint.h"

#include "err.h"
#include "order.h"

#include <math.h>
#include <stdlib.h>

int changepoint_find(const double *x, size_t n, struct changepoint *out, struct err *e)
{
    if (n < 2)
        return err_set(e, ERR_FAILED, "a change of level needs at least two values, not %zu", n);
    double *rank = malloc(n * sizeof *rank);
    if (!rank)
        return err_errno(e, ERR_FAILED, "cannot rank %zu values", n);
    if (order_mid_ranks(x, n, rank, NULL, e) != 0) {
        free(rank);
        return -1;
    }
    const double size = (double)n;
    double sum = 0;
    *out = (struct changepoint){ .at = 1, .k = -1 };
    for (size_t t = 1; t < n; t++) {
        sum += rank[t - 1];
        const double u = fabs(2 * sum - (double)t * (size + 1));
        if (u > out->k) {
            out->k = u;
            out->at = t;
        }
    }
    free(rank);
    out->p = fmin(1, 2 * exp(-6 * out->k * out->k / (size * size * size + size * size)));
    if (order_median(x, out->at, &out->before, e) != 0)
        return -1;
    return order_median(x + out->at, n - out->at, &out->after, e);
}
