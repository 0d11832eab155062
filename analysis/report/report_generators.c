/* Where several generators sent the load: which share this run is, or each generator of a merged one. */
#include "dataset.h"
#include "report_html.h"
#include "report_sections.h"
#include "run_generators.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static void time_cell(FILE *out, double us)
{
    char text[UNITS_TEXT_BYTES];
    if (isfinite(us))
        report_html_number(out, "%s%s", us < 0 ? "-" : "",
                           units_time_text((uint64_t)llround(fabs(us) * 1e3), text));
    else
        report_html_number(out, " ");
}

static void write_row(FILE *out, const struct summary_generator *g)
{
    char text[UNITS_TEXT_BYTES];
    report_html_row(out);
    if (g->share > 0)
        report_html_number(out, "%" PRIu64, g->share);
    else
        report_html_number(out, " ");
    report_html_cell(out, "%s", g->host ? g->host : "unknown");
    report_html_number(out, "%s", units_count_text(g->n_sent, text));
    time_cell(out, g->lag_p99_us);
    if (isfinite(g->cpu_pct))
        report_html_number(out, "%.0f %%", g->cpu_pct);
    else
        report_html_number(out, " ");
    time_cell(out, g->clock_offset_us);
    report_html_cell(out, "%s", summary_generator_state(g));
    report_html_row_end(out);
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
        fputs("<h3>The generators</h3>\n", out);
        report_html_table(out, "#share|host|#sent|#lag p99|#CPU|#clock ahead|");
        for (size_t i = 0; i < n; i++)
            write_row(out, &rows[i]);
        report_html_table_end(out);
    }
    free(rows);
}
