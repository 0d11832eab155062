#include "decide_describe.h"

#include "centre.h"
#include "decide_rule.h"
#include "err.h"
#include "mann_whitney.h"
#include "power.h"
#include "signed_rank.h"

#include <math.h>
#include <stdlib.h>

static struct decide_interval exp_of(double value, double lo, double hi)
{
    return (struct decide_interval){ exp(value), exp(lo), exp(hi) };
}

static struct decide_interval interval_of(const struct centre *c, double confidence)
{
    const double half = centre_half_width(c, confidence);
    return (struct decide_interval){ c->value, c->value - half, c->value + half };
}

static struct decide_interval ratio_of(const struct centre *c, double confidence)
{
    const struct decide_interval logs = interval_of(c, confidence);
    return exp_of(logs.value, logs.lo, logs.hi);
}

static int describe_differences(const struct decide_columns *c, double confidence, struct decide_result *out,
                                struct err *e)
{
    double *difference = malloc(c->n * sizeof *difference);
    if (!difference)
        return err_errno(e, ERR_FAILED, "cannot compare %zu pairs of runs", c->n);
    for (size_t i = 0; i < c->n; i++)
        difference[i] = c->b[i] - c->a[i];
    const struct centre centre = centre_mean(difference, c->n);
    out->difference = interval_of(&centre, confidence);
    free(difference);
    return 0;
}

/* Names the pairs that lie apart, and the result without them. */
static int describe_apart(const struct decide_columns *c, double confidence, struct decide_result *out,
                          struct err *e)
{
    double *others = malloc(c->n * sizeof *others);
    size_t n_others = 0;
    if (!others)
        return err_errno(e, ERR_FAILED, "cannot compare %zu pairs of runs", c->n);
    for (size_t i = 0; i < c->n; i++) {
        if (!c->is_apart[i])
            others[n_others++] = c->log_ratio[i];
        else if (out->n_apart++ < DECIDE_APART_MOST)
            out->apart[out->n_apart - 1] = (struct decide_apart){ c->index[i], exp(c->log_ratio[i]) };
    }
    const struct centre centre = centre_mean(others, n_others);
    if (out->n_apart > 0)
        out->without_apart = ratio_of(&centre, confidence);
    free(others);
    return 0;
}

int decide_describe(const struct decide_columns *c, const struct decide_rule *rule,
                    const struct decide_question *q, struct decide_result *out, struct err *e)
{
    struct signed_rank rank;
    struct mann_whitney unpaired;
    if (signed_rank_interval(c->log_ratio, c->n, q->confidence, &rank, e) != 0 ||
        mann_whitney_test(c->a, c->n, c->b, c->n, &unpaired, e) != 0 ||
        order_effect_find(c->log_ratio, c->b_first, c->n, &out->order, e) != 0 ||
        describe_differences(c, q->confidence, out, e) != 0 || describe_apart(c, q->confidence, out, e) != 0)
        return -1;
    out->ratio = ratio_of(&rule->centre, q->confidence);
    out->ratio_rank = exp_of(rank.centre, rank.lo, rank.hi);
    out->sd_log = rule->mean.sd;
    out->lag1 = centre_lag1(c->log_ratio, c->n);
    out->a12 = unpaired.a12;
    out->p_rank = c->n < 2 ? NAN : rank.p;
    out->detectable_ratio = exp(power_detectable_effect(c->n, rule->centre.sd, 1 - q->confidence, q->power));
    return 0;
}
