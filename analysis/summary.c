#include "summary.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "instances.h"
#include "table.h"
#include "term.h"
#include "threshold.h"
#include "units.h"
#include "verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_BEYOND = 10, SHAPE_CELLS = 48, INSTANCES_SHOWN = 12, PROSE_COLUMNS = 86, RULES_MOST = 20 };

static const uint32_t percentiles_ppm[] = { 500000, 900000, 990000, 999000 };
enum { N_PERCENTILES = sizeof percentiles_ppm / sizeof *percentiles_ppm };

/* The slowest request of an arm, exactly where run.json has it. */
static uint64_t exact_max_ns(const struct dataset *data, size_t arm)
{
    uint64_t max_ns = 0;
    for (size_t i = 0; i < data->tags.n; i++) {
        const struct dataset_tag *role = &data->roles[i];
        if (role->is_latency && role->arm == arm && !role->phase->warmup && role->exact_max_ns > max_ns)
            max_ns = role->exact_max_ns;
    }
    return max_ns ? max_ns : data->latency[arm]->max_ns;
}

/* The cells of an arm's times; true when one of them rests on few samples. */
static bool add_times(struct table *t, const struct dataset *data, size_t arm, struct facts_unit unit)
{
    const struct hist *h = data->latency[arm];
    char text[UNITS_TEXT_BYTES];
    bool has_star = false;
    for (int i = 0; i < N_PERCENTILES; i++) {
        const bool few = h->n > 0 && hist_n_beyond(h->n, percentiles_ppm[i]) < FEW_BEYOND;
        has_star |= few;
        table_cell(t, "%s%s",
                   h->n ? units_number_text((double)hist_value_at_ppm(h, percentiles_ppm[i]) / unit.ns, text)
                        : "-",
                   few ? "*" : "");
    }
    table_cell(t, "%s", h->n ? units_number_text((double)exact_max_ns(data, arm) / unit.ns, text) : "-");
    return has_star;
}

static bool add_arm(struct table *t, const struct dataset *data, size_t arm, struct facts_unit unit)
{
    const struct facts facts = facts_of_arm(data, arm);
    char text[UNITS_TEXT_BYTES];
    table_cell(t, "%s", data->arms[arm].cluster);
    table_cell(t, "%s",
               strcmp(data->arms[arm].label, data->arms[arm].cluster) != 0 ? data->arms[arm].label : "");
    table_cell(t, "%s", units_count_text(facts.ok_n + facts.err_n, text));
    table_cell(t, "%s", facts.err_known ? units_count_text(facts.err_n, text) : "?");
    table_cell(t, isfinite(facts.per_s) ? "%s/s" : "-", units_number_text(facts.per_s, text));
    const bool has_star = add_times(t, data, arm, unit);
    table_end_row(t);
    return has_star;
}

static int print_table(FILE *out, const struct dataset *data)
{
    static const char *const heads[] = { "",    "",    "requests", "errors", "ok rate",
                                         "p50", "p90", "p99",      "p99.9",  "max" };
    struct table t = { 0 };
    const struct facts_unit unit = facts_unit(data);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_column(&t, i < 2 ? TABLE_LEFT : TABLE_RIGHT, i < 5 ? 2 : 3);
    table_column(&t, TABLE_LEFT, 3);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_cell(&t, "%s", heads[i]);
    table_cell(&t, "%s, %s of ok answers", unit.name, facts_headline_words(data));
    bool has_star = false;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        has_star |= add_arm(&t, data, arm, unit);
    const int status = table_print(&t, out);
    table_fini(&t);
    if (has_star)
        fprintf(out, "  * fewer than %d samples beyond\n", FEW_BEYOND);
    return status;
}

/* A histogram in one line: eight heights, on an axis of log time that all arms share. */
static void print_shape(FILE *out, const struct hist *h, double lo_ns, double hi_ns)
{
    static const char *const heights[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    uint64_t cells[SHAPE_CELLS] = { 0 }, most = 1;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++) {
        const double at = log(fmax((double)hist_highest_ns(i), 1) / lo_ns) / log(hi_ns / lo_ns);
        const int cell = (int)(at * SHAPE_CELLS);
        uint64_t *count = &cells[cell < 0 ? 0 : cell >= SHAPE_CELLS ? SHAPE_CELLS - 1 : cell];
        *count += hist_count(h, i);
        most = *count > most ? *count : most;
    }
    for (int i = 0; i < SHAPE_CELLS; i++)
        fputs(heights[cells[i] ? 1 + cells[i] * 7 / most : 0], out); // NOLINT(*DivideZero): 1 at least
}

static void print_shapes(FILE *out, const struct dataset *data)
{
    double lo_ns = INFINITY, hi_ns = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const struct hist *h = data->latency[arm];
        if (h->n == 0)
            continue;
        lo_ns = fmin(lo_ns, fmax((double)hist_lowest_ns(hist_first(h)), 1));
        hi_ns = fmax(hi_ns, (double)hist_highest_ns(hist_last(h)));
    }
    if (!(hi_ns > lo_ns))
        return;
    char lo[UNITS_TEXT_BYTES], hi[UNITS_TEXT_BYTES];
    units_duration_text((uint64_t)lo_ns, lo);
    units_duration_text((uint64_t)hi_ns, hi);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        fprintf(out, "  %-10.10s  %s ", arm == 0 ? "shape" : "", lo);
        print_shape(out, data->latency[arm], lo_ns, hi_ns);
        fprintf(out, " %s   %s\n", hi, data->arms[arm].label);
    }
    fputs("\n", out);
}

static void print_arm_instances(FILE *out, const struct dataset *data, const struct instances *instances,
                                size_t arm, bool first)
{
    size_t n = 0;
    uint64_t least = UINT64_MAX, most = 0;
    const struct instance_row *any = NULL;
    for (size_t i = 0; i < instances->n; i++) {
        const struct instance_row *row = &instances->rows[i];
        if (row->arm != arm)
            continue;
        any = row;
        n++;
        least = row->requests_n < least ? row->requests_n : least;
        most = row->requests_n > most ? row->requests_n : most;
    }
    if (!any)
        return;
    fprintf(out, "  %-10s  %s ", first ? "instances" : "", data->arms[arm].cluster);
    for (size_t i = 0; n <= INSTANCES_SHOWN && i < instances->n; i++)
        if (instances->rows[i].arm == arm)
            fprintf(out, " %llu", (unsigned long long)instances->rows[i].requests_n);
    if (n > INSTANCES_SHOWN)
        fprintf(out, " %zu of them, %llu to %llu each", n, (unsigned long long)least,
                (unsigned long long)most);
    const char *words = instances_words(any);
    const uint64_t unkept_n = instances_unkept(instances, arm);
    char text[UNITS_TEXT_BYTES];
    if (unkept_n > 0)
        fprintf(out, "   %s answers are in none: there are more ids than are kept\n",
                units_count_text(unkept_n, text));
    else
        fprintf(out, "%s%s\n", *words ? "   " : "", words);
}

static void print_instances(FILE *out, const struct dataset *data)
{
    struct instances instances;
    struct err ignored;
    if (!instances_read(&instances, data->folder, data->arms, data->n_arms, &ignored))
        for (size_t arm = 0; arm < data->n_arms; arm++)
            print_arm_instances(out, data, &instances, arm, arm == 0);
    instances_fini(&instances);
}

/* Prose in a column of its own. */
static void print_wrapped(FILE *out, const char *text)
{
    while (*text) {
        size_t n = strlen(text);
        if (n > PROSE_COLUMNS) {
            n = PROSE_COLUMNS;
            while (n > 0 && text[n] != ' ')
                n--;
            n = n ? n : PROSE_COLUMNS;
        }
        fprintf(out, "%14s%.*s\n", "", (int)n, text);
        text += n;
        text += strspn(text, " ");
    }
}

static void print_check(FILE *out, const struct verdict_line *line)
{
    char value[UNITS_TEXT_BYTES], limit[UNITS_TEXT_BYTES];
    const struct run_check *check = line->worst;
    fprintf(out, "\n  %-10s  %s %s: %s: %s %s, limit %s %s", check->level, check->rule, check->scope,
            check->what, units_number_text(check->value, value), check->unit,
            units_limit_text(verdict_limit(check), limit), check->unit);
    if (line->n_more > 0)
        fprintf(out, "; %zu more in checks.csv", line->n_more);
    fputs("\n", out);
    print_wrapped(out, check->advice);
}

static void print_verdict(FILE *out, const struct run_json *run)
{
    fprintf(out, "  %-10s  %s%s\n", "verdict", run->verdict,
            strcmp(run->verdict, "INVALID") == 0 ? "   the generator cannot be excluded as the cause" : "");
    for (size_t i = 0; i < run->n_thresholds; i++) {
        char value[UNITS_TEXT_BYTES];
        const struct run_threshold *t = &run->thresholds[i];
        if (!t->held)
            fprintf(out, "  %-10s  missed: %s; it was %s\n", "threshold", t->text,
                    threshold_value_text(t->unit, t->value, value));
    }
}

static void print_rules(FILE *out, const struct run_json *run)
{
    struct verdict_line lines[RULES_MOST];
    const size_t n = verdict_lines(run, lines, RULES_MOST);
    for (size_t i = 0; i < n; i++)
        print_check(out, &lines[i]);
}

int summary_print(FILE *out, const struct dataset *data)
{
    const struct run_json *run = &data->run;
    char text[UNITS_TEXT_BYTES];
    fprintf(out, "%s   %s   %s%s%s\n\n", run->name, run->started_utc,
            units_duration_text((uint64_t)(run->duration_s * 1e9), text), run->emulated ? "   emulated" : "",
            strcmp(run->end, "done") == 0 ? ""
            : data->is_running            ? "   goes on, or was killed"
                                          : "   ended early");
    const int status = print_table(out, data);
    fputs("\n", out);
    print_shapes(out, data);
    print_instances(out, data);
    print_verdict(out, run);
    for (size_t i = 0; i < data->whole.n; i++)
        fprintf(out, "  %-10s  %s\n", i == 0 ? "files" : "", data->whole.notes[i].text);
    fprintf(out, "  %-10s  ", "results");
    term_next(out, data->folder, "loadgen analysis figures");
    print_rules(out, run);
    return status;
}
