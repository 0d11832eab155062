#include "report_numbers.h"

#include "arms.h"
#include "claims.h"
#include "dataset.h"
#include "facts.h"
#include "units.h"

#include <math.h>
#include <string.h>

const uint32_t report_numbers_ppm[REPORT_NUMBERS_TIMES] = { 500000, 900000, 990000, 999000 };

const char *report_numbers_mark(const struct claim *claim)
{
    const bool is_time = claim->time.state == ATTEMPT_EXACT || claim->time.state == ATTEMPT_AT_LEAST;
    if (claim->is_few)
        return is_time ? "*" : "";
    if (claim->time.state == ATTEMPT_FAILED && claim->time.at_least_ns == 0)
        return ""; /* "none" is no doubt about loadgen */
    return claim_mark(claim->level);
}

const char *report_numbers_share(uint64_t part, uint64_t n, report_number out)
{
    char number[UNITS_TEXT_BYTES];
    if (n == 0 || part == 0)
        snprintf(out, REPORT_NUMBERS_BYTES, n == 0 ? "-" : "0");
    else if (part == n)
        snprintf(out, REPORT_NUMBERS_BYTES, "100 %%");
    else
        snprintf(out, REPORT_NUMBERS_BYTES, "%s %%",
                 units_number_text(100.0 * (double)part / (double)n, number));
    return out;
}

static void good_times(const struct hist *ok, struct report_numbers *out)
{
    char text[UNITS_TEXT_BYTES];
    out->has_good_times = true;
    for (size_t i = 0; i < REPORT_NUMBERS_TIMES; i++)
        snprintf(out->good_times[i], sizeof out->good_times[i], "%s",
                 ok->n > 0 ? units_duration_text(hist_value_at_ppm(ok, report_numbers_ppm[i]), text) : "-");
}

static void set_numbers(const struct claim_row *row, struct report_numbers *out)
{
    const struct claim *rate = &row->claims[CLAIM_RATE];
    char text[UNITS_TEXT_BYTES];
    snprintf(out->attempts, sizeof out->attempts, "%s", units_count_text(row->n, text));
    report_numbers_share(row->n_failed, row->n, out->failed);
    snprintf(out->cut_off, sizeof out->cut_off, "%s", units_count_text(row->n_censored, text));
    snprintf(out->rate, sizeof out->rate, "%s%s",
             isfinite(rate->rate_per_s) ? units_number_text(rate->rate_per_s, text) : "-",
             rate->rate_per_s > 0 ? report_numbers_mark(rate) : "");
    for (size_t i = 0; i < REPORT_NUMBERS_TIMES; i++) {
        const struct claim *claim = &row->claims[claim_what_at(report_numbers_ppm[i])];
        snprintf(out->times[i], sizeof out->times[i], "%s%s", attempt_time_text(claim->time, text),
                 report_numbers_mark(claim));
    }
}

void report_numbers_of_step(const struct claim_row *step, struct report_numbers *out)
{
    *out = (struct report_numbers){ .series = step->step };
    set_numbers(step, out);
}

void report_numbers_of(const struct dataset *data, size_t arm, struct report_numbers *out)
{
    const struct claim_row *row = claims_cluster(data->claims, data->arms[arm].cluster);
    const struct hist *ok = data->latency[arm];
    char text[UNITS_TEXT_BYTES];
    *out = (struct report_numbers){ .series = data->arms[arm].series };
    if (!row)
        return;
    set_numbers(row, out);
    snprintf(out->slowest, sizeof out->slowest, "%s",
             ok->n > 0 ? units_duration_text(ok->max_ns, text) : "-");
    if (row->n_failed + row->n_censored > 0)
        good_times(ok, out);
}

static bool is_shown(const struct claim *claim, enum claim_what what)
{
    return what == CLAIM_RATE ? isfinite(claim->rate_per_s) : claim->time.state != ATTEMPT_NONE;
}

static bool is_alike(const struct claim *a, const struct claim *b)
{
    return strcmp(report_numbers_mark(a), report_numbers_mark(b)) == 0 && strcmp(a->why, b->why) == 0;
}

/* The claim at a place of the table, numbered row by row; NULL behind the last, or for a cluster without
 * requests. */
static const struct claim *claim_at(const struct dataset *data, size_t at)
{
    const size_t arm = at / N_CLAIMS;
    const struct claim_row *row =
        arm < data->n_arms ? claims_cluster(data->claims, data->arms[arm].cluster) : NULL;
    const enum claim_what what = (enum claim_what)(at % N_CLAIMS);
    return row && is_shown(&row->claims[what], what) ? &row->claims[what] : NULL;
}

/* "m4 p99 (at least 12 %)" */
static void write_claim(FILE *out, const struct dataset *data, size_t at)
{
    const struct claim *claim = claim_at(data, at);
    char number[UNITS_TEXT_BYTES];
    if (data->n_arms > 1)
        fprintf(out, "%s ", data->arms[at / N_CLAIMS].label);
    fputs(claim_name((enum claim_what)(at % N_CLAIMS)), out);
    if (claim->level != CLAIM_NOT_JUDGED && isfinite(claim->generator_share))
        fprintf(out, " (at least %s %%)", units_number_text(100 * claim->generator_share, number));
}

/* One sentence for all numbers that have the mark of the one at `first` for the same reason. */
static void write_reason(FILE *out, const struct dataset *data, size_t first)
{
    const struct claim *reason = claim_at(data, first);
    const char *before = "";
    fprintf(out, " %s %s: ", report_numbers_mark(reason),
            reason->is_few ? "rests on fewer than 10 requests" : reason->why);
    for (size_t at = first; at < data->n_arms * N_CLAIMS; at++)
        if (claim_at(data, at) && is_alike(claim_at(data, at), reason)) {
            fputs(before, out);
            write_claim(out, data, at);
            before = ", ";
        }
    fputs(".", out);
}

static bool is_first(const struct dataset *data, size_t at)
{
    for (size_t before = 0; before < at; before++)
        if (claim_at(data, before) && is_alike(claim_at(data, before), claim_at(data, at)))
            return false;
    return true;
}

void report_numbers_legend(FILE *out, const struct dataset *data)
{
    fprintf(
        out,
        "%s. A percentile is the time within which so many per cent of all attempts outside of warm-up got "
        "a good answer, and there is none where it lies among failures; good/s counts good answers; the "
        "slowest is the "
        "slowest good answer.",
        data->headline == METRIC_RESPONSE ? "Response times, from when a request was due to its answer"
                                          : "Service times, from sending a request to its answer");
    for (size_t at = 0; at < data->n_arms * N_CLAIMS; at++) {
        const struct claim *claim = claim_at(data, at);
        if (claim && *report_numbers_mark(claim) && is_first(data, at))
            write_reason(out, data, at);
    }
}
