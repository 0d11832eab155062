/* The report of a sweep as a LaTeX fragment. */
#include "report_sweep.h"

#include "dataset.h"
#include "files.h"
#include "report_model.h"
#include "report_tex.h"
#include "report_tex_text.h"
#include "sweep.h"

enum { STEPS_MOST = 40 }; /* what a page holds */

static void write_steps(FILE *out, const struct sweep *s)
{
    const size_t n_shown = s->n_steps < STEPS_MOST ? s->n_steps : STEPS_MOST;
    report_tex_table(
        out, "steps", "lrrrrp{0.26\\linewidth}",
        "cluster & asked for & good answers & $p_{50}$ & $p_{99}$ & the step",
        n_shown < s->n_steps
            ? "The first steps of the sweep; rates per second, response times in ms. The others are in "
              "loadcurve.csv."
            : "Steps of the sweep; rates per second, response times in ms.");
    for (size_t i = 0; i < n_shown; i++) {
        const struct sweep_step *step = &s->steps[i];
        char text[SWEEP_TIME_TEXT_BYTES];
        fputs("    ", out);
        report_tex_text(out, s->clusters[step->cluster].series);
        report_tex_value(out, step->offered_per_s);
        report_tex_value(out, step->achieved_per_s);
        for (int k = 0; k < N_SWEEP_TIMES; k++) {
            fputs(" & ", out);
            report_tex_text(out, sweep_time_text(&step->times[k], text));
        }
        fputs(" & ", out);
        report_tex_text(out, sweep_result_words(step->result));
        fputs(" \\\\\n", out);
    }
    report_tex_table_end(out);
}

static void write_method(FILE *out, const struct sweep *s)
{
    fputs(
        "\\paragraph{Method.} For each cluster the rate of arrivals rose from step to step until a step no "
        "longer held; then the interval between the last rate that held and the first that did not was "
        "halved. Each step was a run of its own, after a warm-up. A step held when every threshold was met, "
        "at least 99~\\% of the requests that were due were answered well, and their queue did not grow in "
        "both halves of the step. Response time counts from the moment a request was due, so that requests "
        "which had to wait count in full. Percentiles are nearest ranks from merged histograms. ",
        out);
    if (s->first.root)
        report_tex_printf(out, "The sweep began %s, by loadgen %s.", s->first.started_utc,
                          s->first.tool_version ? s->first.tool_version : "of unknown version");
    fputs("\n\n", out);
}

int report_sweep_write_tex(const struct report *report, const struct sweep *s,
                           const struct report_sweep *words, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    FILE *out = report_tex_begin(report, "Sweep", words->sentence, words->doubts, e);
    if (!out)
        return -1;
    report_tex_figure(out, report, "loadcurve");
    write_steps(out, s);
    write_method(out, s);
    report_tex_machine(out, report);
    report_tex_setup(out, report);
    report_tex_diagram(out, report);
    report_path(report, "report.tex", path);
    return files_close(out, path, e);
}
