#include "level.h"

#include "changepoint.h"
#include "err.h"
#include "lag1.h"
#include "mean.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Two levels were estimated, so the autocorrelation of the residuals is biased by two. */
static double dependence(double *x, size_t n, size_t at, double before, double after)
{
    for (size_t i = 0; i < n; i++)
        x[i] -= i < at ? before : after;
    return (lag1_of(x, n, fmax(fabs(before), 1)) + 2 / (double)n) / (1 - 4 / (double)n);
}

static int judge(double *x, size_t n, struct level *out, struct err *e)
{
    struct changepoint point;
    if (changepoint_find(x, n, &point, e) != 0)
        return -1;
    const double before = mean_of(x, point.at), after = mean_of(x + point.at, n - point.at);
    *out = (struct level){ .at = point.at, .g = point.g, .change = exp(after - before) - 1 };
    out->dependence = dependence(x, n, point.at, before, after);
    const double size = fabs(out->change);
    const bool depends = out->dependence > LEVEL_DEPENDENT_FROM;
    if (out->g > CHANGEPOINT_LIMIT && (size > LEVEL_CHANGE_LARGE || (size > LEVEL_CHANGE_LEAST && !depends)))
        out->answer = LEVEL_CHANGED;
    else
        out->answer = depends ? LEVEL_DEPENDENT : LEVEL_STEADY;
    return 0;
}

int level_judge(const double *median, size_t n, struct level *out, struct err *e)
{
    *out = (struct level){ .answer = LEVEL_UNKNOWN };
    if (n < LEVEL_SECONDS_LEAST)
        return 0;
    double *x = malloc(n * sizeof *x);
    if (!x)
        return err_errno(e, ERR_FAILED, "cannot judge the level of %zu seconds", n);
    size_t n_used = 0;
    for (size_t i = 0; i < n; i++)
        if (median[i] > 0)
            x[n_used++] = log(median[i]);
    const int status = n_used < LEVEL_SECONDS_LEAST ? 0 : judge(x, n_used, out, e);
    free(x);
    return status;
}
