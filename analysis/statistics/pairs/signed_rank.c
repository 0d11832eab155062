#include "signed_rank.h"

#include "err.h"
#include "order.h"

#include <math.h>
#include <stdlib.h>

/* Returns the owned distribution of a sum that includes each of n scores with probability 1/2: element s
 * is P(sum = s). */
static double *distribution_of_sum(const size_t *score, size_t n, size_t *most, struct err *e)
{
    *most = 0;
    for (size_t i = 0; i < n; i++)
        *most += score[i];
    double *p = calloc(*most + 1, sizeof *p);
    if (!p) {
        err_errno(e, ERR_FAILED, "cannot compute the signed rank distribution of %zu pairs", n);
        return NULL;
    }
    p[0] = 1;
    size_t reached = 0;
    for (size_t i = 0; i < n; i++) {
        reached += score[i];
        for (size_t s = reached + 1; s-- > 0;)
            p[s] = p[s] / 2 + (s >= score[i] ? p[s - score[i]] / 2 : 0);
    }
    return p;
}

/* The largest k with 2 P(W <= k - 1) <= 1 - confidence; W is the rank sum of n untied differences. */
static int find_k(size_t *score, size_t n, double confidence, struct signed_rank *out, struct err *e)
{
    size_t most;
    for (size_t i = 0; i < n; i++)
        score[i] = i + 1;
    double *p = distribution_of_sum(score, n, &most, e);
    if (!p)
        return -1;
    const double rounding = 1e-12;
    double below = p[0]; /* P(W <= k - 1) of the candidate k */
    out->k = 0;
    out->coverage = NAN;
    while (out->k < most && 2 * below <= 1 - confidence + rounding) {
        out->coverage = 1 - 2 * below;
        out->k++;
        below += p[out->k];
    }
    free(p);
    return 0;
}

static int find_p(const double *rank, const double *nonzero, size_t *score, size_t n, struct signed_rank *out,
                  struct err *e)
{
    out->w_plus = 0;
    for (size_t i = 0; i < n; i++) {
        score[i] = (size_t)lround(2 * rank[i]); /* doubled: shared ranks may be halves */
        out->w_plus += nonzero[i] > 0 ? rank[i] : 0;
    }
    size_t most;
    double *p = distribution_of_sum(score, n, &most, e);
    if (!p)
        return -1;
    const double mean = (double)most / 2;
    const double observed = fabs(2 * out->w_plus - mean);
    out->p = 0;
    for (size_t s = 0; s <= most; s++)
        if (fabs((double)s - mean) >= observed)
            out->p += p[s];
    out->p = fmin(1, out->p);
    free(p);
    return 0;
}

static int walsh_interval(const double *difference, size_t n, struct signed_rank *out, struct err *e)
{
    const size_t n_averages = n * (n + 1) / 2;
    double *average = malloc(n_averages * sizeof *average);
    if (!average)
        return err_errno(e, ERR_FAILED, "cannot compute the Walsh averages of %zu pairs", n);
    size_t next = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            average[next++] = (difference[i] + difference[j]) / 2;
    order_sort(average, n_averages);
    out->centre = order_median_of_sorted(average, n_averages);
    out->lo = out->k > 0 ? average[out->k - 1] : NAN;
    out->hi = out->k > 0 ? average[n_averages - out->k] : NAN;
    free(average);
    return 0;
}

struct room {
    double *nonzero, *magnitude, *rank;
    size_t *score;
};

static int compute(struct room *room, const double *difference, size_t n, double confidence,
                   struct signed_rank *out, struct err *e)
{
    size_t n_nonzero = 0;
    for (size_t i = 0; i < n; i++) {
        if (difference[i] == 0)
            continue;
        room->nonzero[n_nonzero] = difference[i];
        room->magnitude[n_nonzero++] = fabs(difference[i]);
    }
    if (find_k(room->score, n, confidence, out, e) != 0 || walsh_interval(difference, n, out, e) != 0)
        return -1;
    if (order_mid_ranks(room->magnitude, n_nonzero, room->rank, NULL, e) != 0)
        return -1;
    return find_p(room->rank, room->nonzero, room->score, n_nonzero, out, e);
}

int signed_rank_interval(const double *difference, size_t n, double confidence, struct signed_rank *out,
                         struct err *e)
{
    if (n < 1 || n > SIGNED_RANK_MOST)
        return err_set(e, ERR_FAILED, "the signed rank interval takes 1 to %d pairs, not %zu",
                       SIGNED_RANK_MOST, n);
    double *values = malloc(3 * n * sizeof *values);
    size_t *score = malloc(n * sizeof *score);
    int status = -1;
    if (values && score) {
        struct room room = {
            .nonzero = values, .magnitude = values + n, .rank = values + 2 * n, .score = score
        };
        status = compute(&room, difference, n, confidence, out, e);
    } else {
        err_errno(e, ERR_FAILED, "cannot rank %zu pairs", n);
    }
    free(values);
    free(score);
    return status;
}
