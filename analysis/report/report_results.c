/* The first section of a run's page: the answer, how reliable it is, and the numbers of each cluster. */
#include "dataset.h"
#include "report_html.h"
#include "report_numbers.h"
#include "report_page.h"
#include "report_sections.h"
#include "text_out.h"

#include <stdlib.h>

static void write_good_times(FILE *out, const struct report_numbers *n, bool has_cut_off)
{
    report_html_row(out);
    report_html_cell(out, "of successes");
    for (int i = 0; i < 3 + has_cut_off; i++)
        report_html_number(out, " ");
    for (size_t i = 0; i < REPORT_NUMBERS_TIMES; i++)
        report_html_number(out, "%s", n->good_times[i]);
    report_html_number(out, " ");
    report_html_row_end(out);
}

static void write_arm(FILE *out, const struct dataset *data, size_t arm, bool has_cut_off)
{
    struct report_numbers n;
    report_numbers_of(data, arm, &n);
    report_html_row(out);
    report_html_cell(out, "%s", n.series);
    report_html_number(out, "%s", n.attempts);
    report_html_number(out, "%s", n.failed);
    if (has_cut_off)
        report_html_number(out, "%s", n.cut_off);
    report_html_number(out, "%s", n.rate);
    for (size_t i = 0; i < REPORT_NUMBERS_TIMES; i++)
        report_html_number(out, "%s", n.times[i]);
    report_html_number(out, "%s", n.slowest);
    report_html_row_end(out);
    if (n.has_good_times)
        write_good_times(out, &n, has_cut_off);
}

static void write_results(FILE *out, const struct report *report)
{
    struct text_out legend;
    bool has_cut_off = false;
    for (size_t arm = 0; arm < report->data->n_arms; arm++)
        has_cut_off |= dataset_attempts(report->data, arm)->n_censored > 0;
    report_html_table(out, has_cut_off
                               ? "cluster|#requests|#failed|#cut off|#good/s|#p50|#p90|#p99|#p99.9|#slowest"
                               : "cluster|#requests|#failed|#good/s|#p50|#p90|#p99|#p99.9|#slowest");
    for (size_t arm = 0; arm < report->data->n_arms; arm++)
        write_arm(out, report->data, arm, has_cut_off);
    report_html_table_end(out);
    if (text_out_begin(&legend))
        report_numbers_legend(legend.file, report->data);
    char *text = text_out_end(&legend);
    fputs("<p class=\"note\">", out);
    report_html_text(out, text ? text : "");
    fputs("</p>\n", out);
    free(text);
    report_sources(out, report, "Data", "percentiles.csv intervals.csv run.json");
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
