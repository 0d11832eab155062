#include "order.h"

#include "err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ranked {
    double value;
    size_t index;
};

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

static int by_ranked_value(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

void order_sort(double *x, size_t n)
{
    if (n > 1)
        qsort(x, n, sizeof *x, by_value);
}

double *order_sorted_copy(const double *x, size_t n, struct err *e)
{
    double *copy = malloc((n > 0 ? n : 1) * sizeof *copy);
    if (!copy) {
        err_errno(e, ERR_FAILED, "cannot sort %zu values", n);
        return NULL;
    }
    if (n > 0)
        memcpy(copy, x, n * sizeof *copy);
    order_sort(copy, n);
    return copy;
}

double order_median_of_sorted(const double *sorted, size_t n)
{
    if (n == 0)
        return NAN;
    return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

int order_mid_ranks(const double *x, size_t n, double *rank, double *ties, struct err *e)
{
    struct ranked *order = malloc((n > 0 ? n : 1) * sizeof *order);
    if (!order)
        return err_errno(e, ERR_FAILED, "cannot rank %zu values", n);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct ranked){ .value = x[i], .index = i };
    qsort(order, n, sizeof *order, by_ranked_value);

    double tie_sum = 0;
    for (size_t first = 0, next; first < n; first = next) {
        for (next = first + 1; next < n && !(order[next].value > order[first].value);)
            next++;
        const double t = (double)(next - first);
        tie_sum += t * t * t - t;
        for (size_t i = first; i < next; i++)
            rank[order[i].index] = (double)(first + next + 1) / 2;
    }
    free(order);
    if (ties)
        *ties = tie_sum;
    return 0;
}
