#include "threshold_judge.h"

#include <math.h>

static double seconds(uint64_t ns)
{
    return (double)ns / 1e9;
}

/* The time is `at_least_s` or any longer one. */
static enum threshold_held judge_bound(const struct threshold *t, double at_least_s)
{
    const bool can_hold = t->at_most ? threshold_holds(t, at_least_s) : true;
    const bool can_miss = t->at_most ? true : !threshold_holds(t, at_least_s);
    return can_hold && can_miss ? THRESHOLD_UNDECIDED : can_hold ? THRESHOLD_HELD : THRESHOLD_MISSED;
}

static void judge_value(const struct threshold *t, double value, struct threshold_result *result)
{
    result->state = ATTEMPT_EXACT;
    result->value = value;
    result->held = threshold_holds(t, value) ? THRESHOLD_HELD : THRESHOLD_MISSED;
}

static void judge_time(const struct threshold *t, struct attempt_time time, struct threshold_result *result)
{
    result->state = time.state;
    switch (time.state) {
    case ATTEMPT_EXACT:
        judge_value(t, seconds(time.value_ns), result);
        break;
    case ATTEMPT_AT_LEAST:
        result->at_least = seconds(time.at_least_ns);
        result->held = judge_bound(t, result->at_least);
        break;
    case ATTEMPT_FAILED:
        result->at_least = time.at_least_ns > 0 ? seconds(time.at_least_ns) : NAN;
        result->held = t->at_most ? THRESHOLD_MISSED : THRESHOLD_HELD;
        break;
    case ATTEMPT_NONE:
        break;
    }
}

/* A sum per answer or per second. */
static void judge_ratio(const struct threshold *t, double sum, double of, struct threshold_result *result)
{
    if (of > 0)
        judge_value(t, sum / of, result);
}

/* Attempts that were cut off might have failed as well. */
static void judge_errors(const struct threshold *t, const struct attempts *a, struct threshold_result *result)
{
    const double n = (double)attempts_n(a);
    if (!(n > 0))
        return;
    const double least = (double)a->n_failed / n, most = (double)(a->n_failed + a->n_censored) / n;
    judge_value(t, least, result);
    if (threshold_holds(t, least) == threshold_holds(t, most))
        return;
    result->state = ATTEMPT_AT_LEAST;
    result->at_least = least;
    result->value = NAN;
    result->held = THRESHOLD_UNDECIDED;
}

struct threshold_result threshold_not_judged(const struct threshold *t)
{
    return (struct threshold_result){ .text = t->text,
                                      .scope = *t->scope ? t->scope : "all",
                                      .unit = threshold_unit(t),
                                      .value = NAN,
                                      .at_least = NAN,
                                      .state = ATTEMPT_NONE,
                                      .held = THRESHOLD_UNDECIDED };
}

struct threshold_result threshold_judge(const struct threshold *t, const struct threshold_measured *m)
{
    struct threshold_result result = threshold_not_judged(t);
    result.held = THRESHOLD_MISSED;
    switch (t->metric) {
    case THRESHOLD_PERCENTILE:
        judge_time(t, attempts_time(&m->attempts, t->p_ppm), &result);
        break;
    case THRESHOLD_MEAN:
        judge_ratio(t, seconds(m->sum_ns), (double)attempts_n_ok(&m->attempts), &result);
        break;
    case THRESHOLD_MAX:
        if (attempts_n_ok(&m->attempts) > 0)
            judge_value(t, seconds(m->max_ns), &result);
        break;
    case THRESHOLD_ERRORS:
        judge_errors(t, &m->attempts, &result);
        break;
    case THRESHOLD_RATE:
        judge_ratio(t, (double)m->n_in_time, seconds(m->active_ns), &result);
        break;
    }
    return result;
}
