#include "decide_limit_rule.h"

#include "centre.h"
#include "decide_pair.h"
#include "err.h"

#include <math.h>
#include <stdlib.h>

/* Failed requests of an arm over its runs. */
struct pooled {
    double failed, n;
};

static void add(struct pooled *arm, const struct decide_run *run)
{
    arm->n += (double)run->attempts_n;
    arm->failed += run->failed * (double)run->attempts_n;
}

static double variance_of(const struct pooled *arm)
{
    const double n = arm->n + 2, share = (arm->failed + 1) / n;
    return share * (1 - share) / n;
}

int decide_limit_failed(const struct decide_limit_question *q, struct decide_limit *out, struct err *e)
{
    struct pooled a = { 0 }, b = { 0 };
    double *differences = calloc(q->pairs.n_pairs + 1, sizeof *differences);
    *out = decide_limit_unknown;
    if (!differences)
        return err_errno(e, ERR_FAILED, "cannot compare the failures of %zu pairs of runs", q->pairs.n_pairs);
    for (size_t i = 0; i < q->pairs.n_pairs; i++) {
        const struct decide_pair *pair = &q->pairs.pairs[i];
        if (!isfinite(pair->a.failed) || !isfinite(pair->b.failed))
            continue;
        differences[out->n_pairs++] = pair->b.failed - pair->a.failed;
        add(&a, &pair->a);
        add(&b, &pair->b);
    }
    struct centre c = centre_mean(differences, out->n_pairs);
    free(differences);
    c.se = fmax(c.se, sqrt(variance_of(&a) + variance_of(&b)));
    c.sd = c.se * sqrt((double)out->n_pairs);
    decide_limit_by_centre(q, &c, out);
    out->change.lo = fmax(out->change.lo, -1);
    out->change.hi = fmin(out->change.hi, 1);
    decide_limit_withhold(out);
    return 0;
}
