/* The answer of a run's report and how reliable it is, in sentences that the run itself carries. */
#include "arms.h"
#include "claims.h"
#include "dataset.h"
#include "report_numbers.h"
#include "report_sections.h"
#include "units.h"
#include "within_sentence.h"
#include "within_sides.h"

#include <math.h>
#include <string.h>

enum { P50 = 500000, P99 = 990000 };

/* The percentile with its mark, such as "5.51 ms~". */
static const char *time_of(const struct dataset *data, size_t arm, uint32_t p_ppm, report_number out)
{
    const struct claim *claim = claims_at(data->claims, data->arms[arm].cluster, p_ppm);
    char text[UNITS_TEXT_BYTES];
    snprintf(out, REPORT_NUMBERS_BYTES, "%s%s",
             attempt_time_text(attempts_time(dataset_attempts(data, arm), p_ppm), text),
             claim ? report_numbers_mark(claim) : "");
    return out;
}

/* "half got a good answer within 252 us and 99 % within 1.21 ms" */
static void answer_times(FILE *out, const struct dataset *data, size_t arm, const struct claim_row *row)
{
    const enum attempt_state p50 = row->claims[CLAIM_P50].time.state, p99 = row->claims[CLAIM_P99].time.state;
    report_number half, most;
    time_of(data, arm, P50, half);
    time_of(data, arm, P99, most);
    if (p50 == ATTEMPT_FAILED)
        fputs("fewer than half got a good answer", out);
    else
        fprintf(out, p50 == ATTEMPT_EXACT ? "half got a good answer within %s" : "the median was %s", half);
    if (p99 == ATTEMPT_EXACT)
        fprintf(out, p50 == ATTEMPT_EXACT ? " and 99 %% within %s" : ", p99 was %s", most);
    else if (p99 == ATTEMPT_AT_LEAST)
        fprintf(out, ", p99 was %s", most);
    else if (p50 != ATTEMPT_FAILED)
        fprintf(out, " and fewer than 99 %% got %s", p50 == ATTEMPT_EXACT ? "one" : "a good answer");
}

static void answer_arm(FILE *out, const struct dataset *data, size_t arm)
{
    const struct claim_row *row = claims_cluster(data->claims, data->arms[arm].cluster);
    const char *to =
        data->n_arms == 1 && data->run.target_url ? data->run.target_url : data->arms[arm].series;
    report_number share;
    char text[UNITS_TEXT_BYTES];
    if (!row || row->n == 0) {
        fprintf(out, "No request was sent to %s outside of warm-up.", to);
        return;
    }
    fprintf(out, "%s request%s to %s: ", units_count_text(row->n, text), row->n == 1 ? "" : "s", to);
    if (row->n_failed == row->n) {
        fputs("none got a good answer.", out);
        return;
    }
    answer_times(out, data, arm, row);
    const struct claim *rate = &row->claims[CLAIM_RATE];
    if (isfinite(rate->rate_per_s))
        fprintf(out, ", at %s%s good answers per second", units_number_text(rate->rate_per_s, text),
                report_numbers_mark(rate));
    fprintf(out, "; %s failed",
            row->n_failed > 0 ? report_numbers_share(row->n_failed, row->n, share) : "none");
    if (row->n_censored > 0)
        fprintf(out, ", the end of the run cut off %s", units_count_text(row->n_censored, text));
    fputs(".", out);
}

void report_answer(FILE *out, const struct report *report)
{
    const struct dataset *data = report->data;
    struct within_sides within;
    const bool has_sides = within_sides_init(&within, data);
    if (has_sides)
        within_sentence(out, &within.sides[0], &within.sides[1]);
    within_sides_fini(&within);
    if (has_sides)
        return;
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        fputs(arm > 0 ? " " : "", out);
        answer_arm(out, data, arm);
    }
    if (data->n_arms == 0)
        fputs("The run sent no request.", out);
}

/* The legend of the numbers says which, and why. */
static void doubt_claims(FILE *out, const struct dataset *data)
{
    bool is_invalid = false;
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const struct claim_row *row = claims_cluster(data->claims, data->arms[arm].cluster);
        for (int what = 0; row && what < N_CLAIMS; what++)
            is_invalid |= row->claims[what].level == CLAIM_INVALID;
    }
    if (is_invalid)
        fputs(" Numbers marked ! cannot be quoted.", out);
}

/* When most of a median is the way to the target and back (R25). */
static void doubt_distance(FILE *out, const struct run_json *run)
{
    double share_pct = 0, most_us = 0;
    char text[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < run->n_checks; i++)
        if (strcmp(run->checks[i].rule, "R25") == 0 && strcmp(run->checks[i].level, "WARN") == 0)
            share_pct = fmax(share_pct, run->checks[i].value);
    for (size_t i = 0; i < run->n_streams; i++)
        most_us = fmax(most_us, run->streams[i].round_trip_us); /* ignores NAN: not measured */
    if (share_pct > 0)
        fprintf(
            out,
            " The round trip to the target, %s, is %.0f %% of the median: most of what is compared is the "
            "network. Run closer to the target.",
            units_time_text((uint64_t)(most_us * 1e3), text), share_pct);
}

/* When generators are missing, or ended early (the rule SHARES). */
static void doubt_shares(FILE *out, const struct run_json *run)
{
    for (size_t i = 0; i < run->n_checks; i++) {
        const struct derived_check *check = &run->checks[i];
        if (strcmp(check->rule, "SHARES") == 0 && check->value < 100)
            fprintf(out, " Only %.3g %% of the load was sent: shares are missing or ended early.",
                    check->value);
    }
}

void report_doubts(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    if (report->data->n_arms > 1)
        within_doubt(out, run->scenario);
    else
        fputs("One run describes itself; how much runs differ takes several.", out);
    if (run->emulated)
        fputs(" The instances are emulated on one machine: the numbers describe the emulation and not AWS.",
              out);
    doubt_claims(out, report->data);
    doubt_distance(out, run);
    doubt_shares(out, run);
    if (report->data->is_running)
        fputs(" The run did not reach its end: it was killed, or is still running.", out);
    else if (strcmp(run->end, "done") != 0)
        fprintf(out, " The run did not reach its end: it was %s.", run->end);
    for (size_t i = 0; i < report->data->whole.n; i++)
        fprintf(out, " The files are not whole: %s.", report->data->whole.notes[i].text);
}
