/* What was checked of the generator and the run: the advice, then the rules, those that warned first. */
#include "dataset.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "summary_checks.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MOST = 20 };

/* Stable: keeps the file's order within a level. */
static int worse_first(const void *a, const void *b)
{
    const struct derived_check *const *x = a, *const *y = b;
    const int difference = summary_severity((*y)->level) - summary_severity((*x)->level);
    return difference ? difference : (*x > *y) - (*x < *y);
}

static void write_number(FILE *out, double value, const char *unit)
{
    char text[UNITS_TEXT_BYTES];
    if (isfinite(value))
        report_html_number(out, "%s %s", units_number_text(value, text), unit ? unit : "");
    else
        report_html_number(out, " ");
}

static bool is_kind(const struct derived_check *a, const struct derived_check *b)
{
    return strcmp(a->rule, b->rule) == 0 && strcmp(a->what, b->what) == 0 && strcmp(a->level, b->level) == 0;
}

/* Whether `a` is nearer to its limit. Rules with `invalid` below `warn` limit low values. */
static bool is_nearer(const struct derived_check *a, const struct derived_check *b)
{
    const bool is_below = a->invalid < a->warn;
    return is_below ? a->value < b->value : a->value > b->value;
}

/* How many checks that held this row stands for: 0 unless it is the nearest to its limit of its kind. A
 * check that did not hold stands for itself. */
static size_t stands_for(const struct run_json *run, const struct derived_check *check)
{
    size_t n = 0;
    if (summary_severity(check->level) > 0)
        return 1;
    for (size_t i = 0; i < run->n_checks; i++) {
        const struct derived_check *other = &run->checks[i];
        if (!is_kind(check, other))
            continue;
        if (is_nearer(other, check) || (other < check && !is_nearer(check, other)))
            return 0;
        n++;
    }
    return n;
}

static void write_check(FILE *out, const struct derived_check *check, size_t n)
{
    fprintf(out, "<tr class=\"%s\">",
            summary_severity(check->level) == 2 ? "invalid"
            : summary_severity(check->level)    ? "warn"
                                                : "fine");
    report_html_cell(out, "%s", check->level);
    report_html_cell(out, "%s", check->rule);
    fputs("<td class=\"prose\">", out);
    report_html_printf(out, "%s: %s", check->scope, check->what);
    if (n > 1)
        report_html_printf(out, " (the nearest to its limit of %zu)", n);
    fputs("</td>", out);
    write_number(out, check->value, check->unit);
    write_number(out, check->warn, "");
    write_number(out, check->invalid, "");
    report_html_row_end(out);
}

static void write_checks(FILE *out, const struct run_json *run)
{
    const struct derived_check **sorted = calloc(run->n_checks + 1, sizeof *sorted);
    if (!sorted)
        return;
    for (size_t i = 0; i < run->n_checks; i++)
        sorted[i] = &run->checks[i];
    if (run->n_checks > 1)
        qsort(sorted, run->n_checks, sizeof(struct derived_check *), worse_first);
    report_html_table(out, "level|rule|what|#value|#warns at|#invalid at");
    for (size_t i = 0; i < run->n_checks; i++) {
        const size_t n = stands_for(run, sorted[i]);
        if (n > 0)
            write_check(out, sorted[i], n);
    }
    report_html_table_end(out);
    free(sorted);
}

static void write_advice(FILE *out, const struct run_json *run)
{
    struct summary_check lines[LINES_MOST];
    const size_t n = summary_checks(run->checks, run->n_checks, lines, LINES_MOST);
    if (n > 0)
        fputs("<ul>\n", out);
    for (size_t i = 0; i < n; i++) {
        const struct derived_check *worst = lines[i].worst;
        char value[UNITS_TEXT_BYTES], limit[UNITS_TEXT_BYTES];
        fputs("<li><strong>", out);
        report_html_printf(out, "%s %s", worst->level, worst->rule);
        fputs("</strong> ", out);
        report_html_printf(out, "%s: %s: %s %s, limit %s %s", worst->scope, worst->what,
                           units_number_text(worst->value, value), worst->unit ? worst->unit : "",
                           units_limit_text(summary_check_limit(worst), limit),
                           worst->unit ? worst->unit : "");
        if (lines[i].n_more > 0)
            report_html_printf(out, ", and %zu more of its kind", lines[i].n_more);
        report_html_printf(out, ". %s", worst->advice ? worst->advice : "");
        fputs("</li>\n", out);
    }
    if (n > 0)
        fputs("</ul>\n", out);
}

void report_checks(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    fputs("<h3>What was checked</h3>\n", out);
    write_advice(out, run);
    write_checks(out, run);
    report_sources(out, report, "Data", "checks.csv health.csv");
}
