#include "decide_rule.h"

#include "err.h"
#include "outlier.h"

#include <math.h>
#include <stdlib.h>

/* Ratios at the margin must not pass it by rounding. */
static const double ROUNDING = 1e-12;

static struct decide_interval exp_of(double value, double lo, double hi)
{
    return (struct decide_interval){ exp(value), exp(lo), exp(hi) };
}

/* Step 3; equivalence must hold for the mean, and for the trimmed mean if that is the centre. */
static int find_centre(const struct decide_question *q, const struct decide_columns *pairs, size_t n_apart,
                       struct decide_rule *out, struct err *e)
{
    const double narrower = 2 * q->confidence - 1, log_margin = log1p(q->margin);
    out->mean = out->centre = centre_mean(pairs->log_ratio, pairs->n);
    const double half = centre_half_width(&out->mean, narrower);
    double lo = out->mean.value - half, hi = out->mean.value + half;
    out->method = DECIDE_MEAN;
    out->p_equivalence = centre_p_beyond(&out->mean, log_margin);
    if (n_apart > 0 && pairs->n >= DECIDE_PAIRS_TRIMMED) {
        if (centre_trimmed(pairs->log_ratio, pairs->n, &out->centre, e) != 0)
            return -1;
        const double half_trimmed = centre_half_width(&out->centre, narrower);
        out->method = DECIDE_TRIMMED;
        lo = fmin(lo, out->centre.value - half_trimmed);
        hi = fmax(hi, out->centre.value + half_trimmed);
        out->p_equivalence = fmax(out->p_equivalence, centre_p_beyond(&out->centre, log_margin));
    }
    out->p = centre_p(&out->centre);
    out->equivalence = exp_of(out->centre.value, lo, hi);
    return 0;
}

/* Step 7 by the interval of the centre. */
static void conclude_centre(const struct decide_question *q, struct decide_rule *out)
{
    const double log_margin = log1p(q->margin), within = log_margin - ROUNDING;
    const double size = fabs(out->centre.value);
    const bool excludes_one = size > centre_half_width(&out->centre, q->confidence);
    if (log(out->equivalence.lo) > -within && log(out->equivalence.hi) < within)
        out->outcome = DECIDE_EQUIVALENT;
    else if (size <= log_margin + ROUNDING)
        out->reason = DECIDE_MARGIN;
    else if (!excludes_one)
        out->reason = DECIDE_INTERVAL;
    else
        out->outcome = out->centre.value > 0 ? DECIDE_HIGHER : DECIDE_LOWER;
}

/* The same by signs: the test must be significant and the median pair beyond the margin. */
static void conclude_signs(const struct decide_question *q, struct decide_rule *out)
{
    if (!(out->signs.p < 1 - q->confidence))
        out->reason = DECIDE_SIGNS;
    else if (!(fabs(out->signs.median) > log1p(q->margin) + ROUNDING))
        out->reason = DECIDE_MARGIN;
    else
        out->outcome = out->signs.median > 0 ? DECIDE_HIGHER : DECIDE_LOWER;
}

static void apply_controls(const struct decide_question *q, const struct decide_effect *effect,
                           struct decide_rule *out)
{
    const bool stands = out->outcome == DECIDE_EQUIVALENT
                            ? !out->control.is_shifted && out->control.n_lost <= out->control.n
                            : decide_control_permits(&out->control, effect, log1p(q->margin) + ROUNDING);
    if (out->outcome == DECIDE_UNDECIDED || stands)
        return;
    out->outcome = DECIDE_UNDECIDED;
    out->reason = DECIDE_CONTROLS;
}

static int find_control(const struct decide_columns *controls, const struct decide_effect *effect,
                        struct decide_control *out, struct err *e)
{
    double *exact = malloc((controls->n + 1) * sizeof *exact);
    if (!exact)
        return err_errno(e, ERR_FAILED, "cannot compare %zu control pairs", controls->n);
    size_t k = 0;
    for (size_t i = 0; i < controls->n; i++)
        if (controls->a[i] > 0 && controls->b[i] > 0) /* NAN: not exact; else the generator took it all */
            exact[k++] = controls->log_ratio[i];
    *out = decide_control_of(exact, k, effect);
    out->n_lost = controls->n - k;
    free(exact);
    return 0;
}

static int find_answer(const struct decide_question *q, struct decide_columns *pairs, struct decide_rule *out,
                       struct err *e)
{
    size_t n_apart;
    if (!pairs->is_finite) {
        out->method = DECIDE_SIGN_TEST;
        if (decide_signs_of(pairs->log_ratio, pairs->bound, pairs->n, q->confidence, &out->signs, e) != 0)
            return -1;
        out->p = out->signs.p;
        conclude_signs(q, out);
        return 0;
    }
    if (outlier_find(pairs->log_ratio, pairs->n, pairs->is_apart, &n_apart, e) != 0 ||
        find_centre(q, pairs, n_apart, out, e) != 0)
        return -1;
    conclude_centre(q, out);
    return 0;
}

int decide_rule_apply(const struct decide_question *q, struct decide_columns *pairs,
                      const struct decide_columns *controls, struct decide_rule *out, struct err *e)
{
    *out = (struct decide_rule){
        .p = NAN, .p_equivalence = NAN, .equivalence = { NAN, NAN, NAN }, .outcome = DECIDE_UNDECIDED
    };
    if (pairs->n > 0 && find_answer(q, pairs, out, e) != 0)
        return -1;
    const bool has_centre = pairs->n >= 2 && pairs->is_finite;
    const struct decide_effect effect = { .pairs = has_centre ? &out->centre : NULL,
                                          .size = has_centre ? out->centre.value : out->signs.median,
                                          .confidence = q->confidence };
    if (find_control(controls, &effect, &out->control, e) != 0)
        return -1;
    apply_controls(q, &effect, out);
    return 0;
}
