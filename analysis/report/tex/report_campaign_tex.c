/* The report of a campaign as a LaTeX fragment. */
#include "report_campaign.h"

#include "claims.h"
#include "comparison.h"
#include "dataset.h"
#include "files.h"
#include "note_list.h"
#include "report_model.h"
#include "report_numbers.h"
#include "report_tex.h"
#include "report_tex_text.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS_MOST = 40, WORDS_BYTES = 80 }; /* what a page holds */

static void write_cell(FILE *out, const char *text)
{
    fputs(" & ", out);
    if (*text)
        report_tex_text(out, text);
    else
        fputs("--", out);
}

static void write_ratio(FILE *out, const struct report_compare_row *row)
{
    char words[WORDS_BYTES], number[UNITS_TEXT_BYTES];
    fputs("    ", out);
    report_tex_text(out, report_compare_words(row, words, sizeof words));
    write_cell(out, report_compare_typical(row, false, number));
    write_cell(out, report_compare_typical(row, true, number));
    write_cell(out, report_compare_ratio(row, words, sizeof words));
    write_cell(out, report_compare_interval(row, words, sizeof words));
    fputs(" & ", out);
    report_tex_text(out, report_compare_decision(row, words, sizeof words));
    fputs(" \\\\\n", out);
}

static void write_ratios(FILE *out, const struct report *report)
{
    struct text_out heads;
    const char *a = report->name_of_a ? report->name_of_a : "A",
               *b = report->name_of_b ? report->name_of_b : "B";
    if (text_out_begin(&heads)) {
        fputs("& ", heads.file);
        report_tex_text(heads.file, a);
        fputs(" & ", heads.file);
        report_tex_text(heads.file, b);
        fputs(" & ratio & 95\\,\\% interval & decision", heads.file);
    }
    char *text = text_out_end(&heads), caption[300];
    snprintf(caption, sizeof caption,
             "The clusters compared. Times over all attempts, geometric means over the runs, medians where a "
             "run has no exact time; ratios of %.80s to %.80s.",
             b, a);
    report_tex_table(out, "ratios", "p{0.24\\linewidth}rrrrp{0.19\\linewidth}", text ? text : "", caption);
    free(text);
    for (size_t i = 0; i < report->compare.n; i++)
        write_ratio(out, &report->compare.rows[i]);
    report_tex_table_end(out);
}

static void write_time(FILE *out, const struct sample *s, enum sample_value value)
{
    char text[UNITS_TEXT_BYTES];
    fputs(" & ", out);
    report_tex_printf(out, "%s%s", attempt_time_text(sample_time(s, value), text),
                      claim_mark(s->level[value]));
}

static void write_run(FILE *out, const struct comparison_pair *pair, const struct sample *s)
{
    report_number share;
    fputs("    ", out);
    report_tex_printf(out, "%s%u", pair->is_control ? "control " : "", pair->number);
    fputs(" & ", out);
    report_tex_text(out, pair->order);
    fputs(" & ", out);
    report_tex_text(out, s->label);
    fputs(" & ", out);
    report_tex_text(out, report_numbers_share(s->failed_n, s->attempts_n, share));
    write_time(out, s, SAMPLE_P50);
    write_time(out, s, SAMPLE_P99);
    report_tex_value(out, s->value[SAMPLE_RATE]);
    fputs(" \\\\\n", out);
}

static void write_runs(FILE *out, const struct comparison *c)
{
    const size_t n = c->n_pairs + c->n_controls, n_shown = 2 * n < RUNS_MOST ? n : RUNS_MOST / 2;
    report_tex_table(out, "runs", "lllrrrr", "pair & order & cluster & failed & $p_{50}$ & $p_{99}$ & good/s",
                     n_shown < n
                         ? "The first runs, over all attempts. ~ known to about 20 % or 0.2 ms, ! may be "
                           "loadgen's own doing, ? not judged. The others are in pairs.csv."
                         : "The runs, over all attempts. ~ known to about 20 % or 0.2 ms, ! may be loadgen's "
                           "own doing, ? not judged.");
    for (size_t i = 0; i < n_shown; i++) {
        write_run(out, &c->pairs[i], &c->pairs[i].a);
        write_run(out, &c->pairs[i], &c->pairs[i].b);
    }
    report_tex_table_end(out);
}

static void write_method(FILE *out, const struct report *report, const struct comparison *c)
{
    const struct run_json *run = &report->data->run;
    struct text_out design;
    fputs("\\paragraph{Method.} The unit of observation is the run, not the request. The ratio of a "
          "percentile is "
          "the geometric mean of the pairs' ratios (the trimmed mean of their logarithms if a pair lies "
          "apart), its "
          "interval that of Student's $t$ on their logarithms; if a run has no exact time, the sign test "
          "decides; $p$ values of numbers that were not declared "
          "in advance "
          "are corrected after Holm. Percentiles are over all attempts: a failure ranks above every good "
          "answer. ",
          out);
    if (text_out_begin(&design))
        report_campaign_design(design.file, c);
    char *text = text_out_end(&design);
    report_tex_text(out, text ? text : "");
    free(text);
    if (run->root)
        report_tex_printf(out, "Measured by loadgen %s.",
                          run->tool_version ? run->tool_version : "of unknown version");
    fputs("\n\n", out);
}

static void write_notes(FILE *out, const struct note_list *notes)
{
    for (size_t i = 0; i < notes->n; i++) {
        const struct note *note = &notes->rows[i];
        fputs(i > 0 ? "  \\item " : "\\begin{itemize}\n  \\item ", out);
        report_tex_printf(out, "%s%s", note->heading, *note->heading ? ": " : "");
        report_tex_prose(out, note->text);
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
    if (words->evidence->n > 0)
        fputs("\\paragraph{What the pairs show.}\n", out);
    write_notes(out, words->evidence);
    write_method(out, report, words->comparison);
    report_tex_machine(out, report);
    report_tex_setup(out, report);
    report_tex_diagram(out, report);
    write_runs(out, words->comparison);
    report_path(report, "report.tex", path);
    return files_close(out, path, e);
}
