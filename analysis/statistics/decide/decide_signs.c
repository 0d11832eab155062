#include "decide_signs.h"

#include "err.h"
#include "order.h"
#include "prob.h"

#include <math.h>
#include <stdlib.h>

/* The lower median of values times `sign`, times `sign` again; a NAN is the least. */
static double median_towards_0(const double *x, size_t n, double sign, double *room)
{
    for (size_t i = 0; i < n; i++)
        room[i] = isnan(x[i]) ? -INFINITY : sign * x[i];
    order_sort(room, n);
    return sign * room[(n - 1) / 2];
}

/* The test rejects every median ratio below this one: so many pairs may point the other way. */
static double nearest_of(const double *sorted, size_t n, double sign, double confidence)
{
    size_t n_contrary = 0;
    while (2 * prob_binomial_cdf((int64_t)n_contrary, n, 0.5) < 1 - confidence)
        n_contrary++;
    return n_contrary > 0 && sorted[n_contrary - 1] > -INFINITY ? exp(sign * sorted[n_contrary - 1]) : NAN;
}

int decide_signs_of(const double *log_ratio, const double *bound, size_t n, double confidence,
                    struct decide_signs *out, struct err *e)
{
    *out = (struct decide_signs){ .n = n, .p = NAN, .median = NAN, .beyond = NAN, .nearest = NAN };
    if (n == 0)
        return 0;
    double *room = malloc(n * sizeof *room);
    if (!room)
        return err_errno(e, ERR_FAILED, "cannot compare %zu pairs of runs", n);
    for (size_t i = 0; i < n; i++) {
        out->n_higher += log_ratio[i] > 0;
        out->n_lower += log_ratio[i] < 0;
    }
    const size_t most = out->n_higher > out->n_lower ? out->n_higher : out->n_lower;
    const double sign = out->n_higher >= out->n_lower ? 1 : -1;
    out->p = fmin(1, 2 * prob_binomial_cdf((int64_t)(n - most), n, 0.5));
    out->median = median_towards_0(log_ratio, n, sign, room);
    out->nearest = nearest_of(room, n, sign, confidence);
    const double beyond = median_towards_0(bound, n, sign, room);
    out->beyond = sign * beyond > 0 ? exp(beyond) : NAN;
    free(room);
    return 0;
}
