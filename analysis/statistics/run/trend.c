#include "trend.h"

#include "err.h"
#include "order.h"
#include "prob.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* P(|S| >= |s|) when all n! orders are equally likely. After i values the next one adds 0 to i inversions;
 * S is n (n - 1) / 2 minus twice the inversions. */
static double exact_p(size_t n, double s)
{
    enum { PAIRS_MOST = TREND_EXACT_MOST * (TREND_EXACT_MOST - 1) / 2 };
    double p[PAIRS_MOST + 1] = { 1 };
    size_t reached = 0;
    for (size_t i = 1; i < n; i++) {
        double next[PAIRS_MOST + 1] = { 0 };
        for (size_t inversions = 0; inversions <= reached; inversions++)
            for (size_t added = 0; added <= i; added++)
                next[inversions + added] += p[inversions] / (double)(i + 1);
        reached += i;
        for (size_t k = 0; k <= reached; k++)
            p[k] = next[k];
    }
    double extreme = 0;
    for (size_t k = 0; k <= reached; k++)
        if (fabs((double)reached - 2 * (double)k) >= fabs(s))
            extreme += p[k];
    return fmin(1, extreme);
}

static double normal_p(size_t n, double s, double ties, double n_tied_pairs)
{
    const double size = (double)n;
    /* Sum of t (t - 1) (2 t + 5) over the groups of t equal values, from known sums. */
    const double tied = 2 * ties + 6 * n_tied_pairs;
    const double variance = (size * (size - 1) * (2 * size + 5) - tied) / 18;
    if (!(variance > 0))
        return 1;
    return fmin(1, 2 * prob_normal_upper(fmax(0, fabs(s) - 1) / sqrt(variance)));
}

/* `slope` has room for all pairs, `rank` for all points. */
static int fit(const double *x, const double *y, size_t n, double *slope, double *rank, struct trend *out,
               struct err *e)
{
    double ties;
    if (order_mid_ranks(y, n, rank, &ties, e) != 0)
        return -1;
    size_t n_pairs = 0;
    double n_tied_pairs = 0;
    *out = (struct trend){ .n = n };
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            assert(x[j] > x[i]);
            out->s += (y[j] > y[i]) - (y[j] < y[i]);
            n_tied_pairs += y[j] == y[i];
            slope[n_pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
        }
    }
    order_sort(slope, n_pairs);
    out->slope = order_median_of_sorted(slope, n_pairs);
    for (size_t i = 0; i < n; i++)
        rank[i] = y[i] - out->slope * x[i];
    order_sort(rank, n);
    out->intercept = order_median_of_sorted(rank, n);
    const int is_exact = n <= TREND_EXACT_MOST && n_tied_pairs == 0;
    out->p = is_exact ? exact_p(n, out->s) : normal_p(n, out->s, ties, n_tied_pairs);
    return 0;
}

int trend_of_points(const double *x, const double *y, size_t n, struct trend *out, struct err *e)
{
    if (n < 2 || n > TREND_POINTS_MOST)
        return err_set(e, ERR_FAILED, "a trend takes 2 to %d points, not %zu", TREND_POINTS_MOST, n);
    double *room = malloc((n * (n - 1) / 2 + n) * sizeof *room);
    if (!room)
        return err_errno(e, ERR_FAILED, "cannot fit a trend to %zu points", n);
    const int status = fit(x, y, n, room + n, room, out, e);
    free(room);
    return status;
}

int trend_of_series(const double *y, size_t n, struct trend *out, struct err *e)
{
    const size_t group = (n + TREND_POINTS_MOST - 1) / TREND_POINTS_MOST;
    const size_t n_points = group > 0 ? n / group : 0;
    double *x = calloc(2 * n_points + 1, sizeof *x);
    if (!x)
        return err_errno(e, ERR_FAILED, "cannot fit a trend to %zu values", n);
    double *mean = x + n_points;
    for (size_t i = 0; i < n_points; i++) {
        x[i] = (double)(i * group) + (double)(group - 1) / 2;
        for (size_t j = 0; j < group; j++)
            mean[i] += y[i * group + j] / (double)group;
    }
    const int status = trend_of_points(x, mean, n_points, out, e);
    free(x);
    return status;
}
