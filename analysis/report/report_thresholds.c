/* The thresholds of the scenario, and for limits of times the goodput: the share of attempts that got a good
 * answer within the limit. */
#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "report_html.h"
#include "report_numbers.h"
#include "report_sections.h"
#include "threshold.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_share(FILE *out, const struct dataset *data, size_t arm, double limit_s, bool is_first)
{
    const struct attempts *a = dataset_attempts(data, arm);
    const uint64_t n_within = attempts_n_within(a, (uint64_t)llround(limit_s * 1e9));
    report_number share;
    fprintf(out, "%s of %s to %s",
            n_within == 0 ? is_first ? "None" : "none" : report_numbers_share(n_within, attempts_n(a), share),
            is_first ? "the requests" : "those", data->arms[arm].series);
}

/* `between` separates it from the sentence before. */
static bool write_goodput(FILE *out, const struct dataset *data, const struct threshold *t,
                          const char *between)
{
    char limit[UNITS_TEXT_BYTES];
    const char *before = "";
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        if ((*t->scope && strcmp(t->scope, data->arms[arm].cluster) != 0) ||
            attempts_n(dataset_attempts(data, arm)) == 0)
            continue;
        fputs(*before ? before : between, out);
        write_share(out, data, arm, t->limit, !*before);
        before = " and ";
    }
    if (*before)
        fprintf(out, " got a good answer within %s.",
                units_duration_text((uint64_t)llround(t->limit * 1e9), limit));
    return *before;
}

static bool limits_a_time(const struct threshold *t)
{
    return t->metric == THRESHOLD_PERCENTILE && t->at_most && t->limit > 0;
}

void report_goodput(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    bool has_some = false;
    for (size_t i = 0; i < run->n_thresholds; i++) {
        struct threshold t = { 0 };
        struct err ignored;
        if (threshold_parse(&t, run->thresholds[i].text, &ignored))
            continue;
        if (limits_a_time(&t))
            has_some |= write_goodput(out, report->data, &t, has_some ? " " : "");
        free(t.text);
    }
}

void report_thresholds(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    if (run->n_thresholds == 0)
        return;
    fputs("<h3>Thresholds of the scenario</h3>\n", out);
    report_html_table(out, "threshold|of|#measured|result");
    for (size_t i = 0; i < run->n_thresholds; i++) {
        const struct threshold_result *result = &run->thresholds[i];
        char value[UNITS_TEXT_BYTES];
        report_html_row(out);
        report_html_cell(out, "%s", result->text);
        report_html_cell(out, "%s", result->scope ? result->scope : "all");
        report_html_number(out, "%s", threshold_result_text(result, value));
        report_html_cell(out, "%s", threshold_held_words(result->held));
        report_html_row_end(out);
    }
    report_html_table_end(out);
    char *goodput = report_prose(report_goodput, report);
    fputs("<p>", out);
    report_html_text(out, goodput ? goodput : "");
    fputs("</p>\n", out);
    free(goodput);
}
