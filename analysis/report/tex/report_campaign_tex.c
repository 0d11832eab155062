/* The report of a campaign as a LaTeX fragment. */
#include "report_campaign.h"

#include "comparison.h"
#include "dataset.h"
#include "files.h"
#include "note_list.h"
#include "report_model.h"
#include "report_tex.h"
#include "report_tex_text.h"

#include <math.h>
#include <string.h>

enum { RUNS_MOST = 40, WORDS_BYTES = 80 }; /* what a page holds */

static void write_ratio(FILE *out, const struct report_compare_row *row)
{
    char words[WORDS_BYTES];
    const double unit = strcmp(row->unit, "us") == 0 ? 1000 : 1; /* times in ms */
    fputs("    ", out);
    report_tex_text(out, report_compare_words(row, words, sizeof words));
    report_tex_value(out, row->a / unit);
    report_tex_value(out, row->b / unit);
    report_tex_value(out, row->ratio);
    if (isfinite(row->lo) && isfinite(row->hi))
        fprintf(out, " & %.3f to %.3f & ", row->lo, row->hi);
    else
        fputs(" & -- & ", out);
    report_tex_text(out, report_compare_decision(row, words, sizeof words));
    fputs(" \\\\\n", out);
}

static void write_ratios(FILE *out, const struct report *report)
{
    char caption[300];
    snprintf(caption, sizeof caption,
             "The clusters compared: A is %s, B is %s. Times in ms, geometric means over the runs; ratios of "
             "B to A.",
             report->name_of_a ? report->name_of_a : "the first",
             report->name_of_b ? report->name_of_b : "the second");
    report_tex_table(out, "ratios", "p{0.24\\linewidth}rrrrp{0.19\\linewidth}",
                     "& A & B & ratio & 95\\,\\% interval & decision", caption);
    for (size_t i = 0; i < report->compare.n; i++)
        write_ratio(out, &report->compare.rows[i]);
    report_tex_table_end(out);
}

static void write_run(FILE *out, const struct comparison_pair *pair, const struct sample *s)
{
    fputs("    ", out);
    report_tex_printf(out, "%s%u", pair->is_control ? "control " : "", pair->number);
    fputs(" & ", out);
    report_tex_text(out, pair->order);
    fputs(" & ", out);
    report_tex_text(out, s->series);
    report_tex_value(out, s->value[SAMPLE_P50] / 1e6);
    report_tex_value(out, s->value[SAMPLE_P99] / 1e6);
    report_tex_value(out, s->value[SAMPLE_RATE]);
    fputs(" & ", out);
    report_tex_text(out, claim_level_name(s->level[SAMPLE_P99]));
    fputs(" \\\\\n", out);
}

static void write_runs(FILE *out, const struct comparison *c)
{
    const size_t n = c->n_pairs + c->n_controls, n_shown = 2 * n < RUNS_MOST ? n : RUNS_MOST / 2;
    report_tex_table(
        out, "runs", "lllrrrl", "pair & order & cluster & $p_{50}$ & $p_{99}$ & per s & level of $p_{99}$",
        n_shown < n ? "The first runs; times in ms. The others are in pairs.csv." : "The runs; times in ms.");
    for (size_t i = 0; i < n_shown; i++) {
        write_run(out, &c->pairs[i], &c->pairs[i].a);
        write_run(out, &c->pairs[i], &c->pairs[i].b);
    }
    report_tex_table_end(out);
}

static void write_method(FILE *out, const struct report *report, const struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    const struct run_json *run = &report->data->run;
    fputs("\\paragraph{Method.} The unit of observation is the run, not the request: each pair is one run "
          "per cluster with the same schedule, in an order drawn at random. The ratio of a percentile is the "
          "geometric mean of the pairs' ratios, its interval that of Student's $t$ on their logarithms; $p$ "
          "values are corrected after Holm. ",
          out);
    report_tex_printf(out,
                      "Pairs: %zu, and %zu of the same cluster as controls. %s was declared in advance; "
                      "differences up to %.3g %% count as equivalent. ",
                      c->n_pairs, c->n_controls, sample_value_name(c->primary), 100 * c->margin);
    if (pair)
        report_tex_printf(out, "Latency is the %s time. ",
                          pair->a.headline == METRIC_RESPONSE ? "response" : "service");
    if (run->root)
        report_tex_printf(out, "The first run began %s, by loadgen %s.%s", run->started_utc,
                          run->tool_version ? run->tool_version : "of unknown version",
                          run->emulated ? " The instances were emulated on one machine." : "");
    fputs("\n\n", out);
}

static void write_notes(FILE *out, const struct note_list *notes)
{
    for (size_t i = 0; i < notes->n; i++) {
        const struct note *note = &notes->rows[i];
        fputs(i > 0 ? "  \\item " : "\\begin{itemize}\n  \\item ", out);
        report_tex_printf(out, "%s%s%s", note->heading, *note->heading ? ": " : "", note->text);
        fputs("\n", out);
    }
    fputs(notes->n > 0 ? "\\end{itemize}\n\n" : "", out);
}

int report_campaign_write_tex(const struct report *report, const struct report_campaign *words, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    FILE *out = report_tex_begin(report, "Campaign", words->sentence, "", e);
    if (!out)
        return -1;
    write_notes(out, words->notes);
    if (report->compare.n > 0)
        write_ratios(out, report);
    report_tex_figure(out, report, "ratio");
    report_tex_figure(out, report, "pairs");
    write_method(out, report, words->comparison);
    report_tex_machine(out, report);
    report_tex_setup(out, report);
    report_tex_diagram(out, report);
    write_runs(out, words->comparison);
    report_path(report, "report.tex", path);
    return files_close(out, path, e);
}
