/* How evenly the load balancer distributed requests, and how fast each instance answered. */
#include "arms.h"
#include "dataset.h"
#include "facts.h"
#include "report_figure.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "units.h"

#include <math.h>
#include <string.h>

enum { ROWS_SHOWN = 100 };

static void write_row(FILE *out, const struct instance_row *row, struct facts_unit unit)
{
    char n[UNITS_TEXT_BYTES], err[UNITS_TEXT_BYTES];
    report_html_row(out);
    fputs("<td>", out);
    if (*row->instance) {
        fputs("<code>", out);
        report_html_text(out, row->instance);
        fputs("</code>", out);
    } else {
        fputs("not named by the answer", out);
    }
    fputs("</td>", out);
    report_html_number(out, "%s", units_count_text(row->requests_n, n));
    report_html_number(out, "%s", units_count_text(row->err_n, err));
    report_html_value(out, row->expected_n);
    if (isfinite(row->band_lo_n) && isfinite(row->band_hi_n))
        report_html_number(out, "%.0f to %.0f", ceil(row->band_lo_n), floor(row->band_hi_n));
    else
        report_html_number(out, " ");
    report_html_value(out, row->p50_us * 1e3 / unit.ns);
    report_html_value(out, row->p99_us * 1e3 / unit.ns);
    report_html_row_end(out);
}

/* The first row of an arm with an instance's name, or NULL; chi-square is the same in each. */
static const struct instance_row *first_of_arm(const struct instances *instances, size_t arm)
{
    for (size_t i = 0; i < instances->n; i++)
        if (instances->rows[i].arm == arm && *instances->rows[i].instance)
            return &instances->rows[i];
    return NULL;
}

static void write_words(FILE *out, const struct instance_row *row)
{
    const char *words = instances_words(row);
    if (!*words)
        return;
    char chi2[UNITS_TEXT_BYTES], p[UNITS_TEXT_BYTES];
    fputs("<p>", out);
    report_html_printf(out, "The answers are %s: chi-square is %s with %.0f degrees of freedom. ", words,
                       units_number_text(row->chi2, chi2), row->df);
    if (instances_answer(row) == BALANCE_ROUND_ROBIN)
        fputs(
            "By chance the counts would be so even in fewer than one run in a thousand (exact test of their "
            "range, of the whole run or of each second).",
            out);
    else
        report_html_printf(out, "Chance makes them at least so uneven with p = %s.",
                           units_number_text(row->p_uneven, p));
    fputs("</p>\n", out);
}

static void write_unkept(FILE *out, uint64_t unkept_n)
{
    char text[UNITS_TEXT_BYTES];
    if (unkept_n == 0)
        return;
    fputs("<p>", out);
    report_html_printf(
        out,
        "%s ok answers are in no instance: there were more ids than are kept. What follows speaks of those "
        "that are, and nothing can be said of how evenly the requests were shared out. What the "
        "scenario captures as {instance} is perhaps something else, such as a request's id.",
        units_count_text(unkept_n, text));
    fputs("</p>\n", out);
}

static void write_arm(FILE *out, const struct report *report, size_t arm)
{
    const struct dataset *data = report->data;
    const struct facts_unit unit = facts_unit(data);
    size_t n = 0;
    fputs("<h3>", out);
    report_html_text(out, data->arms[arm].series);
    fputs("</h3>\n", out);
    write_words(out, first_of_arm(&report->instances, arm));
    write_unkept(out, instances_unkept(&report->instances, arm));
    char columns[200];
    snprintf(columns, sizeof columns,
             "instance|#requests|#failed|#even share|#expected by chance|#p50 of successes, %s|#p99 of "
             "successes, %s",
             unit.name, unit.name);
    report_html_table(out, columns);
    for (size_t i = 0; i < report->instances.n; i++)
        if (report->instances.rows[i].arm == arm && n++ < ROWS_SHOWN)
            write_row(out, &report->instances.rows[i], unit);
    report_html_table_end(out);
    if (n > ROWS_SHOWN) {
        char text[UNITS_TEXT_BYTES];
        fputs("<p class=\"note\">", out);
        report_html_printf(out, "%s more instances are in instances.csv.",
                           units_count_text(n - ROWS_SHOWN, text));
        fputs("</p>\n", out);
    }
}

void report_section_instances(FILE *out, const struct report *report)
{
    report_section_begin(out, "instances", "Instances");
    size_t n_named = 0;
    bool is_judged = false;
    for (size_t arm = 0; report->has_instances && arm < report->data->n_arms; arm++)
        if (first_of_arm(&report->instances, arm)) {
            write_arm(out, report, arm);
            is_judged |= instances_unkept(&report->instances, arm) == 0;
            n_named++;
        }
    if (n_named > 0 && is_judged)
        fputs("<p class=\"note\">What is expected by chance holds all counts of a cluster at once in 95 of "
              "100 runs "
              "if each request chose its instance by chance (Bonferroni).</p>\n",
              out);
    else if (n_named == 0)
        fputs("<p class=\"note\">The answers name no instance: the scenario captures none.</p>\n", out);
    report_sources(out, report, "Data", "instances.csv");
    report_figure(out, report, "instances");
    report_figure(out, report, "violin");
    report_section_end(out);
}
