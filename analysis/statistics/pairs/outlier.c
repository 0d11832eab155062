#include "outlier.h"

#include "order.h"

#include <math.h>
#include <stdlib.h>

static const double FAR_MADS = 10;

int outlier_find(const double *x, size_t n, bool *is_outlier, size_t *n_outliers, struct err *e)
{
    double *sorted = order_sorted_copy(x, n, e);
    if (!sorted)
        return -1;
    const double median = order_median_of_sorted(sorted, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = fabs(x[i] - median);
    order_sort(sorted, n);
    const double mad = order_median_of_sorted(sorted, n);
    free(sorted);
    *n_outliers = 0;
    for (size_t i = 0; i < n; i++) {
        is_outlier[i] = mad > 0 && fabs(x[i] - median) > FAR_MADS * mad;
        *n_outliers += is_outlier[i];
    }
    return 0;
}
