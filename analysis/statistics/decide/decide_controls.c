#include "decide_controls.h"

#include "centre.h"

#include <math.h>

static void find_extremes(const double *log_ratio, size_t k, struct decide_control *out)
{
    out->least = out->most = NAN;
    for (size_t i = 0; i < k; i++) {
        out->least = fmin(out->least, exp(log_ratio[i]));
        out->most = fmax(out->most, exp(log_ratio[i]));
    }
}

static struct decide_interval exp_around(double centre, double half_width)
{
    return (struct decide_interval){ exp(centre), exp(centre - half_width), exp(centre + half_width) };
}

struct decide_control decide_control_of(const double *log_ratio, size_t k, const struct decide_effect *effect)
{
    const struct centre controls = centre_mean(log_ratio, k);
    struct decide_control out = { .n = k,
                                  .ratio = exp_around(controls.value, NAN),
                                  .left = { NAN, NAN, NAN } };
    find_extremes(log_ratio, k, &out);
    if (k < 2)
        return out;
    const struct centre *spread = effect->pairs ? effect->pairs : &controls;
    const double critical_sd = centre_critical(spread, effect->confidence) * fmax(spread->sd, controls.sd);
    const double half_width = critical_sd / sqrt((double)k);
    const double shift = fabs(controls.value);
    out.ratio = exp_around(controls.value, half_width);
    out.is_shifted = shift > 0 && shift >= half_width;
    if (out.is_shifted) {
        const double left = copysign(1, effect->size) * (fabs(effect->size) - shift);
        const double n = effect->pairs ? (double)effect->pairs->n : NAN;
        out.left = exp_around(left, critical_sd * sqrt(1 / n + 1 / (double)k));
    }
    return out;
}

bool decide_control_permits(const struct decide_control *c, const struct decide_effect *effect,
                            double log_margin)
{
    if (c->n_lost > c->n)
        return false;
    if (!c->is_shifted)
        return true;
    const bool is_higher = effect->size > 0;
    const double left = is_higher ? log(c->left.value) : -log(c->left.value);
    const double nearest = is_higher ? log(c->left.lo) : -log(c->left.hi);
    return left > log_margin && (isnan(nearest) || nearest > 0);
}
