/* The report as a LaTeX fragment: to be \input into a document that loads graphicx and booktabs. */
#include "report.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "files.h"
#include "report_tex_text.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_head(FILE *out, const struct report *report)
{
    fputs(
        "% A fragment for \\input; the document needs \\usepackage{graphicx} and \\usepackage{booktabs}.\n"
        "% Figures are named relative to the run folder: from elsewhere say \\graphicspath{{RUN FOLDER/}}.\n",
        out);
    fputs("\n\\section*{Load test ", out);
    report_tex_text(out, report->data->run.name);
    fputs("}\n\n", out);
    char *answer = report_prose(report_answer, report), *doubts = report_prose(report_doubts, report);
    report_tex_say(out, "%s %s", answer ? answer : "", doubts ? doubts : "");
    fputs("\n\n", out);
    free(answer);
    free(doubts);
}

static void write_arm(FILE *out, const struct dataset *data, size_t arm, struct facts_unit unit)
{
    static const uint32_t percentiles_ppm[] = { 500000, 900000, 990000, 999000 };
    const struct facts facts = facts_of_arm(data, arm);
    const struct hist *h = data->latency[arm];
    char n[UNITS_TEXT_BYTES], errors[UNITS_TEXT_BYTES], text[UNITS_TEXT_BYTES];
    report_tex_say(out, "%s", data->arms[arm].series);
    fputs(" & ", out);
    report_tex_say(out, "%s", units_count_text(facts.ok_n + facts.err_n, n));
    fputs(" & ", out);
    report_tex_say(out, "%s", facts.err_known ? units_count_text(facts.err_n, errors) : "unknown");
    fputs(" & ", out);
    report_tex_say(out, "%s", isfinite(facts.per_s) ? units_number_text(facts.per_s, text) : "--");
    for (size_t i = 0; i < sizeof percentiles_ppm / sizeof *percentiles_ppm; i++)
        fprintf(out, " & %s",
                h->n ? units_number_text((double)hist_value_at_ppm(h, percentiles_ppm[i]) / unit.ns, text)
                     : "--");
    fputs(" \\\\\n", out);
}

static void write_results(FILE *out, const struct dataset *data)
{
    const struct facts_unit unit = facts_unit(data);
    fputs("\\begin{table}[htbp]\n  \\centering\n  \\caption{", out);
    report_tex_say(out, "Results per cluster; times in %s: %s of successful requests outside of warm-up.",
                   strcmp(unit.name, "us") == 0 ? "µs" : unit.name, facts_headline_words(data));
    fputs("}\n  \\label{tab:results}\n  \\begin{tabular}{lrrrrrrr}\n    \\toprule\n"
          "    cluster & requests & errors & per s & $p_{50}$ & $p_{90}$ & $p_{99}$ & $p_{99.9}$ \\\\\n"
          "    \\midrule\n",
          out);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        fputs("    ", out);
        write_arm(out, data, arm, unit);
    }
    fputs("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n\n", out);
}

static void write_cluster(FILE *out, const struct deployment_cluster *c)
{
    fputs("    ", out);
    report_tex_text(out, c->name);
    fprintf(out, " & %" PRIu64 " & ", c->count);
    report_tex_text(out, c->instance_type ? c->instance_type : "unknown");
    fputs(" & ", out);
    report_tex_text(out, c->zone ? c->zone : "unknown");
    fputs(" & ", out);
    report_tex_text(out, c->specification ? c->specification : "unknown");
    if (isfinite(c->price_usd_per_hour))
        fprintf(out, " & %.4g \\\\\n", c->price_usd_per_hour);
    else
        fputs(" & -- \\\\\n", out);
}

static void write_setup(FILE *out, const struct report *report)
{
    if (!report->has_deployment)
        return;
    fputs("\\begin{table}[htbp]\n  \\centering\n  \\caption{", out);
    report_tex_say(out, "Setup%s; price in USD per hour of one instance on AWS.",
                   report->deployment.emulated ? ", emulated" : "");
    fputs("}\n  \\label{tab:setup}\n  \\begin{tabular}{lrllp{0.34\\linewidth}r}\n    \\toprule\n"
          "    cluster & instances & type & zone & specification & price \\\\\n    \\midrule\n",
          out);
    for (size_t i = 0; i < report->deployment.n_clusters; i++)
        write_cluster(out, &report->deployment.clusters[i]);
    fputs("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n\n", out);
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
              "complete "
              "response, so that requests which had to wait count in full. "
            : "Latency is the service time, from the first byte of a request sent to its complete response; "
              "each user sends the next request only after the answer to the last. ",
        out);
    fputs(
        "Percentiles are nearest ranks, $r = \\max(1, \\lceil p n \\rceil)$, taken from merged histograms of "
        "three significant digits; none is an average of percentiles. Failed requests and warm-up are left "
        "out of "
        "the times and counted apart. ",
        out);
    report_tex_say(out, "There was one run (%s) of %s, begun %s, by loadgen %s with seed %" PRIu64 ". ",
                   run->run_id, units_duration_text((uint64_t)(run->duration_s * 1e9), duration),
                   run->started_utc, run->tool_version ? run->tool_version : "of unknown version", run->seed);
    report_tex_say(out, "The verdict on the generator was %s.%s", run->verdict,
                   run->emulated ? " The instances were emulated on one machine." : "");
    fputs("\n\n", out);
}

static void write_figure(FILE *out, const struct report *report, const char *name)
{
    char file[100], *title, *caption;
    snprintf(file, sizeof file, "figures/%s.pdf", name);
    if (!report_has(report, file) || report_figure_text(report, name, &title, &caption))
        return;
    fprintf(out,
            "\\begin{figure}[htbp]\n  \\centering\n  \\includegraphics[width=\\linewidth]{%s}\n  \\caption{",
            file);
    report_tex_text(out, title);
    fprintf(out, ".}\n  \\label{fig:%s}\n\\end{figure}\n\n", name);
    free(title);
    free(caption);
}

static void write_diagram(FILE *out, const struct report *report)
{
    if (*report->no_diagram || !report_has(report, "figures/diagram.pdf"))
        return;
    fputs(
        "\\begin{figure}[htbp]\n  \\centering\n  \\includegraphics[width=\\linewidth]{figures/diagram.pdf}\n"
        "  \\caption{Listener, rules, target groups and instances.}\n  "
        "\\label{fig:diagram}\n\\end{figure}\n\n",
        out);
}

int report_write_tex(const struct report *report, struct err *e)
{
    static const char *const before[] = { "spectrum", "ratio", NULL };
    static const char *const after[] = { "bands", "throughput", "instances", "health", NULL };
    char path[REPORT_PATH_BYTES];
    report_path(report, "report.tex", path);
    FILE *out = fopen(path, "we");
    if (!out)
        return err_errno(e, ERR_FAILED, "cannot create %s", path);
    write_head(out, report);
    write_results(out, report->data);
    for (const char *const *name = before; *name; name++)
        write_figure(out, report, *name);
    write_method(out, report);
    write_setup(out, report);
    write_diagram(out, report);
    for (const char *const *name = after; *name; name++)
        write_figure(out, report, *name);
    return files_close(out, path, e);
}
