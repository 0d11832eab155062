/* The generators that made the load: which share this run is, or each generator of a merged run. */
#include "dataset.h"
#include "report_html.h"
#include "report_sections.h"
#include "run_generators.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of more generators only those that stand out have a row. */
enum { ROWS_MOST = 64 };

static const char *time_text(double us, char text[UNITS_TEXT_BYTES])
{
    return units_time_text((uint64_t)llround(fabs(us) * 1e3), text);
}

static void time_cell(FILE *out, double us)
{
    char text[UNITS_TEXT_BYTES];
    if (isfinite(us))
        report_html_number(out, "%s%s", us < 0 ? "-" : "", time_text(us, text));
    else
        report_html_number(out, " ");
}

/* "250 ms ± 21 us" */
static void clock_cell(FILE *out, const struct summary_generator *g)
{
    char ahead[UNITS_TEXT_BYTES], error[UNITS_TEXT_BYTES];
    if (isfinite(g->clock_offset_us) && g->clock_error_us > 0)
        report_html_number(out, "%s%s ± %s", g->clock_offset_us < 0 ? "-" : "",
                           time_text(g->clock_offset_us, ahead), time_text(g->clock_error_us, error));
    else
        time_cell(out, g->clock_offset_us);
}

static const char *row_class(const struct summary_generator *g)
{
    if (strcmp(g->end, "done") != 0 || strcmp(g->level, "INVALID") == 0)
        return "invalid";
    return strcmp(g->level, "WARN") == 0 ? "warn" : "fine";
}

static void write_row(FILE *out, const struct summary_generator *g)
{
    char text[UNITS_TEXT_BYTES];
    const char *state = summary_generator_state(g);
    fprintf(out, "<tr class=\"%s\">", row_class(g));
    report_html_cell(out, "%s", *state ? state : "OK");
    report_html_number(out, "%s", g->share > 0 ? units_count_text(g->share, text) : " ");
    report_html_cell(out, "%s", g->host ? g->host : "unknown");
    report_html_number(out, "%s", summary_generator_is_missing(g) ? " " : units_count_text(g->n_sent, text));
    time_cell(out, g->lag_p99_us);
    if (isfinite(g->cpu_pct))
        report_html_number(out, "%.0f %%", g->cpu_pct);
    else
        report_html_number(out, " ");
    clock_cell(out, g);
    time_cell(out, g->start_late_us);
    report_html_row_end(out);
}

/* "The plan was divided among 4 generators, of which 1 is missing." */
static void write_number(FILE *out, const struct summary_generator *rows, size_t n)
{
    size_t n_missing = 0;
    char text[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < n; i++)
        n_missing += summary_generator_is_missing(&rows[i]);
    fprintf(out,
            rows[0].share > 0 ? "<p>The plan was divided among %s generator%s"
                              : "<p>%s generator%s made the load",
            units_count_text(n, text), n == 1 ? "" : "s");
    if (n_missing > 0)
        fprintf(out, ", of which %s %s missing", units_count_text(n_missing, text),
                n_missing == 1 ? "is" : "are");
    fputs(".</p>\n", out);
}

static void write_rows(FILE *out, const struct summary_generator *rows, size_t n)
{
    size_t n_shown = 0;
    char text[UNITS_TEXT_BYTES];
    report_html_table(out, "verdict|#share|host|#sent|#lag p99|#CPU|#clock ahead|#start late");
    for (size_t i = 0; i < n && n_shown < ROWS_MOST; i++)
        if (n <= ROWS_MOST || summary_generator_stands_out(&rows[i])) {
            write_row(out, &rows[i]);
            n_shown++;
        }
    report_html_table_end(out);
    fputs("<p class=\"note\">", out);
    if (n_shown < n)
        fprintf(out, "%s more are in run.json. ", units_count_text(n - n_shown, text));
    fputs(
        "Verdict: the worst of the generator's own checks, or how it ended. Sent includes warm-up. Lag: how "
        "much later than due requests were sent. CPU: of one processor. Clock ahead: of the first "
        "generator's wall clock, which only loadgen-fleet measures and corrects. Start late: after the "
        "common start.</p>\n",
        out);
}

void report_setup_generators(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    size_t n = 0;
    struct summary_generator *rows = run_generators(run, &n);
    if (run->share > 0)
        fprintf(out,
                "<p>This is share %" PRIu64 " of %" PRIu64
                " of the plan. Connections, users and rates are those of all shares together.</p>\n",
                run->share, run->n_shares);
    if (n > 0) {
        fprintf(out, "<h3>The generators%s</h3>\n", report->first_run ? ", at the first run" : "");
        write_number(out, rows, n);
        write_rows(out, rows, n);
    }
    free(rows);
}
