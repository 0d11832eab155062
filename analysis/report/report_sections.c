/* The sections that are hardly more than figures. */
#include "report_sections.h"

#include "report_figure.h"
#include "report_html.h"
#include "report_page.h"
#include "units.h"

#include <inttypes.h>
#include <string.h>

enum { WORDS_BYTES = 80, COLUMNS_BYTES = 400 };

/* A label comes from outside; '|' ends a column, and '#' begins one of numbers. */
static const char *label_of(const char *name, const char *otherwise, char out[WORDS_BYTES])
{
    snprintf(out, WORDS_BYTES, "%s", name ? name : otherwise);
    for (char *c = out; *c; c++)
        *c = *c == '|' ? '/' : *c;
    return out;
}

static void begin_table(FILE *out, const struct report *report)
{
    char columns[COLUMNS_BYTES], a[WORDS_BYTES], b[WORDS_BYTES];
    label_of(report->name_of_a, "A", a);
    label_of(report->name_of_b, "B", b);
    snprintf(columns, sizeof columns,
             "|decision|#%s|#%s|#ratio %s/%s|#95 %% interval|#ms longer|#p (Holm)|#pairs", a, b, b, a);
    report_html_table(out, columns);
}

static void write_row(FILE *out, const struct report_compare_row *row)
{
    char words[WORDS_BYTES], number[UNITS_TEXT_BYTES];
    report_html_row(out);
    fputs("<td class=\"prose\">", out);
    report_html_text(out, report_compare_words(row, words, sizeof words));
    fputs("</td>", out);
    report_html_cell(out, "%s", report_compare_decision(row, words, sizeof words));
    report_html_number(out, "%s", report_compare_typical(row, false, number));
    report_html_number(out, "%s", report_compare_typical(row, true, number));
    report_html_number(out, "%s", report_compare_ratio(row, words, sizeof words));
    report_html_number(out, "%s", report_compare_interval(row, words, sizeof words));
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
        begin_table(out, report);
        for (size_t i = 0; i < report->compare.n; i++)
            write_row(out, &report->compare.rows[i]);
        report_html_table_end(out);
        fprintf(out,
                "<p class=\"note\">Times over all attempts%s; rows without the generator's share and of the "
                "typical instance decide nothing.</p>\n",
                report->compare.rows[0].n_pairs > 1
                    ? ", geometric means over the runs, medians where a run has no exact time"
                    : "");
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
