#include "report_direction.h"

#include "arms.h"
#include "claims.h"
#include "dataset.h"
#include "wilson.h"
#include "within.h"

#include <math.h>

#define MARGIN     0.05
#define CONFIDENCE 0.95

int report_direction_of_failures(const struct dataset *data, uint32_t p_ppm)
{
    const double least = (1 - p_ppm / 1e6) / 10;
    const struct attempts *a = dataset_attempts(data, 0), *b = dataset_attempts(data, 1);
    const struct wilson more =
        wilson_difference(a->n_failed, attempts_n(a), b->n_failed, attempts_n(b), CONFIDENCE);
    if (more.lo > 0 && more.share > least)
        return 1;
    return more.hi < 0 && -more.share > least ? -1 : 0;
}

static const struct claim *claim_of(const struct dataset *data, size_t arm, uint32_t p_ppm)
{
    return claims_at(data->claims, data->arms[arm].cluster, p_ppm);
}

/* Twice the share that is seen is reckoned with: the ratio without it must point the same way. */
static bool may_be_generator(const struct claim *a, const struct claim *b, int direction)
{
    const double a_ns = (double)a->time.value_ns - 2.0 * (double)a->generator_ns,
                 b_ns = (double)b->time.value_ns - 2.0 * (double)b->generator_ns;
    return a_ns <= 0 || b_ns <= 0 || (direction > 0 ? b_ns <= a_ns : b_ns >= a_ns);
}

/* loadgen lengthens times only: an arm with one is still the faster where the other failed. */
static bool is_doubtful(const struct claim *claim, enum attempt_state own, enum attempt_state other)
{
    return claim->level == CLAIM_INVALID && !(own == ATTEMPT_EXACT && other == ATTEMPT_FAILED);
}

/* One of them has a time and the other lies among failures: that one is the slower, unless their failures are
 * so alike that chance decides on which side of the percentile they lie. */
static enum report_direction_kind kind_of_one_time(const struct report_direction *d, int failures)
{
    const bool is_a = d->a.state == ATTEMPT_EXACT && d->b.state == ATTEMPT_FAILED,
               is_b = d->a.state == ATTEMPT_FAILED && d->b.state == ATTEMPT_EXACT;
    if (!is_a && !is_b)
        return REPORT_NO_TIME;
    const int direction = *d->ratio.why ? failures : run_interval_direction(&d->ratio, MARGIN);
    if (direction == (is_a ? 1 : -1))
        return is_a ? REPORT_SLOWER : REPORT_FASTER;
    return *d->ratio.why ? REPORT_NO_INTERVAL : REPORT_NOT_APART;
}

static enum report_direction_kind kind_of(const struct dataset *data, uint32_t p_ppm,
                                          const struct report_direction *d)
{
    const struct claim *a = claim_of(data, 0, p_ppm), *b = claim_of(data, 1, p_ppm);
    const int failures = report_direction_of_failures(data, p_ppm);
    if (!a || !b || is_doubtful(a, d->a.state, d->b.state) || is_doubtful(b, d->b.state, d->a.state))
        return REPORT_BY_GENERATOR;
    if (d->a.state != ATTEMPT_EXACT || d->b.state != ATTEMPT_EXACT)
        return kind_of_one_time(d, failures);
    if (*d->ratio.why)
        return REPORT_NO_INTERVAL;
    const int direction = run_interval_direction(&d->ratio, MARGIN);
    if (direction == 0)
        return REPORT_NOT_APART;
    if (direction == -failures)
        return REPORT_FAILURES;
    if (may_be_generator(a, b, direction))
        return REPORT_BY_GENERATOR;
    return direction > 0 ? REPORT_SLOWER : REPORT_FASTER;
}

struct report_direction report_direction_at(const struct dataset *data, uint32_t p_ppm)
{
    struct report_direction d = { .p_ppm = p_ppm,
                                  .a = attempts_time(dataset_attempts(data, 0), p_ppm),
                                  .b = attempts_time(dataset_attempts(data, 1), p_ppm),
                                  .ratio = within_ratio(data, p_ppm) };
    d.kind = kind_of(data, p_ppm, &d);
    return d;
}
