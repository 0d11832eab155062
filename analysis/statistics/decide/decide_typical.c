#include "decide_typical.h"

#include "err.h"

#include <math.h>
#include <stdlib.h>

static struct decide_time geometric_mean(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += log(x[i]);
    return (struct decide_time){ .state = ATTEMPT_EXACT, .value = exp(sum / (double)n) };
}

static double rank_value(const struct decide_time *t)
{
    return t->state == ATTEMPT_FAILED ? INFINITY : t->state == ATTEMPT_EXACT ? t->value : t->at_least;
}

static int compare_times(const void *a, const void *b)
{
    const double x = rank_value(a), y = rank_value(b);
    return x < y ? -1 : x > y;
}

static struct decide_time upper_median(struct decide_time *times, size_t n)
{
    qsort(times, n, sizeof *times, compare_times);
    struct decide_time median = times[n / 2];
    for (size_t i = 0; i < n; i++)
        if (median.state == ATTEMPT_FAILED && times[i].state == ATTEMPT_FAILED)
            median.at_least = fmin(median.at_least, times[i].at_least);
    return median;
}

/* The pairs in which both runs failed do not count for the decision, but they do for what is typical. */
static bool has_times(const struct decide_pair *pair)
{
    const struct decide_time *const times[] = { &pair->a.time, &pair->b.time };
    for (int i = 0; i < 2; i++)
        if (times[i]->state == ATTEMPT_NONE ||
            (times[i]->state == ATTEMPT_EXACT && !(isfinite(times[i]->value) && times[i]->value > 0)))
            return false;
    return true;
}

static int medians(const struct decide_pair *pairs, size_t n, struct decide_time out[2], struct err *e)
{
    struct decide_time *times = malloc((2 * n + 1) * sizeof *times);
    size_t known = 0;
    if (!times)
        return err_errno(e, ERR_FAILED, "cannot compare %zu pairs of runs", n);
    for (size_t i = 0; i < n; i++) {
        if (!has_times(&pairs[i]))
            continue;
        times[known] = pairs[i].a.time;
        times[n + known++] = pairs[i].b.time;
    }
    for (int i = 0; i < 2; i++)
        out[i] = known > 0 ? upper_median(times + (size_t)i * n, known)
                           : (struct decide_time){ .state = ATTEMPT_NONE };
    free(times);
    return 0;
}

int decide_typical(const struct decide_pair *pairs, size_t n, const struct decide_columns *c,
                   struct decide_time out[2], struct err *e)
{
    if (c->n == 0 || c->n_tied > 0 || !c->is_finite)
        return medians(pairs, n, out, e);
    out[0] = geometric_mean(c->a, c->n);
    out[1] = geometric_mean(c->b, c->n);
    return 0;
}
