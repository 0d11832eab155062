/* The ratio of two clusters by percentile, where runs were compared. */
#include "report.h"

#include "report_html.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>

static void write_number(FILE *out, double value)
{
    char text[UNITS_TEXT_BYTES];
    report_html_number(out, "%s", isfinite(value) ? units_number_text(value, text) : "");
}

static void write_row(FILE *out, const struct report_compare_row *row)
{
    char lo[UNITS_TEXT_BYTES], hi[UNITS_TEXT_BYTES];
    report_html_row(out);
    if (row->p_ppm > 0)
        report_html_cell(out, "%s p%.9g", row->metric, (double)row->p_ppm / 1e4);
    else
        report_html_cell(out, "%s", row->metric);
    write_number(out, row->ratio);
    if (isfinite(row->lo) && isfinite(row->hi))
        report_html_number(out, "%s to %s", units_number_text(row->lo, lo), units_number_text(row->hi, hi));
    else
        report_html_number(out, " ");
    report_html_cell(out, "%s", row->decision);
    write_number(out, row->diff_us / 1e3);
    write_number(out, row->p_value);
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
        report_html_table(out, "metric|#ratio|#95 % interval|decision|#ms longer|#p (Holm)|#pairs");
        for (size_t i = 0; i < report->compare.n; i++)
            write_row(out, &report->compare.rows[i]);
        report_html_table_end(out);
    }
    report_sources(out, report, "Data", "compare.csv pairs.csv");
    report_figure(out, report, "pairs");
    report_section_end(out);
}
