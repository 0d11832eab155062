#include "steadiness.h"

#include "arms.h"
#include "changepoint.h"
#include "dataset.h"
#include "err.h"
#include "mean.h"
#include "steady.h"
#include "timeline.h"
#include "trend.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_LEAST = 20, P50_PPM = 500000 };

static const double P_MOST = 0.01;      /* rule R11 */
static const double CHANGE_LEAST = .05; /* rule R11 */

static bool is_change(double change)
{
    return isfinite(change) && fabs(change) > CHANGE_LEAST;
}

static struct steadiness find_change(const double *x, size_t n, double unit_s)
{
    struct changepoint point;
    struct err ignored;
    if (changepoint_find(x, n, &point, &ignored) || point.p >= P_MOST ||
        !is_change(point.after / point.before - 1))
        return (struct steadiness){ .kind = STEADINESS_STEADY };
    return (struct steadiness){ .kind = STEADINESS_CHANGED,
                                .change = point.after / point.before - 1,
                                .at_s = (double)point.at * unit_s };
}

static struct steadiness find_drift(const double *x, size_t n)
{
    struct trend trend;
    struct err ignored;
    if (trend_of_series(x, n, &trend, &ignored) || trend.p >= P_MOST || !(trend.intercept > 0))
        return (struct steadiness){ .kind = STEADINESS_STEADY };
    const double change = trend.slope * (double)(n - 1) / trend.intercept;
    return (struct steadiness){ .kind = is_change(change) ? STEADINESS_DRIFTED : STEADINESS_STEADY,
                                .change = change };
}

/* A cut at the boundary alone is often chance, so the means must differ too. */
static struct steadiness find_warming(const double *x, size_t n)
{
    struct steadiness found = { .kind = STEADINESS_STEADY };
    double *batches = calloc(n / STEADY_BATCH + 1, sizeof *batches);
    if (!batches)
        return found;
    const struct steady cut = steady_of_values(x, n, batches);
    free(batches);
    if (!cut.at_boundary || cut.cut_values == 0)
        return found;
    found.change = mean_of(x + cut.cut_values, n - cut.cut_values) / mean_of(x, cut.cut_values) - 1;
    if (is_change(found.change))
        found.kind = STEADINESS_WARMING;
    return found;
}

struct steadiness steadiness_of(const double *median, size_t n, double unit_s)
{
    if (n < VALUES_LEAST)
        return (struct steadiness){ .kind = STEADINESS_UNKNOWN };
    struct steadiness found = find_change(median, n, unit_s);
    if (found.kind == STEADINESS_STEADY)
        found = find_drift(median, n);
    if (found.kind == STEADINESS_STEADY)
        found = find_warming(median, n);
    return found;
}

/* Whether the arm had one measured phase of one stream, at one rate or with users. */
static bool load_is_even(const struct dataset *data, size_t arm)
{
    size_t n = 0;
    for (size_t i = 0; i < data->run.n_phases; i++) {
        const struct run_phase *phase = &data->run.phases[i];
        if (phase->warmup || strcmp(phase->cluster, data->arms[arm].cluster) != 0)
            continue;
        if (strcmp(phase->kind, "ramp") == 0 || strcmp(phase->kind, "burst") == 0)
            return false;
        n += strcmp(phase->kind, "pause") != 0;
    }
    return n == 1;
}

struct steadiness steadiness_of_arm(const struct dataset *data, size_t arm)
{
    struct steadiness found = { .kind = STEADINESS_UNKNOWN };
    struct timeline *t = data->seconds[arm];
    struct err ignored;
    size_t n;
    if (!load_is_even(data, arm) || t->n_units == 0)
        return found;
    double *medians = calloc(t->n_units, sizeof *medians);
    if (medians && !timeline_percentiles(t, P50_PPM, medians, &n, &ignored))
        found = steadiness_of(medians, n, t->unit_s);
    free(medians);
    return found;
}

const char *steadiness_words(const struct steadiness *s, char *out, size_t out_bytes)
{
    char size[UNITS_TEXT_BYTES], at[UNITS_TEXT_BYTES];
    const char *way = s->change > 0 ? "rose" : "fell";
    units_number_text(100 * fabs(s->change), size);
    if (s->kind == STEADINESS_CHANGED)
        snprintf(out, out_bytes, "its p50 %s by %s %% after %s", way, size,
                 units_duration_text((uint64_t)(s->at_s * 1e9), at));
    else if (s->kind == STEADINESS_DRIFTED)
        snprintf(out, out_bytes, "its p50 %s by %s %% from start to end", way, size);
    else
        snprintf(out, out_bytes, "its p50 %s by %s %% in the first half, as in a warm-up", way, size);
    return out;
}
