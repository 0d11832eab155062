#include "within_pair.h"

#include "claims.h"
#include "wilson.h"

#include <stdio.h>

#define MARGIN     0.05
#define CONFIDENCE 0.95

int within_failures(const struct within_side *a, const struct within_side *b, uint32_t p_ppm)
{
    const double least = (1 - p_ppm / 1e6) / 10;
    const struct wilson more = wilson_difference(a->attempts.n_failed, attempts_n(&a->attempts),
                                                 b->attempts.n_failed, attempts_n(&b->attempts), CONFIDENCE);
    if (more.lo > 0 && more.share > least)
        return 1;
    return more.hi < 0 && -more.share > least ? -1 : 0;
}

static struct run_interval interval_of(const struct within_side *side, uint32_t p_ppm)
{
    struct run_interval interval =
        run_interval_of_percentile(&side->attempts, side->seconds, side->n_seconds, p_ppm);
    if (side->no_seconds)
        snprintf(interval.why, sizeof interval.why, "%s", side->no_seconds);
    return interval;
}

/* Twice the share that is seen is reckoned with: the ratio without it must point the same way. */
static bool may_be_generator(const struct claim *a, const struct claim *b, int direction)
{
    const double a_ns = (double)a->time.value_ns - 2.0 * (double)a->generator_ns,
                 b_ns = (double)b->time.value_ns - 2.0 * (double)b->generator_ns;
    return a_ns <= 0 || b_ns <= 0 || (direction > 0 ? b_ns <= a_ns : b_ns >= a_ns);
}

/* loadgen lengthens times only: a side with one is still the faster where the other failed. */
static bool is_doubtful(const struct claim *claim, enum attempt_state own, enum attempt_state other)
{
    return claim->level == CLAIM_INVALID && !(own == ATTEMPT_EXACT && other == ATTEMPT_FAILED);
}

/* One of them has a time and the other lies among failures that are as many on both sides, so that chance
 * may have decided on which side of the percentile they lie. */
static enum within_direction_kind kind_of_one_time(const struct within_direction *d)
{
    const bool is_a = d->a.state == ATTEMPT_EXACT && d->b.state == ATTEMPT_FAILED,
               is_b = d->a.state == ATTEMPT_FAILED && d->b.state == ATTEMPT_EXACT;
    if (!is_a && !is_b)
        return WITHIN_NO_TIME;
    if (*d->ratio.why)
        return WITHIN_NO_INTERVAL;
    if (run_interval_direction(&d->ratio, MARGIN) != (is_a ? 1 : -1))
        return WITHIN_NOT_APART;
    return is_a ? WITHIN_SLOWER : WITHIN_FASTER;
}

static enum within_direction_kind kind_of(const struct within_side *a, const struct within_side *b,
                                          const struct within_direction *d)
{
    const struct claim *of_a = claims_at(a->claims, a->cluster, d->p_ppm),
                       *of_b = claims_at(b->claims, b->cluster, d->p_ppm);
    if (!of_a || !of_b || is_doubtful(of_a, d->a.state, d->b.state) ||
        is_doubtful(of_b, d->b.state, d->a.state))
        return WITHIN_BY_GENERATOR;
    if (d->a.state != ATTEMPT_EXACT || d->b.state != ATTEMPT_EXACT)
        return kind_of_one_time(d);
    if (*d->ratio.why)
        return WITHIN_NO_INTERVAL;
    const int direction = run_interval_direction(&d->ratio, MARGIN);
    if (direction == 0)
        return WITHIN_NOT_APART;
    if (may_be_generator(of_a, of_b, direction))
        return WITHIN_BY_GENERATOR;
    return direction > 0 ? WITHIN_SLOWER : WITHIN_FASTER;
}

struct within_direction within_direction_at(const struct within_side *a, const struct within_side *b,
                                            uint32_t p_ppm)
{
    const struct run_interval of_a = interval_of(a, p_ppm), of_b = interval_of(b, p_ppm);
    struct within_direction d = { .p_ppm = p_ppm,
                                  .a = attempts_time(&a->attempts, p_ppm),
                                  .b = attempts_time(&b->attempts, p_ppm),
                                  .ratio = run_interval_ratio(&of_b, &of_a) };
    d.kind = kind_of(a, b, &d);
    return d;
}
