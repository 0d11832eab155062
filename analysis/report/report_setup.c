/* How the runs were made: the load, the target, and the order. */
#include "caption.h"
#include "dataset.h"
#include "report_figure.h"
#include "report_html.h"
#include "report_machine.h"
#include "report_page.h"
#include "report_sections.h"
#include "text_out.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_load(FILE *out, const struct report *report)
{
    struct text_out load;
    if (text_out_begin(&load))
        caption_load(load.file, report->data);
    char *text = text_out_end(&load);
    fputs("<p>", out);
    report_html_text(out, text ? text : "");
    free(text);
    const struct run_json *run = &report->data->run;
    char duration[UNITS_TEXT_BYTES];
    report_html_printf(
        out, "All streams ran side by side in one run of %s, begun %s, with seed %" PRIu64 ". ",
        units_duration_text((uint64_t)(run->duration_s * 1e9), duration), run->started_utc, run->seed);
    if (run->target_url)
        report_html_printf(out, "The target was %s.", run->target_url);
    for (size_t i = 0; i < run->n_streams; i++)
        if (run->streams[i].target)
            report_html_printf(out, " %s was sent to %s.", run->streams[i].name, run->streams[i].target);
    fputs("</p>\n", out);
}

/* The load of a phase: "1 000 requests", "pause", "500 per second". */
static void phase_text(const struct run_phase *phase, char *text, size_t bytes)
{
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    if (isfinite(phase->rate_per_s) && isfinite(phase->rate_end_per_s) &&
        phase->rate_end_per_s != phase->rate_per_s) /* NOLINT: both as they stand in the file */
        snprintf(text, bytes, "%s, %s to %s per second", phase->kind, units_limit_text(phase->rate_per_s, a),
                 units_limit_text(phase->rate_end_per_s, b));
    else if (isfinite(phase->rate_per_s))
        snprintf(text, bytes, "%s per second", units_limit_text(phase->rate_per_s, a));
    else if (isfinite(phase->requests_n))
        snprintf(text, bytes, "%s requests", units_count_text((uint64_t)phase->requests_n, a));
    else
        snprintf(text, bytes, "%s", phase->kind);
}

static void write_phase(FILE *out, const struct run_phase *phase)
{
    char text[120], number[UNITS_TEXT_BYTES];
    phase_text(phase, text, sizeof text);
    report_html_row(out);
    report_html_cell(out, "%s", phase->stream);
    report_html_cell(out, "%s", phase->cluster);
    report_html_cell(out, "%s%s", phase->phase, phase->warmup ? " (warm-up)" : "");
    report_html_cell(out, "%s", text);
    report_html_number(out, "%s",
                       isfinite(phase->start_s) ? units_number_text(phase->start_s, number) : "never");
    report_html_number(out, "%s", isfinite(phase->end_s) ? units_number_text(phase->end_s, number) : "never");
    report_html_row_end(out);
}

static void write_phases(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    report_html_table(out, "stream|cluster|phase|asked for|#from, s|#to, s");
    for (size_t i = 0; i < run->n_phases; i++)
        write_phase(out, &run->phases[i]);
    report_html_table_end(out);
    report_sources(out, report, "Data", "phases.csv");
}

static void write_cluster(FILE *out, const struct deployment_cluster *c)
{
    report_html_row(out);
    report_html_cell(out, "%s", c->name);
    report_html_number(out, "%" PRIu64, c->count);
    report_html_cell(out, "%s", c->instance_type ? c->instance_type : "unknown");
    report_html_cell(out, "%s", c->zone ? c->zone : "unknown");
    fputs("<td class=\"prose\">", out);
    report_html_text(out, c->specification ? c->specification : "unknown");
    fputs("</td>", out);
    if (isfinite(c->price_usd_per_hour))
        report_html_number(out, "%.4g", c->price_usd_per_hour);
    else
        report_html_number(out, "unknown");
    report_html_row_end(out);
}

static void write_cost(FILE *out, const struct deployment *d)
{
    fputs("<p class=\"note\">", out);
    report_html_printf(out, "Topology %s", d->topology ? d->topology : "without a name");
    report_html_printf(out, "%s%s; ", d->region ? ", region " : "", d->region ? d->region : "");
    report_html_printf(out, "provider: %s%s%s.", d->provider, d->app ? ", application: " : "",
                       d->app ? d->app : "");
    if (d->emulated)
        fputs(" Every instance is emulated by a process on one machine; type, specification and price are "
              "those that are imitated.",
              out);
    if (d->price_usd_per_hour > 0)
        report_html_printf(out, " All together cost %.4g USD per hour%s%s.", d->price_usd_per_hour,
                           d->prices_as_of ? ", prices of " : "", d->prices_as_of ? d->prices_as_of : "");
    else if (isfinite(d->price_usd_per_hour))
        fputs(" USD/h is what one such instance costs per hour on AWS; this deployment costs nothing.", out);
    fputs("</p>\n", out);
}

void report_setup_deployment(FILE *out, const struct report *report)
{
    if (!report->has_deployment) {
        fputs("<p class=\"note\">The target was no deployment of this toolkit, so its machines are "
              "unknown.</p>\n",
              out);
        return;
    }
    const struct deployment *d = &report->deployment;
    fputs("<h3>Instances</h3>\n", out);
    report_html_table(out, "cluster|#instances|type|zone|specification|#USD/h");
    for (size_t i = 0; i < d->n_clusters; i++)
        write_cluster(out, &d->clusters[i]);
    report_html_table_end(out);
    write_cost(out, d);
    char source[REPORT_PATH_BYTES];
    snprintf(source, sizeof source, "%s%sdeployment.json", report->first_run ? report->first_run : "",
             report->first_run ? "/" : "");
    report_sources(out, report, "Data", source);
    report_figure_diagram(out, report);
}

void report_setup_machine(FILE *out, const struct report *report)
{
    struct report_machine machine;
    report_machine_read(report, &machine);
    if (machine.n == 0)
        return;
    fprintf(out, "<h3>The machine that made the load%s</h3>\n<dl class=\"notes\">\n",
            report->first_run ? ", at the first run" : "");
    for (size_t i = 0; i < machine.n; i++) {
        fprintf(out, "<dt>%s</dt><dd>", machine.rows[i].name);
        report_html_text(out, machine.rows[i].text);
        fputs("</dd>\n", out);
    }
    fputs("</dl>\n<p class=\"note\">All of it, with the socket settings, is in run.json under host, network, "
          "tool and versions.</p>\n",
          out);
}

void report_text_machine(FILE *out, const struct report *report)
{
    struct report_machine machine;
    report_machine_read(report, &machine);
    for (size_t i = 0; i < machine.n; i++)
        fprintf(out, "%s  %-15s  %s\n", i == 0 ? "\n" : "", machine.rows[i].name, machine.rows[i].text);
}

void report_section_setup(FILE *out, const struct report *report)
{
    report_section_begin(out, "setup", "How the run was made");
    write_load(out, report);
    write_phases(out, report);
    report_setup_deployment(out, report);
    report_setup_generators(out, report);
    report_setup_machine(out, report);
    report_section_end(out);
}
