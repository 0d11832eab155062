#include "run_interval.h"

#include "attempts.h"
#include "hist.h"
#include "lag1.h"
#include "mean_error.h"
#include "units.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { P50_PPM = 500000, PPM = 1000000 };

__attribute__((format(printf, 2, 3))) static struct run_interval none(double value, const char *format, ...)
{
    struct run_interval i = { .value = value, .lo = NAN, .hi = NAN };
    va_list args;
    va_start(args, format);
    vsnprintf(i.why, sizeof i.why, format, args);
    va_end(args);
    return i;
}

static struct run_interval too_few(double value, size_t n)
{
    if (n == 0)
        return none(value, "there was no whole second in which every stream sent; an interval takes %d",
                    RUN_INTERVAL_SECONDS_LEAST);
    return none(value, "%zu whole second%s too few for an interval, which takes %d", n,
                n == 1 ? " is" : "s are", RUN_INTERVAL_SECONDS_LEAST);
}

struct run_ranks run_interval_ranks(uint64_t n, uint32_t p_ppm, double h)
{
    const double p = (double)p_ppm / PPM;
    const double low = 1 / (1 + (1 - p) / p * exp(h / (p * (1 - p))));
    const double high = fmin(PPM, (double)p_ppm + round(h * PPM));
    struct run_ranks ranks = { .low = hist_rank(n, (uint32_t)lround(low * PPM)) };
    if (high < PPM)
        ranks.high = hist_rank(n, (uint32_t)high);
    return ranks;
}

/* How many of a second's good answers took at most as long as values of that bin. */
static uint64_t n_up_to(const struct hist *ok, uint32_t index)
{
    uint64_t n = 0;
    if (!ok || ok->n == 0)
        return 0;
    for (uint32_t i = hist_first(ok), last = hist_last(ok); i <= last && i <= index; i++)
        n += hist_count(ok, i);
    return n;
}

/* The larger autocorrelation is that of the seconds' medians when times wander more than shares. */
static double lag1_of_medians(const struct run_second *seconds, size_t n, double *room)
{
    size_t n_medians = 0;
    for (size_t i = 0; i < n; i++)
        if (seconds[i].ok && seconds[i].ok->n > 0)
            room[n_medians++] = (double)hist_value_at_ppm(seconds[i].ok, P50_PPM);
    return n_medians > 1 ? lag1_of(room, n_medians, room[0]) : 0;
}

/* Fills `lo` and `hi` from the times of the ranks. */
static void set_ends(struct run_interval *interval, const struct attempts *all, struct run_ranks ranks)
{
    const struct attempt_time low = attempts_time_of_rank(all, ranks.low);
    interval->lo = low.state == ATTEMPT_EXACT      ? (double)hist_lowest_ns(hist_index(low.value_ns))
                   : low.state == ATTEMPT_AT_LEAST ? (double)low.at_least_ns
                                                   : INFINITY;
    interval->hi = INFINITY;
    if (ranks.high > 0) {
        const struct attempt_time high = attempts_time_of_rank(all, ranks.high);
        interval->ends_failed = high.state == ATTEMPT_FAILED;
        if (high.state == ATTEMPT_EXACT)
            interval->hi = (double)high.value_ns;
    }
    interval->is_open = isinf(interval->hi);
}

static struct run_interval percentile(double value, const struct attempts *all,
                                      const struct run_second *seconds, size_t n, uint32_t p_ppm,
                                      double *room)
{
    struct run_interval interval = { .value = value };
    const uint32_t index = isinf(value) ? HIST_N_COUNTS : hist_index((uint64_t)value);
    const double r = lag1_of_medians(seconds, n, room);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (seconds[i].n_attempts > 0)
            room[m++] = (double)n_up_to(seconds[i].ok, index) / (double)seconds[i].n_attempts;
    if (m < RUN_INTERVAL_SECONDS_LEAST)
        return too_few(value, m);
    const double h = mean_error_of(room, m, r).half_width;
    set_ends(&interval, all, run_interval_ranks(attempts_n(all), p_ppm, h));
    return interval;
}

struct run_interval run_interval_of_percentile(const struct attempts *all, const struct run_second *seconds,
                                               size_t n, uint32_t p_ppm)
{
    const uint64_t n_all = attempts_n(all);
    const struct attempt_time time = attempts_time(all, p_ppm);
    if (time.state == ATTEMPT_NONE)
        return none(NAN, "no attempts");
    if (time.state == ATTEMPT_AT_LEAST)
        return none(NAN, "the end of the run cut off what decides p%g", (double)p_ppm / 1e4);
    const double value = time.state == ATTEMPT_FAILED ? INFINITY : (double)time.value_ns;
    if (hist_n_beyond(n_all, p_ppm) < RUN_INTERVAL_BEYOND_LEAST)
        return none(value, "fewer than %d requests beyond p%g", RUN_INTERVAL_BEYOND_LEAST,
                    (double)p_ppm / 1e4);
    double *room = malloc((n + 1) * sizeof *room);
    if (!room)
        return none(value, "out of memory");
    const struct run_interval interval = percentile(value, all, seconds, n, p_ppm, room);
    free(room);
    return interval;
}

struct run_interval run_interval_of_rate(double per_s, const struct run_second *seconds, size_t n,
                                         double step_s)
{
    if (n < RUN_INTERVAL_SECONDS_LEAST)
        return too_few(per_s, n);
    double *room = malloc(n * sizeof *room);
    if (!room)
        return none(per_s, "out of memory");
    const double r = lag1_of_medians(seconds, n, room);
    for (size_t i = 0; i < n; i++)
        room[i] = (double)seconds[i].n_good / step_s;
    const double h = mean_error_of(room, n, r).half_width;
    free(room);
    return (struct run_interval){ .value = per_s, .lo = fmax(0, per_s - h), .hi = per_s + h };
}

/* One percentile is longer than every time; the ratio is bounded by the other's end. */
static struct run_interval ratio_of_failed(const struct run_interval *b, const struct run_interval *a)
{
    if (isinf(b->value))
        return (struct run_interval){ .value = INFINITY,
                                      .lo = isinf(a->hi) ? 0 : b->lo / a->hi,
                                      .hi = INFINITY,
                                      .is_open = true,
                                      .ends_failed = true };
    return (struct run_interval){ .value = 0,
                                  .hi = b->is_open ? INFINITY : b->hi / a->lo,
                                  .is_open = b->is_open };
}

struct run_interval run_interval_ratio(const struct run_interval *b, const struct run_interval *a)
{
    const double ratio = isinf(b->value) && isinf(a->value) ? NAN : b->value / a->value;
    if (*b->why || *a->why)
        return none(ratio, "%s", *b->why ? b->why : a->why);
    if (isinf(b->value) && isinf(a->value))
        return none(NAN, "neither has a time: both lie among failures");
    if (isinf(b->value) || isinf(a->value))
        return ratio_of_failed(b, a);
    const double down = hypot(log(b->value / b->lo), log(a->hi / a->value));
    const double up = hypot(log(b->hi / b->value), log(a->value / a->lo));
    const struct run_interval interval = { .value = ratio, .lo = ratio * exp(-down), .hi = ratio * exp(up) };
    if (isnan(interval.lo) || isnan(interval.hi))
        return none(ratio, "nothing to compare");
    return (struct run_interval){
        .value = ratio, .lo = interval.lo, .hi = interval.hi, .is_open = isinf(interval.hi)
    };
}

int run_interval_direction(const struct run_interval *ratio, double margin)
{
    if (*ratio->why)
        return 0;
    if (ratio->lo > 1 && ratio->value > 1 + margin)
        return 1;
    return ratio->hi < 1 && ratio->value * (1 + margin) < 1 ? -1 : 0;
}

const char *run_interval_text(const struct run_interval *interval, double unit, char *out)
{
    char lo[UNITS_TEXT_BYTES], hi[UNITS_TEXT_BYTES];
    if (*interval->why)
        snprintf(out, RUN_INTERVAL_WHY_BYTES, "%s", interval->why);
    else if (isinf(interval->lo))
        snprintf(out, RUN_INTERVAL_WHY_BYTES, "none");
    else if (interval->is_open)
        snprintf(out, RUN_INTERVAL_WHY_BYTES, "%s %s", units_number_text(interval->lo / unit, lo),
                 interval->ends_failed ? "to none" : "or more");
    else
        snprintf(out, RUN_INTERVAL_WHY_BYTES, "%s to %s", units_number_text(interval->lo / unit, lo),
                 units_number_text(interval->hi / unit, hi));
    return out;
}
