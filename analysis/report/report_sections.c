/* The sections that are hardly more than figures. */
#include "report_sections.h"

#include "report_figure.h"
#include "report_html.h"
#include "report_page.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { WORDS_BYTES = 80 };

static void write_row(FILE *out, const struct report_compare_row *row)
{
    char lo[UNITS_TEXT_BYTES], hi[UNITS_TEXT_BYTES], words[WORDS_BYTES];
    const double unit = strcmp(row->unit, "us") == 0 ? 1000 : 1; /* times in ms */
    report_html_row(out);
    fputs("<td class=\"prose\">", out);
    report_html_text(out, report_compare_words(row, words, sizeof words));
    fputs("</td>", out);
    report_html_value(out, row->a / unit);
    report_html_value(out, row->b / unit);
    report_html_value(out, row->ratio);
    if (isfinite(row->lo) && isfinite(row->hi))
        report_html_number(out, "%s to %s", units_number_text(row->lo, lo), units_number_text(row->hi, hi));
    else
        report_html_number(out, " ");
    report_html_cell(out, "%s", report_compare_decision(row, words, sizeof words));
    report_html_value(out, row->diff_us / 1e3);
    report_html_value(out, row->p_value);
    report_html_number(out, "%" PRIu64, row->n_pairs);
    report_html_row_end(out);
}

void report_section_ratio(FILE *out, const struct report *report)
{
    if (report->compare.n == 0 && !report_figure_is_there(report, "ratio"))
        return;
    report_section_begin(out, "ratio", "Ratio by percentile");
    report_figure(out, report, "ratio");
    if (report->compare.n > 0) {
        report_html_table(out, "|#A|#B|#ratio B/A|#95 % interval|decision|#ms longer|#p (Holm)|#pairs");
        for (size_t i = 0; i < report->compare.n; i++)
            write_row(out, &report->compare.rows[i]);
        report_html_table_end(out);
        fputs("<p class=\"note\">", out);
        if (report->name_of_a && report->name_of_b)
            report_html_printf(out, "A is %s, B is %s. ", report->name_of_a, report->name_of_b);
        fputs("Times in ms, geometric means over the runs.</p>\n", out);
    }
    report_sources(out, report, "Data", "compare.csv pairs.csv");
    report_figure(out, report, "pairs");
    report_section_end(out);
}

void report_section_spectrum(FILE *out, const struct report *report)
{
    report_section_begin(out, "spectrum", "Times by percentile");
    report_figure(out, report, "spectrum");
    report_figure(out, report, "ecdf");
    report_section_end(out);
}

void report_section_time(FILE *out, const struct report *report)
{
    static const char *const figures[] = { "bands", "throughput", "heatmap", "cloudwatch", NULL };
    report_section_begin(out, "time", "Over time");
    for (const char *const *name = figures; *name; name++)
        report_figure(out, report, *name);
    report_sources(out, report, "Measured data", "intervals.csv errors.csv cloudwatch.csv");
    report_section_end(out);
}

void report_section_health(FILE *out, const struct report *report)
{
    report_section_begin(out, "health", "Health of the generator");
    report_figure(out, report, "health");
    report_sources(out, report, "Measured data", "health.csv");
    report_section_end(out);
}
