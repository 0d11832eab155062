/* The report as a LaTeX fragment, to be \input into a document that loads graphicx and booktabs. */
#include "report_tex.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "files.h"
#include "report.h"
#include "report_sections.h"
#include "report_tex_text.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_BEYOND = 10 };

static void write_arm(FILE *out, const struct dataset *data, size_t arm, struct facts_unit unit)
{
    static const uint32_t percentiles_ppm[] = { 500000, 900000, 990000, 999000 };
    const struct facts facts = facts_of_arm(data, arm);
    const struct hist *h = data->latency[arm];
    char n[UNITS_TEXT_BYTES], errors[UNITS_TEXT_BYTES], text[UNITS_TEXT_BYTES];
    report_tex_printf(out, "%s", data->arms[arm].series);
    fputs(" & ", out);
    report_tex_printf(out, "%s", units_count_text(facts.ok_n + facts.err_n, n));
    fputs(" & ", out);
    report_tex_printf(out, "%s", facts.err_known ? units_count_text(facts.err_n, errors) : "unknown");
    fputs(" & ", out);
    report_tex_printf(out, "%s", isfinite(facts.per_s) ? units_number_text(facts.per_s, text) : "--");
    for (size_t i = 0; i < sizeof percentiles_ppm / sizeof *percentiles_ppm; i++)
        fprintf(out, " & %s%s",
                h->n ? units_number_text((double)hist_value_at_ppm(h, percentiles_ppm[i]) / unit.ns, text)
                     : "--",
                h->n && hist_n_beyond(h->n, percentiles_ppm[i]) < FEW_BEYOND ? "\\rlap{*}" : "");
    fputs(" \\\\\n", out);
}

static void write_results(FILE *out, const struct dataset *data)
{
    const struct facts_unit unit = facts_unit(data);
    char caption[300];
    snprintf(caption, sizeof caption,
             "Results per cluster; times in %s: %s of successful requests outside of warm-up. An asterisk: "
             "fewer than 10 requests lie beyond.",
             strcmp(unit.name, "us") == 0 ? "µs" : unit.name, facts_headline_words(data));
    report_tex_table(out, "results", "lrrrrrrr",
                     "cluster & requests & errors & per s & $p_{50}$ & $p_{90}$ & $p_{99}$ & $p_{99.9}$",
                     caption);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        fputs("    ", out);
        write_arm(out, data, arm, unit);
    }
    report_tex_table_end(out);
}

static void write_method(FILE *out, const struct report *report)
{
    const struct dataset *data = report->data;
    const struct run_json *run = &data->run;
    char duration[UNITS_TEXT_BYTES];
    fputs("\\paragraph{Method.} ", out);
    fputs(
        data->headline == METRIC_RESPONSE
            ? "Latency is the response time, from the moment a request was due by the schedule to its "
              "complete response, so that requests which had to wait count in full. "
            : "Latency is the service time, from the first byte of a request sent to its complete response; "
              "each user sends the next request only after the answer to the last. ",
        out);
    fputs("Percentiles are nearest ranks, $r = \\max(1, \\lceil p n \\rceil)$, taken from merged histograms "
          "of three significant digits; none is an average of percentiles. Failed requests and warm-up are "
          "left out of the times and counted apart. ",
          out);
    report_tex_printf(out, "There was one run (%s) of %s, begun %s, by loadgen %s with seed %" PRIu64 ". ",
                      run->run_id, units_duration_text((uint64_t)(run->duration_s * 1e9), duration),
                      run->started_utc, run->tool_version ? run->tool_version : "of unknown version",
                      run->seed);
    report_tex_printf(out, "The verdict on the generator was %s.%s", run->verdict,
                      run->emulated ? " The instances were emulated on one machine." : "");
    fputs("\n\n", out);
}

int report_write_tex(const struct report *report, struct err *e)
{
    static const char *const before[] = { "spectrum", "ratio", NULL };
    static const char *const after[] = { "bands", "throughput", "instances", "health", NULL };
    char path[REPORT_PATH_BYTES];
    char *answer = report_prose(report_answer, report), *doubts = report_prose(report_doubts, report);
    FILE *out = report_tex_begin(report, "Load test", answer ? answer : "", doubts ? doubts : "", e);
    free(answer);
    free(doubts);
    if (!out)
        return -1;
    write_results(out, report->data);
    for (const char *const *name = before; *name; name++)
        report_tex_figure(out, report, *name);
    write_method(out, report);
    report_tex_machine(out, report);
    report_tex_setup(out, report);
    report_tex_diagram(out, report);
    for (const char *const *name = after; *name; name++)
        report_tex_figure(out, report, *name);
    report_path(report, "report.tex", path);
    return files_close(out, path, e);
}
