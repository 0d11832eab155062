/* What claims, levels and percentiles are called. */
#include "claims.h"

#include "threshold.h"

#include <math.h>
#include <string.h>

static const uint32_t all_ppm[N_CLAIMS] = { 0, 500000, 900000, 990000, 999000 };

uint32_t claim_ppm(enum claim_what what)
{
    return all_ppm[what];
}

enum claim_what claim_what_at(uint32_t p_ppm)
{
    unsigned what = 0;
    while (what < CLAIM_P999 && all_ppm[what] < p_ppm)
        what++;
    return (enum claim_what)what;
}

enum claim_what claim_what_of(const struct threshold *threshold)
{
    switch (threshold->metric) {
    case THRESHOLD_PERCENTILE:
        return claim_what_at(threshold->p_ppm);
    case THRESHOLD_MEAN:
        return CLAIM_P99;
    case THRESHOLD_MAX:
        return CLAIM_P999;
    case THRESHOLD_ERRORS:
    case THRESHOLD_RATE:
        break;
    }
    return CLAIM_RATE;
}

const char *claim_name(enum claim_what what)
{
    static const char *const names[N_CLAIMS] = { "rate", "p50", "p90", "p99", "p99.9" };
    return names[what];
}

static const char *const level_names[N_CLAIM_LEVELS] = {
    [CLAIM_OK] = "ok",
    [CLAIM_NOT_JUDGED] = "not_judged",
    [CLAIM_WARN] = "warn",
    [CLAIM_INVALID] = "invalid",
};

const char *claim_level_name(enum claim_level level)
{
    return level_names[level];
}

enum claim_level claim_level_find(const char *name)
{
    for (unsigned i = 0; i < N_CLAIM_LEVELS; i++)
        if (strcmp(name, level_names[i]) == 0)
            return (enum claim_level)i;
    return CLAIM_NOT_JUDGED;
}

const char *claim_mark(enum claim_level level)
{
    static const char *const marks[N_CLAIM_LEVELS] = {
        [CLAIM_OK] = "",
        [CLAIM_NOT_JUDGED] = "?",
        [CLAIM_WARN] = "~",
        [CLAIM_INVALID] = "!",
    };
    return marks[level];
}

static bool has_number(const struct claim *claim, enum claim_what what)
{
    if (what == CLAIM_RATE)
        return isfinite(claim->rate_per_s) && claim->rate_per_s > 0;
    return claim->time.state == ATTEMPT_EXACT || claim->time.state == ATTEMPT_AT_LEAST ||
           (claim->time.state == ATTEMPT_FAILED && claim->time.at_least_ns > 0);
}

const char *claim_shown_mark(const struct claim *claim, enum claim_what what)
{
    if (!has_number(claim, what))
        return "";
    if (claim->is_few)
        return claim->time.state == ATTEMPT_FAILED ? "" : "*";
    return claim_mark(claim->level);
}
