#include "mann_whitney.h"

#include "err.h"
#include "order.h"
#include "prob.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void describe(struct mann_whitney *out, double n_a, double n_b)
{
    const double n = n_a + n_b;
    out->a12 = out->u / (n_a * n_b);
    out->sigma = sqrt(n_a * n_b / 12 * ((n + 1) - out->ties / (n * (n - 1))));
    const double distance = fabs(out->u - n_a * n_b / 2);
    /* sigma is 0 when all values are equal: no sign of a difference */
    out->z = out->sigma > 0 ? fmax(0, distance - 0.5) / out->sigma : 0;
    out->p = fmin(1, 2 * prob_normal_upper(out->z));
}

/* The share of all ways to give n_a of the n pooled ranks to A whose rank sum is as far from its mean as
 * observed. Ranks are doubled to be integers: ways[k * (most + 1) + s] counts the choices of k ranks with
 * doubled sum s. */
static int exact_p(const double *rank, size_t n_a, size_t n, double *p, struct err *e)
{
    const size_t most = n * (n + 1);
    double *ways = calloc((n_a + 1) * (most + 1), sizeof *ways);
    if (!ways)
        return err_errno(e, ERR_FAILED, "cannot count the ways to split %zu values", n);
    ways[0] = 1;
    size_t observed = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t score = (size_t)lround(2 * rank[i]);
        if (i < n_a)
            observed += score;
        for (size_t k = i + 1 < n_a ? i + 1 : n_a; k > 0; k--)
            for (size_t s = most; s >= score; s--)
                ways[k * (most + 1) + s] += ways[(k - 1) * (most + 1) + s - score];
    }
    const double *sums = &ways[n_a * (most + 1)];
    const double mean = (double)(n_a * (n + 1)); /* of the doubled sum */
    double total = 0;
    double extreme = 0;
    for (size_t s = 0; s <= most; s++) {
        total += sums[s];
        if (fabs((double)s - mean) >= fabs((double)observed - mean))
            extreme += sums[s];
    }
    *p = extreme / total;
    free(ways);
    return 0;
}

/* `pooled` and `rank` have room for n_a + n_b values. */
static int test_with(double *pooled, double *rank, const double *a, size_t n_a, const double *b, size_t n_b,
                     struct mann_whitney *out, struct err *e)
{
    const size_t n = n_a + n_b;
    memcpy(pooled, a, n_a * sizeof *a);
    memcpy(pooled + n_a, b, n_b * sizeof *b);
    if (order_mid_ranks(pooled, n, rank, &out->ties, e) != 0)
        return -1;
    double rank_sum_b = 0;
    for (size_t i = n_a; i < n; i++)
        rank_sum_b += rank[i];
    out->u = rank_sum_b - (double)n_b * ((double)n_b + 1) / 2;
    describe(out, (double)n_a, (double)n_b);
    out->p_exact = NAN;
    return n <= MANN_WHITNEY_EXACT_MOST ? exact_p(rank, n_a, n, &out->p_exact, e) : 0;
}

int mann_whitney_test(const double *a, size_t n_a, const double *b, size_t n_b, struct mann_whitney *out,
                      struct err *e)
{
    double *room = malloc(2 * (n_a + n_b) * sizeof *room);
    if (!room)
        return err_errno(e, ERR_FAILED, "cannot compare %zu with %zu values", n_a, n_b);
    const int status = test_with(room, room + n_a + n_b, a, n_a, b, n_b, out, e);
    free(room);
    return status;
}
