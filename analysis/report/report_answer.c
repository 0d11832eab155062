/* The answer of a run's report and how reliable it is, in sentences that the run itself carries. */
#include "arms.h"
#include "claims.h"
#include "dataset.h"
#include "report_direction.h"
#include "report_numbers.h"
#include "report_sections.h"
#include "units.h"

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

/* The same, but "none" without a mark: failures are no doubt about loadgen. */
static const char *time_or_failures(const struct dataset *data, size_t arm, uint32_t p_ppm, report_number out)
{
    const struct attempt_time time = attempts_time(dataset_attempts(data, arm), p_ppm);
    if (time.state == ATTEMPT_FAILED && time.at_least_ns == 0)
        return "none";
    return time_of(data, arm, p_ppm, out);
}

static const char *failed_of(const struct dataset *data, size_t arm, report_number out)
{
    const struct attempts *a = dataset_attempts(data, arm);
    return a->n_failed > 0 ? report_numbers_share(a->n_failed, attempts_n(a), out) : "none";
}

/* Comes first where one cluster failed so much more that a p99 is not comparable. */
static void answer_failures(FILE *out, const struct dataset *data)
{
    report_number a, b;
    if (report_direction_of_failures(data, P99) != 0)
        fprintf(out, "%s failed %s of its requests, %s %s. ", data->arms[1].series, failed_of(data, 1, b),
                data->arms[0].series, failed_of(data, 0, a));
}

/* The clusters by their names in the sentence. */
struct names {
    const char *a, *b;
};

static void answer_at(FILE *out, const struct dataset *data, const struct report_direction *d,
                      struct names names)
{
    const char *p = claim_name(claim_what_at(d->p_ppm));
    char ratio[UNITS_TEXT_BYTES], interval[RUN_INTERVAL_WHY_BYTES];
    report_number a, b;
    time_of(data, 0, d->p_ppm, a);
    time_of(data, 1, d->p_ppm, b);
    run_interval_text(&d->ratio, 1, interval);
    switch (d->kind) {
    case REPORT_SLOWER:
    case REPORT_FASTER:
        fprintf(out, "%s was %s than %s at %s: ", names.b, d->kind == REPORT_SLOWER ? "slower" : "faster",
                names.a, p);
        if (isfinite(d->ratio.value) && d->ratio.value > 0)
            fprintf(out, "%s times as long (95 %% interval %s), ", units_number_text(d->ratio.value, ratio),
                    interval);
        fprintf(out, "%s against %s", time_or_failures(data, 1, d->p_ppm, b),
                time_or_failures(data, 0, d->p_ppm, a));
        if (isinf(d->ratio.value) && isfinite(d->ratio.lo))
            fprintf(out, " (95 %% interval of the ratio %s)", interval);
        fputs(".", out);
        return;
    case REPORT_NOT_APART:
        fprintf(
            out,
            "This run does not tell %s and %s apart at %s (95 %% interval of the ratio %s): %s against %s.",
            names.b, names.a, p, interval, b, a);
        return;
    case REPORT_NO_TIME:
        if (d->a.state == ATTEMPT_FAILED && d->b.state == ATTEMPT_FAILED)
            fprintf(out,
                    "Neither %s nor %s has a %s: too many of their requests failed (%s of %s, %s of %s).",
                    names.b, names.a, p, failed_of(data, 1, b), names.b, failed_of(data, 0, a), names.a);
        else
            fprintf(out, "The %s do not compare: %s for %s and %s for %s.", p, b, names.b, a, names.a);
        return;
    case REPORT_NO_INTERVAL:
    case REPORT_FAILURES:
    case REPORT_BY_GENERATOR:
        fprintf(out, "%s had a %s of %s, %s one of %s", names.b, p, b, names.a, a);
        break;
    }
    if (d->kind == REPORT_NO_INTERVAL)
        fprintf(out, "; %s, so this run does not say which is faster.", d->ratio.why);
    else
        fputs(d->kind == REPORT_FAILURES ? ", but the faster one failed more: they do not compare."
                                         : ", but loadgen's own delay may have made the difference.",
              out);
}

static void answer_pair(FILE *out, const struct dataset *data)
{
    const struct report_direction p99 = report_direction_at(data, P99), p50 = report_direction_at(data, P50);
    report_number a, b;
    answer_failures(out, data);
    fputs(p99.kind == REPORT_SLOWER || p99.kind == REPORT_FASTER ? "In this run " : "", out);
    answer_at(out, data, &p99, (struct names){ data->arms[0].series, data->arms[1].series });
    fputs(" ", out);
    if (p50.kind == REPORT_NO_INTERVAL && p99.kind == REPORT_NO_INTERVAL)
        fprintf(out, "The medians were %s and %s.", time_of(data, 1, P50, b), time_of(data, 0, P50, a));
    else
        answer_at(out, data, &p50, (struct names){ data->arms[0].label, data->arms[1].label });
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

static bool has_attempts(const struct dataset *data, size_t arm)
{
    return attempts_n(dataset_attempts(data, arm)) > 0;
}

void report_answer(FILE *out, const struct report *report)
{
    const struct dataset *data = report->data;
    if (data->n_arms == 2 && has_attempts(data, 0) && has_attempts(data, 1)) {
        answer_pair(out, data);
        return;
    }
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

void report_doubts(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    if (report->data->n_arms > 1)
        fprintf(out, "One run per cluster is not proof; `loadgen campaign %s --pairs 8` would tell.",
                run->name);
    else
        fputs("One run describes itself; how much runs differ takes several.", out);
    if (run->emulated)
        fputs(" The instances are emulated on one machine: the numbers describe the emulation and not AWS.",
              out);
    doubt_claims(out, report->data);
    if (report->data->is_running)
        fputs(" The run did not reach its end: it was killed, or is still running.", out);
    else if (strcmp(run->end, "done") != 0)
        fprintf(out, " The run did not reach its end: it was %s.", run->end);
    for (size_t i = 0; i < report->data->whole.n; i++)
        fprintf(out, " The files are not whole: %s.", report->data->whole.notes[i].text);
}
