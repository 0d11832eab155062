/* The answer, how reliable it is, and the numbers of each cluster. */
#include "arms.h"
#include "dataset.h"
#include "facts.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { P50 = 500000, P99 = 990000, FEW_BEYOND = 10 };
#define ALIKE 0.01 /* ratios this near to 1 count as equal */

static const char *duration_at(const struct dataset *data, size_t arm, uint32_t p_ppm, char *text)
{
    return units_duration_text(hist_value_at_ppm(data->latency[arm], p_ppm), text);
}

/* Below 0: arm 1 was faster than arm 0; above: slower; 0: alike. */
static int direction(const struct dataset *data, uint32_t p_ppm, double *ratio)
{
    *ratio = (double)hist_value_at_ppm(data->latency[1], p_ppm) /
             (double)hist_value_at_ppm(data->latency[0], p_ppm);
    return fabs(*ratio - 1) < ALIKE ? 0 : *ratio > 1 ? 1 : -1;
}

static void times_as_long(FILE *out, const struct dataset *data, const char *what, uint32_t p_ppm)
{
    char ratio_text[UNITS_TEXT_BYTES], a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    double ratio;
    if (direction(data, p_ppm, &ratio) == 0)
        fprintf(out, "its %s was about the same (%s and %s)", what, duration_at(data, 1, p_ppm, a),
                duration_at(data, 0, p_ppm, b));
    else
        fprintf(out, "its %s was %s times as long (%s against %s)", what,
                units_number_text(ratio, ratio_text), duration_at(data, 1, p_ppm, a),
                duration_at(data, 0, p_ppm, b));
}

static void answer_pair(FILE *out, const struct dataset *data)
{
    static const char *const words[] = { "faster than", "about as fast as", "slower than" };
    double ratio;
    const int p50 = direction(data, P50, &ratio), p99 = direction(data, P99, &ratio);
    const char *other = data->arms[1].series, *first = data->arms[0].series;
    if (p50 == p99) {
        fprintf(out, "In this run %s was %s %s: ", other, words[p50 + 1], first);
        times_as_long(out, data, "99th percentile", P99);
        fputs(", ", out);
        times_as_long(out, data, "median", P50);
    } else {
        fprintf(out, "In this run %s was %s %s at the median and %s it in the tail: ", other, words[p50 + 1],
                first, words[p99 + 1]);
        times_as_long(out, data, "median", P50);
        fputs(", ", out);
        times_as_long(out, data, "99th percentile", P99);
    }
    fputs(".", out);
}

static void answer_arm(FILE *out, const struct dataset *data, size_t arm)
{
    char p50[UNITS_TEXT_BYTES], p99[UNITS_TEXT_BYTES], rate[UNITS_TEXT_BYTES], n[UNITS_TEXT_BYTES];
    const struct facts facts = facts_of_arm(data, arm);
    if (data->latency[arm]->n == 0) {
        fprintf(out, "%s answered no request.", data->arms[arm].series);
        return;
    }
    fprintf(out, "%s answered half of its %s requests within %s and 99 %% within %s", data->arms[arm].series,
            units_count_text(facts.ok_n, n), duration_at(data, arm, P50, p50),
            duration_at(data, arm, P99, p99));
    if (isfinite(facts.per_s))
        fprintf(out, ", at %s requests per second", units_number_text(facts.per_s, rate));
    fputs(".", out);
}

void report_answer(FILE *out, const struct report *report)
{
    const struct dataset *data = report->data;
    if (data->n_arms == 2 && data->latency[0]->n > 0 && data->latency[1]->n > 0) {
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

/* Names arms with too few requests beyond the 99th percentile. */
static void doubt_few(FILE *out, const struct dataset *data)
{
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const uint64_t n = data->latency[arm]->n, n_beyond = n > 0 ? hist_n_beyond(n, P99) : 0;
        if (n > 0 && n_beyond < FEW_BEYOND)
            fprintf(out,
                    " Only %" PRIu64
                    " of the requests to %s took longer than its 99th percentile: more requests "
                    "would tell more of the tail.",
                    n_beyond, data->arms[arm].series);
    }
}

void report_doubts(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    fprintf(out, "This is a description of one run%s, no proof",
            report->data->n_arms > 1 ? " per cluster" : "");
    if (report->data->n_arms > 1)
        fprintf(out, "; `loadgen campaign %s --pairs 8` would tell", run->name);
    fputs(".", out);
    doubt_few(out, report->data);
    if (run->emulated)
        fputs(" The instances are emulated on one machine: the numbers describe the emulation and not AWS.",
              out);
    if (strcmp(run->verdict, "INVALID") == 0)
        fputs(" The verdict on the generator is INVALID: it cannot be excluded as the cause of these times.",
              out);
    else if (strcmp(run->verdict, "OK") != 0)
        fprintf(out, " The verdict on the generator is %s: see the rules that warned.", run->verdict);
    if (report->data->is_running)
        fputs(" The run did not reach its end: it was killed, or still goes on.", out);
    else if (strcmp(run->end, "done") != 0)
        fprintf(out, " The run did not reach its end: it was %s.", run->end);
    for (size_t i = 0; i < report->data->whole.n; i++)
        fprintf(out, " The files are not whole: %s.", report->data->whole.notes[i].text);
}

static void write_arm(FILE *out, const struct dataset *data, size_t arm, struct facts_unit unit)
{
    static const uint32_t percentiles_ppm[] = { 500000, 900000, 990000, 999000 };
    const struct facts facts = facts_of_arm(data, arm);
    const struct hist *h = data->latency[arm];
    char text[UNITS_TEXT_BYTES];
    report_html_row(out);
    report_html_cell(out, "%s", data->arms[arm].series);
    for (size_t i = 0; i < sizeof percentiles_ppm / sizeof *percentiles_ppm; i++) {
        const double value = (double)hist_value_at_ppm(h, percentiles_ppm[i]) / unit.ns;
        report_html_number(out, "%s%s", h->n ? units_number_text(value, text) : "",
                           h->n && hist_n_beyond(h->n, percentiles_ppm[i]) < FEW_BEYOND ? "*" : "");
    }
    report_html_value(out, h->n ? (double)h->max_ns / unit.ns : NAN);
    report_html_value(out, facts.per_s);
    report_html_number(out, "%s", facts.err_known ? units_count_text(facts.err_n, text) : "unknown");
    report_html_number(out, "%s", units_count_text(facts.ok_n + facts.err_n, text));
    report_html_row_end(out);
}

static bool any_is_rare(const struct dataset *data)
{
    for (size_t arm = 0; arm < data->n_arms; arm++)
        if (data->latency[arm]->n > 0 && hist_n_beyond(data->latency[arm]->n, 999000) < FEW_BEYOND)
            return true;
    return false;
}

static void write_results(FILE *out, const struct report *report)
{
    const struct dataset *data = report->data;
    const struct facts_unit unit = facts_unit(data);
    report_html_table(out, "cluster|#p50|#p90|#p99|#p99.9|#max|#per second|#errors|#requests");
    for (size_t arm = 0; arm < data->n_arms; arm++)
        write_arm(out, data, arm, unit);
    report_html_table_end(out);
    fputs("<p class=\"note\">", out);
    report_html_printf(out, "Times in %s: %s of successful requests outside of warm-up, ", unit.name,
                       facts_headline_words(data));
    fputs(data->headline == METRIC_RESPONSE ? "from the moment a request was due to its complete response."
                                            : "from the first byte sent to the complete response.",
          out);
    if (any_is_rare(data))
        fputs(" * fewer than 10 requests lie beyond.", out);
    fputs("</p>\n", out);
    report_sources(out, report, "Data", "percentiles.csv intervals.csv");
}

void report_section_answer(FILE *out, const struct report *report)
{
    char *answer = report_prose(report_answer, report);
    char *doubts = report_prose(report_doubts, report);
    report_answer_begin(out, answer ? answer : "", doubts ? doubts : "");
    free(answer);
    free(doubts);
    write_results(out, report);
    report_section_end(out);
}
